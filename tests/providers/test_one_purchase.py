"""All that a sender tells of one purchase, under whatever ids, is one row, one total and one time line."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import record_all
from tests.providers.cases import BY_ID, NOW, judged, practice

PURCHASES = 80
"""Each is told in an order of its own, amid the others; with six senders nearly 500 orders are tried."""

type Teller = Callable[[str], list[Event]]


def stripe(n: str) -> list[Event]:
    charge = {"id": f"ch_{n}", "payment_intent": f"pi_{n}", "amount": 4_250, "currency": "usd"}
    dispute = {"id": f"du_{n}", "charge": f"ch_{n}", "payment_intent": f"pi_{n}", "amount": 4_250, "currency": "usd"}
    person = {"customer_details": {"name": "Ada", "email": "ada@example.com"}}
    paid = {"payment_status": "paid", "payment_intent": f"pi_{n}", "amount_total": 4_250, "currency": "usd"}
    told: list[tuple[str, dict[str, Any]]] = [
        ("payment_intent.succeeded", {"id": f"pi_{n}", "amount_received": 4_250, "currency": "usd"}),
        ("charge.succeeded", charge | {"captured": True}),
        ("checkout.session.completed", {"id": f"cs_{n}"} | paid | person),
        (
            "refund.created",
            {"id": f"re_{n}", "charge": f"ch_{n}", "amount": 1_250, "currency": "usd", "status": "succeeded"},
        ),
        ("charge.refunded", charge | {"amount_refunded": 1_250}),
        ("charge.dispute.created", dispute | {"status": "needs_response"}),
        ("charge.dispute.closed", dispute | {"status": "won"}),
    ]
    return [
        judged(
            BY_ID["stripe"],
            json.dumps(
                {"id": f"evt_{place}_{n}", "type": kind, "created": 1_795_499_000 + place, "data": {"object": of}}
            ).encode(),
        )
        for place, (kind, of) in enumerate(told)
    ]


def paypal(n: str) -> list[Event]:
    def usd(value: str) -> dict[str, str]:
        return {"currency_code": "USD", "value": value}

    of_order = {"supplementary_data": {"related_ids": {"order_id": f"O{n}"}}}
    up = [{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/C{n}"}]
    unit = {"amount": usd("42.50"), "payments": {"captures": [{"id": f"C{n}"}]}}
    payer = {"name": {"given_name": "Ada"}, "email_address": "ada@example.com"}
    case = {"dispute_id": f"D{n}", "disputed_transactions": [{"seller_transaction_id": f"C{n}"}]}
    told: list[tuple[str, dict[str, Any]]] = [
        ("PAYMENT.CAPTURE.COMPLETED", {"id": f"C{n}", "amount": usd("42.50")} | of_order),
        ("CHECKOUT.ORDER.COMPLETED", {"id": f"O{n}", "purchase_units": [unit], "payer": payer}),
        ("PAYMENT.CAPTURE.REFUNDED", {"id": f"R{n}", "amount": usd("12.50"), "links": up}),
        ("CUSTOMER.DISPUTE.CREATED", case),
        ("CUSTOMER.DISPUTE.RESOLVED", case | {"dispute_outcome": {"outcome_code": "RESOLVED_SELLER_FAVOUR"}}),
    ]
    return [
        judged(
            BY_ID["paypal"],
            json.dumps(
                {
                    "id": f"WH-{place}-{n}",
                    "event_type": kind,
                    "create_time": f"2026-11-24T06:39:{place:02}Z",
                    "resource": of,
                }
            ).encode(),
        )
        for place, (kind, of) in enumerate(told)
    ]


def adyen(n: str) -> list[Event]:
    def item(place: int, code: str, psp: str, value: int, **others: str) -> Event:
        told = {
            "additionalData": {"cardHolderName": "Ada", "shopperEmail": "ada@example.com"},
            "amount": {"currency": "USD", "value": value},
            "eventCode": code,
            "eventDate": f"2026-11-24T06:39:{place:02}+00:00",
            "merchantAccountCode": "Bloom",
            "merchantReference": f"order-{n}",
            "pspReference": psp,
            "success": "true",
        }
        body = {"live": "true", "notificationItems": [{"NotificationRequestItem": told | others}]}
        return judged(BY_ID["adyen"], json.dumps(body).encode())

    first = {"originalReference": f"P{n}"}
    return [
        item(0, "AUTHORISATION", f"P{n}", 4_250),
        item(1, "CAPTURE", f"K{n}", 4_250, **first),
        item(2, "REFUND", f"R{n}", 1_250, **first),
        item(3, "NOTIFICATION_OF_CHARGEBACK", f"D{n}", 4_250, **first, merchantReference=""),
        item(4, "CHARGEBACK", f"D{n}", 4_250, **first, merchantReference=""),
        item(5, "CHARGEBACK_REVERSED", f"D{n}", 4_250, **first, merchantReference=""),
    ]


def paynow(n: str) -> list[Event]:
    person = {"billing_name": "Ada", "billing_email": "ada@example.com"}
    case = {"id": f"p{n}", "order_id": n, "amount": 4_250, "currency": "USD"}
    told: list[tuple[str, dict[str, Any]]] = [
        ("ON_ORDER_COMPLETED", {"id": n, "total_amount": 4_250, "currency": "USD"} | person),
        ("ON_PAYMENT_COMPLETED", {"id": f"p{n}", "order_id": n, "amount": 4_250, "currency": "USD"}),
        ("ON_REFUND", {"id": f"r{n}", "order_id": n, "store_refund_amount": 1_250, "currency": "USD"}),
        ("ON_CHARGEBACK", case | {"chargeback_status": "open"}),
        ("ON_CHARGEBACK_CLOSED", case | {"chargeback_status": "won"}),
    ]
    return [
        structs.replace(
            judged(BY_ID["paynow"], json.dumps({"event_type": kind, "event_id": f"{place}-{n}", "body": of}).encode()),
            occurred_at=NOW + place,
        )
        for place, (kind, of) in enumerate(told)
    ]


def shopify(n: str) -> list[Event]:
    order = int(n) + 820_982_911_946_154_508
    money = {"amount": "42.50", "currency": "USD"}
    given = [{"kind": "refund", "status": "success", "amount": "12.50", "currency": "USD"}]
    told: list[tuple[str, dict[str, Any]]] = [
        (
            "orders/paid",
            {"id": order, "total_price": "42.50", "currency": "USD", "email": "ada@example.com"}
            | {"customer": {"first_name": "Ada"}, "processed_at": "2026-11-24T06:39:00Z"},
        ),
        ("refunds/create", {"id": 1, "order_id": order, "transactions": given, "processed_at": "2026-11-24T06:39:01Z"}),
        ("disputes/create", {"id": order + 2, "order_id": order, "status": "needs_response"} | money),
        ("disputes/update", {"id": order + 2, "order_id": order, "status": "won"} | money),
    ]
    return [
        judged(BY_ID["shopify"], json.dumps(of).encode(), f"{place}-{n}", X_Shopify_Topic=topic)
        for place, (topic, of) in enumerate(told)
    ]


def gumroad(n: str) -> list[Event]:
    sold = {
        "sale_id": f"S{n}==",
        "price": "4250",
        "currency": "usd",
        "email": "ada@example.com",
        "full_name": "Ada",
        "sale_timestamp": "2026-11-24T06:39:00Z",
    }
    return [
        judged(BY_ID["gumroad"], urlencode(sold | {"resource_name": name}).encode())
        for name in ("sale", "dispute", "dispute_won")
    ]


@pytest.mark.parametrize("tell", [stripe, paypal, adyen, paynow, shopify, gumroad], ids=lambda tell: tell.__name__)
async def test_one_row_in_whatever_order_it_is_told_and_however_often(tell: Teller, tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}", tell=lambda _: None)
    source = await ledger.sources.add(tell.__name__, tell.__name__, {})
    chance = random.Random(7)
    request = practice(BY_ID[tell.__name__])
    purchases = [tell(str(number)) for number in range(PURCHASES)]
    told = [each for events in purchases for each in (*events, chance.choice(events))]
    chance.shuffle(told)
    await record_all(ledger, [(Delivery(source.id, request, NOW), Accepted(event)) for event in told], at_once=16)

    rows = (await ledger.sales.page(SalesQuery(), None, 1_000)).rows
    detail = await ledger.sales.get(rows[0].id)
    ledger.close()

    assert len(rows) == PURCHASES
    ends = {structs.replace(row.sale, order_id="", number="") for row in rows}
    assert len(ends) == 1
    [sale] = ends
    assert (sale.amount, sale.name, sale.email) == (Money(4_250, "USD"), "Ada", "ada@example.com")
    if tell is gumroad:
        assert (sale.state, sale.kept) == (SaleState.PAID, Money(4_250, "USD"))
    else:
        assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(3_000, "USD"))
    assert detail is not None
    assert len(detail.moments) == len(purchases[0]), "one time line, and no moment twice"
