"""What Ecwid hints at."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judge, judged, one_sale, rejected, signed

ECWID = BY_ID["ecwid"]
BODY = {"eventId": "e-1", "eventCreated": 1795499997, "storeId": 1003, "entityId": 103, "eventType": "order.updated"}


def ecwid(now: str, old: str = "AWAITING_PAYMENT", **more: Any) -> Event:
    data = {"oldPaymentStatus": old, "newPaymentStatus": now}
    return judged(ECWID, json.dumps(BODY | {"data": data} | more).encode())


def test_a_paid_order_is_no_sale_before_it_was_read() -> None:
    """The signature covers neither order nor state (Ecwid/ecwid-api-docs, "Webhooks security")."""
    event = ecwid("PAID")

    assert event.claim == SaleClaim("103", None, unconfirmed=True)
    assert event.needs_fetch == "GET /api/v3/1003/orders/103"
    assert one_sale(event).state is SaleState.INCOMPLETE


def test_what_goes_back_is_known_by_the_state() -> None:
    assert ecwid("PARTIALLY_REFUNDED", "PAID").claim == RefundClaim("103", None, "103", partial=True)
    assert ecwid("REFUNDED", "PAID").claim == RefundClaim("103", None, "103")


@pytest.mark.parametrize(
    ("now", "old"), [("PAID", "PAID"), ("CANCELLED", "AWAITING_PAYMENT"), ("AWAITING_PAYMENT", ""), ("", "PAID")]
)
def test_other_changes_are_no_money(now: str, old: str) -> None:
    assert (ecwid(now, old).kind, ecwid(now, old).needs_fetch) == (Kind.OTHER, "")


@pytest.mark.parametrize("created", [None, "1795499997", 1795499997.5, True])
def test_a_message_without_what_is_signed_is_none_of_ecwids(created: Any) -> None:
    made = signed(ECWID, json.dumps(BODY).encode())
    headers = {"X-Ecwid-Webhook-Signature": made.headers.only("X-Ecwid-Webhook-Signature") or ""}
    bent = json.dumps(BODY | {"eventCreated": created}).encode()
    request = type(made)("POST", made.url, type(made.headers).of(headers), bent)

    assert rejected(judge(ECWID, request)).reason is Reason.SIGNATURE_MISMATCH
