"""What PayNow tells of orders, refunds and chargebacks."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim
from tests.providers.cases import BY_ID, NOW, judged
from tests.providers.senders.said import dispute_state

PAYNOW = BY_ID["paynow"]


def paynow(event_type: str, **body: Any) -> Event:
    return judged(PAYNOW, json.dumps({"event_type": event_type, "event_id": "1", "body": body}).encode())


@pytest.mark.parametrize("status", ["created", "canceled"])
def test_paynow_orders_count_once_completed(status: str) -> None:
    assert paynow("ON_ORDER_COMPLETED", id="9", status=status).kind is Kind.OTHER


def test_paynow_payments_belong_to_their_order() -> None:
    event = paynow("ON_PAYMENT_COMPLETED", id="77", order_id="9", amount=500, currency="EUR")

    assert event.claim == SaleClaim("9", Money(500, "EUR"))


def test_paynow_renewals_are_counted_by_their_order_alone() -> None:
    assert paynow("ON_SUBSCRIPTION_RENEWED", id="5", total_amount=500, currency="EUR").kind is Kind.OTHER


def test_paynow_part_refunds_give_back_what_the_store_gave_back() -> None:
    event = paynow("ON_REFUND", id="3", order_id="9", amount=1998, store_refund_amount=500, currency="USD")

    assert event.claim == RefundClaim("9", Money(500, "USD"), "3")


@pytest.mark.parametrize("status", ["created", "processing", "canceled", "failed"])
def test_paynow_refunds_count_once_given(status: str) -> None:
    assert paynow("ON_REFUND", id="3", order_id="9", amount=1, currency="USD", status=status).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("event_type", "said", "state"),
    [
        ("ON_CHARGEBACK", {"chargeback_status": "open"}, DisputeState.OPEN),
        ("ON_CHARGEBACK", {}, DisputeState.OPEN),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "won"}, DisputeState.WON),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "lost"}, DisputeState.LOST),
        ("ON_CHARGEBACK_CLOSED", {"status": "lost"}, DisputeState.LOST),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "unheard of"}, DisputeState.OPEN),
        ("ON_CHARGEBACK_LIFECYCLE", {"status": "under_review", "payment_id": "77"}, DisputeState.OPEN),
        ("ON_CHARGEBACK_LIFECYCLE", {"status": "lost", "payment_id": "77"}, DisputeState.LOST),
    ],
)
def test_paynow_chargebacks_open_and_close(event_type: str, said: dict[str, str], state: DisputeState) -> None:
    event = paynow(event_type, id="77", order_id="9", amount=1, currency="USD", **said)

    assert event.kind is Kind.DISPUTE
    assert dispute_state(event) is state
    assert isinstance(event.claim, DisputeClaim)
    assert event.claim.dispute_id == "77"


def test_paynow_chargebacks_close_after_they_opened() -> None:
    case = {"id": "77", "order_id": "9", "chargeback_at": "2026-11-20T06:39:00Z"}

    begun = paynow("ON_CHARGEBACK", **case, chargeback_status="open")
    closed = paynow("ON_CHARGEBACK_CLOSED", **case, chargeback_status="won")

    assert begun.occurred_at < closed.occurred_at == NOW
