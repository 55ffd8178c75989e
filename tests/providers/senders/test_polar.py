"""What Polar tells of orders and refunds. The members are those of the types of @polar-sh/sdk 0.49.0."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale

POLAR = BY_ID["polar"]


def polar(event: str, message_id: str = "msg_1", at: int = 0, **data: Any) -> Event:
    body = {"type": event, "timestamp": f"2026-11-24T06:{40 + at}:00Z", "data": data}
    return judged(POLAR, json.dumps(body).encode(), f"{message_id}-{event}-{at}".replace(".", "_"))


def order(event: str = "order.paid", at: int = 0, **said: Any) -> Event:
    told: dict[str, Any] = {
        "id": "o-1",
        "status": "paid",
        "paid": True,
        "total_amount": 2_500,
        "currency": "usd",
        "items": [],
    }
    return polar(event, at=at, **(told | said))


def back(status: str = "succeeded", refund: str = "r-1", amount: Any = 800, at: int = 1, **said: Any) -> Event:
    told = {"id": refund, "order_id": "o-1", "status": status, "amount": amount, "tax_amount": 200, "currency": "usd"}
    return polar("refund.updated", refund, at, **(told | said))


def so_far(net: int, tax: int, status: str = "partially_refunded", at: int = 1) -> Event:
    return order("order.refunded", at, status=status, refunded_amount=net, refunded_tax_amount=tax)


def test_a_refund_that_is_told_twice_is_counted_once() -> None:
    sold = order()

    assert one_sale(sold, back()).kept == Money(1_500, "USD")
    assert one_sale(sold, so_far(800, 200)).kept == Money(1_500, "USD")
    assert one_sale(sold, back(), so_far(800, 200)).kept == Money(1_500, "USD")


def test_several_refunds_and_what_they_come_to_are_counted_once() -> None:
    first, second = back(), back(refund="r-2", amount=1_200, tax_amount=300, at=2)
    whole = so_far(2_000, 500, "refunded", at=3)

    assert one_sale(order(), first, so_far(800, 200), second, whole).state is SaleState.REFUNDED
    assert one_sale(order(), second, so_far(800, 200)).given_back == Money(1_500, "USD")


def test_a_refund_that_failed_after_all_counts_no_more() -> None:
    assert one_sale(order(), back(), back("failed", at=2)).kept == Money(2_500, "USD")
    assert one_sale(order(), back(), so_far(800, 200), back("failed", at=2)).kept == Money(2_500, "USD")


@pytest.mark.parametrize("status", ["pending", "", "unheard of"])
def test_refunds_count_once_they_succeeded(status: str) -> None:
    assert back(status).kind is Kind.OTHER


def test_orders_count_once_paid() -> None:
    assert order("order.created").kind is Kind.OTHER
    assert order("order.updated").kind is Kind.OTHER
    assert order(total_amount=0).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("amount", "currency", "money", "shown"),
    [
        (2_500, "eur", Money(2_500, "EUR"), ""),
        (2_500, "jpy", None, "2500 JPY"),
        (2_500, "kwd", None, "2500 KWD"),
        (25.0, "usd", None, "25.0 USD"),
        (None, "usd", None, ""),
    ],
)
def test_amounts_are_in_cents_and_those_of_currencies_without_are_not_counted(
    amount: Any, currency: str, money: Money | None, shown: str
) -> None:
    claim = order(total_amount=amount, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_each_renewal_is_a_sale_of_its_own() -> None:
    renewed = order(id="o-2", billing_reason="subscription_cycle", subscription_id="s-1").claim

    assert isinstance(renewed, SaleClaim)
    assert renewed.order_id == "o-2"


def test_names_and_lines() -> None:
    lines = [
        {"label": "Icon set", "amount": 2_000},
        {"label": "", "amount": 1},
        None,
        {"label": "Free", "amount": None},
    ]
    claim = order(items=lines, billing_name="Lea Test", customer={"name": None, "email": "lea@example.com"}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.items == (Item("Icon set", 1, Money(2_000, "USD")), Item("Free", 1))
    assert (claim.name, claim.email) == ("Lea Test", "lea@example.com")
