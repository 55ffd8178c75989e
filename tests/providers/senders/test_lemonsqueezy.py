"""What Lemon Squeezy tells of orders, renewals and refunds."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale

LEMON = BY_ID["lemonsqueezy"]


def lemon(event_type: str, object_id: str = "1001", **said: Any) -> Event:
    told = {"status": "paid", "total": 5997, "currency": "USD", "updated_at": "2026-11-25T10:00:00.000000Z"} | said
    body = {"meta": {"event_name": event_type}, "data": {"id": object_id, "attributes": told}}
    return judged(LEMON, json.dumps(body).encode())


@pytest.mark.parametrize("status", ["pending", "failed", "refunded", "partial_refund", "fraudulent", "void", ""])
def test_lemonsqueezy_orders_count_once_paid(status: str) -> None:
    assert lemon("order_created", status=status).kind is Kind.OTHER
    assert lemon("subscription_payment_success", status=status).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("total", "currency", "amount", "shown"),
    [
        (5997, "USD", Money(5997, "USD"), ""),
        (5997, "JPY", None, "5997 JPY"),
        (5997, "KWD", None, "5997 KWD"),
        (-1, "USD", None, "-0.01 USD"),
        ("5997", "USD", Money(5997, "USD"), ""),
    ],
)
def test_lemonsqueezy_counts_hundredths_only(total: Any, currency: str, amount: Money | None, shown: str) -> None:
    claim = lemon("order_created", total=total, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (amount, shown)


def test_all_that_lemonsqueezy_tells_of_one_order_is_one_sale() -> None:
    sold = lemon("order_created", created_at="2026-11-25T09:00:00.000000Z", order_number=42)
    part = lemon("order_refunded", status="partial_refund", refunded_amount=1999)
    more = lemon("order_refunded", status="partial_refund", refunded_amount=3000)
    whole = lemon("order_refunded", status="refunded", refunded_amount=5997)
    old = lemon("order_refunded", status="refunded")

    assert one_sale(sold).number == "42"
    assert one_sale(sold, part, more).kept == Money(2997, "USD")
    assert one_sale(sold, part, more, whole).state is SaleState.REFUNDED
    assert one_sale(sold, old).given_back == Money(5997, "USD")


def test_a_part_that_cannot_be_counted_does_not_give_all_of_it_back() -> None:
    sold = lemon("order_created", currency="JPY")
    part = lemon("order_refunded", status="partial_refund", refunded_amount=1999, currency="JPY")
    whole = lemon("order_refunded", status="refunded", refunded_amount=5997, currency="JPY")

    assert one_sale(sold, part).state is SaleState.PART_REFUNDED
    assert one_sale(sold, part, whole).state is SaleState.REFUNDED


def test_lemonsqueezy_renewals_are_sales_of_their_own() -> None:
    first = lemon("subscription_payment_success", "7", billing_reason="initial")
    renewal = lemon("subscription_payment_success", "8", billing_reason="renewal")
    back = lemon(
        "subscription_payment_refunded", "8", billing_reason="renewal", status="refunded", refunded_amount=5997
    )

    assert first.kind is Kind.OTHER
    asked = lemon("subscription_payment_refunded", "7", billing_reason="initial")
    assert (asked.kind, asked.needs_fetch) == (Kind.OTHER, "GET /v1/subscription-invoices/7")
    assert one_sale(renewal, back).state is SaleState.REFUNDED


def test_lemonsqueezy_numbers_orders_and_invoices_each_from_one() -> None:
    order = one_sale(lemon("order_created", "7"))
    invoice = one_sale(lemon("subscription_payment_success", "7", billing_reason="renewal"))

    assert order.order_id != invoice.order_id


def test_lemonsqueezy_asks_for_the_lines_that_the_message_lacks() -> None:
    line = {"product_name": "E-book", "quantity": 3, "price": 1999}

    assert not lemon("order_created", first_order_item=line, subtotal=5997).needs_fetch
    more = lemon("order_created", first_order_item=line, subtotal=7997)
    assert more.needs_fetch == "GET /v1/order-items?filter[order_id]=1001"


def test_lemonsqueezy_test_mode_is_no_money() -> None:
    assert not lemon("order_created", test_mode=True).live
    assert lemon("order_created").live
