"""What WooCommerce tells of orders, and how it tries an address."""

import hashlib
import json
from typing import Any

import pytest

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.verdict import Reason
from tests.providers.cases import BY_ID, KEYS, NOW, URL, judged, one_sale, rejected

WOO = BY_ID["woocommerce"]


def woo(status: str, topic: str = "order.updated", **said: Any) -> Event:
    order = {"id": 727, "status": status, "currency": "EUR", "total": "37.50", "refunds": []} | said
    delivery = hashlib.md5(json.dumps([topic, order]).encode(), usedforsecurity=False).hexdigest()
    return judged(WOO, json.dumps(order).encode(), delivery, X_WC_Webhook_Topic=topic)


@pytest.mark.parametrize("status", ["pending", "on-hold", "failed", "cancelled", "checkout-draft", "trash", "", "Paid"])
@pytest.mark.parametrize("topic", ["order.created", "order.updated", "order.restored"])
def test_woocommerce_orders_count_once_paid(topic: str, status: str) -> None:
    assert woo(status, topic).kind is Kind.OTHER


def test_woocommerce_has_other_topics_which_tell_of_no_money() -> None:
    assert woo("processing", "product.updated").kind is Kind.OTHER
    assert judged(WOO, b'{"id":727}', X_WC_Webhook_Topic="order.deleted").kind is Kind.OTHER


def test_all_that_woocommerce_tells_of_one_order_is_one_sale() -> None:
    first, second = {"id": 730, "total": "-9.50"}, {"id": 731, "total": "-28.00"}
    sold = [
        woo("processing", "order.created", date_paid_gmt="2026-11-25T09:00:00"),
        woo("processing", date_paid_gmt="2026-11-25T09:00:00"),
        woo("completed", date_paid_gmt="2026-11-25T09:00:00", date_modified_gmt="2026-11-26T09:00:00"),
    ]
    part = woo("completed", refunds=[first])
    whole = woo("refunded", refunds=[first, second])

    assert one_sale(*sold).amount == Money(3750, "EUR")
    assert one_sale(*sold, part).kept == Money(2800, "EUR")
    assert one_sale(*sold, part, whole).state is SaleState.REFUNDED
    assert one_sale(sold[0], woo("refunded")).given_back == Money(3750, "EUR")


@pytest.mark.parametrize(
    "refunds",
    [[{"total": "9.50"}], [{"total": "-9.50"}, {"total": "?"}], [{}], [None], [{"total": "-9.505"}], [{"total": -9.5}]],
)
def test_woocommerce_refunds_that_cannot_be_counted(refunds: list[Any]) -> None:
    sold, part, whole = woo("completed"), woo("completed", refunds=refunds), woo("refunded", refunds=refunds)

    assert isinstance(part.claim, RefundClaim)
    assert part.claim.amount is None
    assert one_sale(sold, part).state is SaleState.PART_REFUNDED
    assert one_sale(sold, part, whole).state is SaleState.REFUNDED


@pytest.mark.parametrize(
    ("total", "currency", "amount"),
    [
        ("500", "JPY", Money(500, "JPY")),
        ("500.00", "JPY", Money(500, "JPY")),
        ("500.50", "JPY", None),
        ("5.120", "KWD", Money(5120, "KWD")),
        ("37.50", "eur", Money(3750, "EUR")),
        ("37,50", "EUR", None),
        ("-1.00", "EUR", None),
        ("\uff13\uff17", "EUR", None),
        ("1" * 30, "EUR", None),
        (None, "EUR", None),
    ],
)
def test_woocommerce_amounts(total: Any, currency: str, amount: Money | None) -> None:
    claim = woo("processing", total=total, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert bool(claim.amount_text) is (amount is None and total is not None)


def test_woocommerce_prices_with_more_decimals_than_the_currency_has_are_left_out() -> None:
    lines = [
        {"name": "Shirt", "quantity": 3, "price": 8.333333},
        {"name": "Cap", "quantity": 1, "price": 12.5},
        {"name": "Gift", "quantity": 1, "price": 0},
    ]
    claim = woo("processing", line_items=lines).claim

    assert isinstance(claim, SaleClaim)
    assert claim.items == (
        Item("Shirt", 3, None),
        Item("Cap", 1, Money(1250, "EUR")),
        Item("Gift", 1, Money(0, "EUR")),
    )


@pytest.mark.parametrize(
    ("method", "body", "greeted"),
    [
        ("POST", b"webhook_id=7", True),
        ("POST", b"webhook_id=", False),
        ("POST", b"webhook_id=7&x=1", False),
        ("POST", b"webhook_id=seven", False),
        ("GET", b"webhook_id=7", False),
    ],
)
def test_woocommerce_tries_the_address_when_the_webhook_is_saved(method: str, body: bytes, greeted: bool) -> None:
    verdict = rejected(WOO.judge(Request(method, URL, Headers(), body), KEYS, NOW))

    assert (verdict.reason is Reason.PING) is greeted
    assert (verdict.answer.status == 200) is greeted
