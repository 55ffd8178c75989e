"""What copies of a shop say to each other."""

import base64

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.connection.ownership import HomeClaim, read_claim

SHOP, OTHER = "0123456789abcdef", "fedcba9876543210"
CLAIM = HomeClaim(1_795_500_000_000, "00ff00ff00ff00ff", 1_795_500_000_001, "aa00aa00aa00aa00")


def test_a_claim_is_read_by_copies_of_the_same_shop_and_by_nobody_else() -> None:
    said = CLAIM.written(SHOP)
    assert read_claim(said, SHOP) == CLAIM
    assert read_claim(said, OTHER) is None
    assert SHOP not in said
    assert len(said) < 400


def test_the_shop_goes_to_the_copy_it_was_brought_to_later() -> None:
    later = HomeClaim(CLAIM.since + 1, "0000000000000000", 0, "")
    assert later > CLAIM
    # A folder that was copied by hand: the process that started later.
    assert HomeClaim(CLAIM.since, CLAIM.copy, CLAIM.started + 1, "") > CLAIM


@pytest.mark.parametrize("place", range(0, 200, 7))
def test_a_bent_claim_is_none(place: int) -> None:
    said = CLAIM.written(SHOP)
    at = place % len(said)
    assert read_claim(f"{said[:at]}{'A' if said[at] != 'A' else 'B'}{said[at + 1 :]}", SHOP) is None


def test_what_a_newer_shopwatch_says_otherwise_is_passed_over() -> None:
    real = CLAIM.written(SHOP)
    odd = base64.urlsafe_b64encode(msgspec.json.encode({"since": "x"})).decode().rstrip("=")
    assert read_claim(f"{odd}.{real.partition('.')[2]}", SHOP) is None


@given(st.text())
def test_any_text_is_a_claim_or_none(said: str) -> None:
    assert read_claim(said, SHOP) is None
