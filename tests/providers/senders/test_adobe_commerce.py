"""What a shop of Adobe Commerce tells by its own hook. The rule of its signature is that of AdobeDocs/commerce-
extensibility (webhooks: signature verification)."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Secrets
from tests.providers.authority import private_pem, public_pem
from tests.providers.cases import BY_ID, NOW, URL, accepted, rejected, signed

ADOBE = BY_ID["adobe-commerce"]
OPTIONS = {"order": "order.increment_id", "amount": "order.grand_total", "currency": "order.order_currency_code"}


def judged(order: Any, **options: str) -> Event:
    return accepted(judge({"order": order}, {**OPTIONS, **options}))


def judge(body: Any, options: dict[str, str], secret: str = "") -> Verdict:
    return ADOBE.judge(signed(ADOBE, json.dumps(body).encode()), Secrets((secret or public_pem(),)), NOW, options)


def claim(event: Event) -> SaleClaim:
    assert isinstance(event.claim, SaleClaim)
    return event.claim


@pytest.mark.parametrize(
    ("total", "currency", "money", "shown"),
    [
        (47.5, "EUR", Money(4_750, "EUR"), ""),
        ("47.5000", "EUR", Money(4_750, "EUR"), ""),
        (900, "JPY", Money(900, "JPY"), ""),
        (47.555, "EUR", None, "47.555 EUR"),
        (-1, "EUR", None, "-1 EUR"),
        (47.5, None, None, "47.5"),
        ({}, "EUR", None, "{} EUR"),
    ],
)
def test_the_owner_says_where_the_amount_stands(total: Any, currency: Any, money: Money | None, shown: str) -> None:
    told = claim(judged({"increment_id": "000000123", "grand_total": total, "order_currency_code": currency}))

    assert (told.order_id, told.amount, told.amount_text) == ("000000123", money, shown)


def test_a_shop_of_one_currency_need_not_send_it() -> None:
    assert claim(judged({"increment_id": "1", "grand_total": 5}, currency="CHF")).amount == Money(500, "CHF")


def test_lines_and_address() -> None:
    lines = [
        {"name": "Linen apron", "qty_ordered": 2, "price": 20},
        {"name": "Mug", "qty_ordered": 1.0, "price": "7.50"},
        {"name": "Ribbon", "qty_ordered": 1.5},
        {"name": None},
        {"name": "Bag", "qty_ordered": []},
        7,
    ]
    order = {
        "increment_id": "1",
        "grand_total": 47.5,
        "order_currency_code": "EUR",
        "items": lines,
        "who": "e@x.example",
    }
    told = claim(judged(order, items="order.items", email="order.who"))

    apron, mug = Item("Linen apron", 2, Money(2_000, "EUR")), Item("Mug", 1, Money(750, "EUR"))
    assert told.items == (apron, mug, Item("Ribbon", 1), Item("Bag", 1))
    assert told.email == "e@x.example"


def test_without_a_place_for_the_order_all_is_kept_and_nothing_counted() -> None:
    event = accepted(judge({"order": {"increment_id": "1", "grand_total": 5}}, {}))

    assert (event.kind, event.claim, event.unreadable) == (Kind.OTHER, None, "")


@pytest.mark.parametrize("order", [None, 7, {}, {"increment_id": None}, {"increment_id": ["1"]}])
def test_an_order_without_a_number_is_kept_and_not_counted(order: Any) -> None:
    assert judged(order).unreadable


def test_the_shop_goes_on_at_once() -> None:
    verdict = judge({"order": {}}, {})

    assert isinstance(verdict, Accepted)
    assert (verdict.answer.status, json.loads(verdict.answer.body)) == (200, {"op": "success"})


def test_a_key_may_be_pasted_on_one_line() -> None:
    assert isinstance(judge({}, {}, " ".join(public_pem().split("\n"))), Accepted)
    assert isinstance(judge({}, {}, private_pem()), Accepted)


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----",
    ],
)
def test_what_is_no_key_fits_nothing(secret: str) -> None:
    assert rejected(judge({}, {}, secret)).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize("signature", ["", "AAAA", "x" * 344, "A" * 343, "A" * 5_000, "é" * 344])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    request = signed(ADOBE, b"{}")
    bent = replace(request, url=URL, headers=Headers.of({"X-Adobe-Commerce-Webhook-Signature": signature}))

    assert rejected(ADOBE.judge(bent, Secrets((public_pem(),)), NOW, {}))
