"""What SumUp tells of checkouts, and what its calls only hint at."""

import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.delivery import Headers
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.verdict import Reason, Rejected
from tests.providers.cases import BY_ID, KEYS, NOW, judged, signed
from tests.providers.senders.said import LATER

SUMUP = BY_ID["sumup"]


def sumup(event_type: str, **about: Any) -> Event:
    body = {"id": "evt_1", "type": event_type, "created_at": LATER, "object": about}
    return judged(SUMUP, json.dumps(body).encode())


@pytest.mark.parametrize(
    "event_type", ["checkouts.created", "checkouts.updated", "checkouts.failed", "members.created"]
)
def test_sumup_tells_of_much_that_is_no_money(event_type: str) -> None:
    assert sumup(event_type, id="c-1").kind is Kind.OTHER


def test_sumup_is_asked_at_its_own_address_whatever_the_message_says() -> None:
    event = sumup("checkouts.paid", id="c-1", url="https://evil.example/v0.1/checkouts/c-1")

    assert event.needs_fetch == "GET /v0.1/checkouts/c-1"
    assert not sumup("checkouts.paid", id="c-1/../../me").needs_fetch
    assert sumup("checkouts.paid", url="https://api.sumup.com/v0.1/checkouts/c-1").unreadable


@pytest.mark.parametrize(
    ("told", "hint"),
    [
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "4e425463-3e1b"}, "4e425463-3e1b"),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "../me"}, None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": 7}, None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED"}, None),
        ({"event_type": "OTHER", "id": "4e425463-3e1b"}, None),
        ([], None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "4e425463-3e1b", "more": "x" * 1_000}, None),
    ],
)
def test_sumup_calls_of_a_return_url_are_hints(told: Any, hint: str | None) -> None:
    bare = structs.replace(signed(SUMUP, json.dumps(told).encode()), headers=Headers())

    expected = Rejected(Reason.HINT, hint) if hint else Rejected(Reason.SIGNATURE_MISSING)
    assert SUMUP.judge(bare, KEYS, NOW) == expected
