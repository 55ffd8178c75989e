"""What Shopify tells of orders, refunds and disputes, by topics that it does not sign."""

import json
from typing import Any

import pytest

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeState, RefundClaim
from tests.providers.cases import BY_ID, judged
from tests.providers.senders.said import dispute_state

SHOPIFY = BY_ID["shopify"]


def shopify(topic: str, **body: Any) -> Event:
    return judged(SHOPIFY, json.dumps(body).encode(), "event-1", X_Shopify_Topic=topic)


@pytest.mark.parametrize("status", ["pending", "authorized", "voided"])
def test_shopify_orders_that_are_not_paid_are_no_sales(status: str) -> None:
    """The topic is not signed: a message about an unpaid order must not become money by another topic."""
    assert shopify("orders/paid", id=9, total_price="1.00", currency="EUR", financial_status=status).claim is None


def test_shopify_refunds_sum_what_went_back() -> None:
    def back(amount: str, kind: str = "refund", status: str = "success") -> dict[str, Any]:
        return {"kind": kind, "status": status, "amount": amount, "currency": "EUR"}

    def refund(*transactions: Any) -> Event:
        return shopify("refunds/create", id=3, order_id=9, transactions=list(transactions))

    several = refund(back("9.95"), back("5.00"), back("7.00", status="failure"), back("8.00", kind="void"), None)
    assert several.claim == RefundClaim("9", Money(1495, "EUR"), "3")
    assert refund(back("1.00", status="pending")).kind is Kind.OTHER
    assert refund().kind is Kind.OTHER
    assert refund(back("9.95"), back("abc")).claim == RefundClaim("9", None, "3")
    mixed = refund(back("9.95"), back("1.00") | {"currency": "USD"})
    assert mixed.claim == RefundClaim("9", None, "3")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("charge_refunded", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("accepted", DisputeState.LOST),
    ],
)
@pytest.mark.parametrize("topic", ["disputes/create", "disputes/update"])
def test_shopify_disputes_open_and_close(topic: str, status: str, state: DisputeState) -> None:
    event = shopify(topic, id=5, order_id=9, amount="11.50", currency="EUR", status=status)

    assert dispute_state(event) is state


def test_one_shopify_event_under_two_topics_loses_no_sale() -> None:
    order = {"id": 9, "total_price": "1.00", "currency": "EUR"}

    updated, paid = shopify("orders/updated", **order), shopify("orders/paid", **order)

    assert updated.id == "orders/updated:event-1"
    assert paid.id == "event-1"
