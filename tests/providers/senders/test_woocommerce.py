"""What WooCommerce tells of orders, and how it tries an address."""

import hashlib
import json
from typing import Any

import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiProblem, explain
from shopwatch.providers.apis.woocommerce import WOOCOMMERCE_API
from tests.providers.cases import BY_ID, KEYS, NOW, URL, judge, judged, one_sale, rejected, signed

WOO = BY_ID["woocommerce"]


def woo(status: str, topic: str = "order.updated", **said: Any) -> Event:
    order = {"id": 727, "status": status, "currency": "EUR", "total": "37.50", "refunds": []} | said
    delivery = hashlib.md5(json.dumps([topic, order]).encode(), usedforsecurity=False).hexdigest()
    return judged(WOO, json.dumps(order).encode(), delivery, X_WC_Webhook_Topic=topic)


def told(status: str, **said: Any) -> tuple[Event, ...]:
    """All that one message tells."""
    order = {"id": 727, "status": status, "currency": "USD", "total": "29.35", "refunds": []} | said
    verdict = judge(WOO, signed(WOO, json.dumps(order).encode(), "delivery-1", X_WC_Webhook_Topic="order.updated"))
    assert isinstance(verdict, Accepted)
    return verdict.events


ORDER_727 = {
    "number": "727",
    "billing": {"first_name": "John", "last_name": "Doe", "email": "john.doe@example.com"},
    "date_paid_gmt": "2017-03-22T19:28:08",
    "line_items": [
        {"name": "Woo Single #1", "quantity": 2, "price": 3},
        {"name": "Ship Your Idea &ndash; Color: Black, Size: M Test", "quantity": 1, "price": 12},
    ],
}
"""What the order of woocommerce-rest-api-docs 13d6196 says of who bought what, with some amounts left out."""


def test_a_woocommerce_order_first_heard_of_with_a_refund_is_a_whole_sale() -> None:
    """The order of woocommerce-rest-api-docs, and a refund of 9.35 as its refunds tell it."""
    back, sold = told("processing", **ORDER_727, refunds=[{"id": 726, "reason": "", "total": "-9.35"}])
    sale = one_sale(back, sold)

    assert (back.kind, sold.kind) == (Kind.REFUND, Kind.SALE)
    assert back.id != sold.id
    assert (sale.amount, sale.given_back) == (Money(2_935, "USD"), Money(935, "USD"))
    assert (sale.state, sale.name, sale.email) == (SaleState.PART_REFUNDED, "John Doe", "john.doe@example.com")
    assert [item.qty for item in sale.items] == [2, 1]


@pytest.mark.parametrize(
    ("status", "said", "kinds"),
    [
        ("refunded", {}, (Kind.REFUND, Kind.SALE)),
        ("cancelled", {"refunds": [{"total": "-9.35"}]}, (Kind.REFUND,)),
        ("cancelled", {"refunds": [{"total": "-9.35"}]} | ORDER_727, (Kind.REFUND, Kind.SALE)),
        ("cancelled", ORDER_727, (Kind.OTHER,)),
        ("pending", {"refunds": "none"}, (Kind.OTHER,)),
    ],
)
def test_woocommerce_orders_that_were_never_paid_are_no_sales(status: str, said: Any, kinds: tuple[Kind, ...]) -> None:
    assert tuple(event.kind for event in told(status, **said)) == kinds


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ship Your Idea &ndash; Color: Black", "Ship Your Idea \u2013 Color: Black"),
        ("Salt &amp; Pepper", "Salt & Pepper"),
        ("R&B, AT&T; 100 & more", "R&B, AT&T; 100 & more"),
        ("&lt;b&gt;Vase&lt;/b&gt;", "<b>Vase</b>"),
        ("Vase&#0;&#xd800;", "Vase\ufffd\ufffd"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_woocommerce_names_are_read_as_they_are_meant(written: str, name: str) -> None:
    """Names may be written as in web pages; what stands in them is text, whatever it looks like."""
    claim = woo("processing", line_items=[{"name": written, "quantity": 1, "price": 1}]).claim

    assert isinstance(claim, SaleClaim)
    assert [item.name for item in claim.items] == [name]


def test_a_key_that_a_server_keeps_from_wordpress_is_told() -> None:
    """Some servers do not hand on the Authorization header (WooCommerce REST API reference, Authentication)."""
    refused = explain(ApiProblem.KEY_REFUSED, "WooCommerce", WOOCOMMERCE_API.key.refused)
    assert "Authorization header" in refused.hint
    assert "Authorization header" not in explain(ApiProblem.AWAY, "WooCommerce", WOOCOMMERCE_API.key.refused).hint


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
    assert claim.items == (Item("Shirt", 3, None), Item("Cap", 1, Money(1250, "EUR")), Item("Gift", 1, Money(0, "EUR")))


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
