"""What SumUp tells of checkouts, and what its calls only hint at."""

import hmac
import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.providers.kit.token import with_header
from tests.providers.cases import BY_ID, KEYS, NOW, OTHER_SECRET, SECRET, URL, accepted, judge, judged, rejected, signed
from tests.providers.senders.said import LATER, sent

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
        (
            {
                "event_type": "solo.transaction.updated",
                "id": "e-1",
                "payload": {"merchant_code": "M1", "client_transaction_id": "3fa8"},
            },
            "M1/3fa8",
        ),
        ({"event_type": "solo.transaction.updated", "id": "e-1", "payload": {"client_transaction_id": "3fa8"}}, None),
        (
            {
                "event_type": "solo.transaction.updated",
                "payload": {"merchant_code": "../v0", "client_transaction_id": "3fa8"},
            },
            None,
        ),
        ([], None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "4e425463-3e1b", "more": "x" * 1_000}, None),
    ],
)
def test_sumup_calls_of_a_return_url_are_hints(told: Any, hint: str | None) -> None:
    bare = structs.replace(signed(SUMUP, json.dumps(told).encode()), headers=Headers())

    expected = Rejected(Reason.HINT, hint) if hint else Rejected(Reason.SIGNATURE_MISSING)
    assert SUMUP.judge(bare, KEYS, NOW) == expected


def signed_plainly(body: bytes, secret: str = SECRET) -> Request:
    """As developer.sumup.com, webhook-docs, Getting started, shows it: HMAC SHA-256 in `x-payload-signature`."""
    mark = hmac.digest(secret.encode(), body, "sha256").hex()
    return sent("POST", URL, body, x_payload_signature=mark)


def test_sumups_other_signature_counts_as_well() -> None:
    payload = {"checkout_id": "e24bab0f-1464", "reference": "6bda4155", "status": "PAID"}
    told = {"id": "c56dc7d2", "event_type": "checkout.status.updated", "timestamp": LATER, "payload": payload}
    body = json.dumps(told).encode()

    event = accepted(judge(SUMUP, signed_plainly(body)))
    assert (event.id, event.kind, event.needs_fetch) == ("c56dc7d2", Kind.SALE, "GET /v0.1/checkouts/e24bab0f-1464")
    assert rejected(judge(SUMUP, signed_plainly(body, OTHER_SECRET))).reason is Reason.SIGNATURE_MISMATCH
    failed = json.dumps(told | {"payload": payload | {"status": "FAILED"}}).encode()
    assert accepted(judge(SUMUP, signed_plainly(failed))).kind is Kind.OTHER
    assert accepted(
        judge(SUMUP, signed_plainly(json.dumps(told | {"payload": {"status": "PAID"}}).encode()))
    ).unreadable


def test_the_signature_without_a_time_does_not_stand_in_for_one_with_it() -> None:
    body = json.dumps({"id": "evt_1", "type": "checkouts.paid", "object": {"id": "c-1"}}).encode()
    both = with_header(signed_plainly(body), "X-SumUp-Webhook-Signature", "t=1,v1=" + "0" * 64)

    assert isinstance(judge(SUMUP, both), Rejected)
