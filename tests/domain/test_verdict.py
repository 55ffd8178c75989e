"""Verdicts, requests and secrets as values."""

import pytest

from shopwatch.domain.messages.delivery import Headers, Repeated
from shopwatch.domain.messages.verdict import Reason, Rejected, explain
from shopwatch.domain.source import Secrets


@pytest.mark.parametrize("reason", Reason)
def test_every_rejection_has_a_sentence_and_a_fixed_answer(reason: Reason) -> None:
    sentence = explain(reason, "PayNow", "7")
    answer = Rejected(reason, "7").answer

    assert sentence.endswith(".")
    assert "{" not in sentence
    assert answer.status == reason.status
    assert answer.status in (200, 400, 401, 403, 404, 405)
    assert answer.body.count(b"\n") == 1


def test_headers_are_found_in_any_case() -> None:
    headers = Headers(((b"PayNow-Signature", b" abc "), (b"paynow-timestamp", b"1"), (b"PAYNOW-SIGNATUR", b"x")))

    assert headers.only("paynow-SIGNATURE") == "abc"
    assert headers.only("PayNow-Timestamp") == "1"
    assert headers.only("PayNow") is None


def test_a_header_said_twice_is_refused() -> None:
    with pytest.raises(Repeated, match="A"):
        Headers(((b"a", b"1"), (b"A", b"1"))).only("A")


def test_bytes_beyond_ascii_match_nothing() -> None:
    assert Headers(((b"a", b"caf\xc3\xa9"),)).only("a") == "caf\ufffd\ufffd"


def test_previous_secrets_count_for_a_while_and_empty_ones_never() -> None:
    secrets = Secrets(("new", ""), previous=("old", ""), previous_until=1000)

    assert secrets.at(999) == ("new", "old")
    assert secrets.at(1000) == ("new",)
    assert Secrets(("",)).at(0) == ()


def test_secrets_are_never_shown() -> None:
    assert "whsec" not in f"{Secrets(('whsec_x',), ('whsec_y',), 5)!r} {Secrets(('whsec_x',))}"
