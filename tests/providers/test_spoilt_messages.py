"""Messages that no practice writes, with anything anywhere in them, and answers about them: always an event, never a
sum below nothing."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, RefundClaim, SaleClaim
from shopwatch.providers.api import ApiFailure
from shopwatch.providers.apis import api_of
from tests.providers.cases import BY_ID, NOW, URL
from tests.providers.played import KEY, answer, play
from tests.providers.spoiling import any_json, spoil

ODD = any_json("-1", "1e9", "12.345", "JPY", "XXX", "0", "99999999999999999999", "PAID", "..", "half of \ud83d")


def usd(value: str) -> dict[str, str]:
    return {"currency_code": "USD", "value": value}


PAYMENT = {"payment_id": "C1", "type": "PAYPAL", "amount": usd("40.00")}
INVOICE = {
    "id": "INV2-1",
    "status": "PAID",
    "detail": {"invoice_number": "#1001"},
    "primary_recipients": [{"billing_info": {"name": {"full_name": "Maya"}, "email_address": "maya@example.com"}}],
    "items": [{"name": "Vase", "quantity": "2", "unit_amount": usd("20.00")}],
    "amount": usd("40.00"),
    "payments": {"paid_amount": usd("40.00"), "transactions": [PAYMENT]},
    "refunds": {"refund_amount": usd("40.00")},
}
EURO = {"currency": "EUR", "value": "40.00"}
MOLLIE_INVOICE = {
    "id": "invoice_1",
    "invoiceNumber": "INV-7",
    "recipient": {"givenName": "Maya", "email": "maya@example.com"},
    "totalAmount": EURO,
    "lines": [{"description": "Vase", "quantity": 1, "unitPrice": EURO}],
    "paymentDetails": [{"source": "manual"}],
}
ON_READER = {"client_transaction_id": "3fa8", "merchant_code": "M1", "status": "successful", "transaction_id": "t-1"}
CHECKOUT = {"checkout_id": "c-1", "reference": "R-7", "status": "PAID"}
LEMON = {"billing_reason": "initial", "status": "refunded", "refunded_amount": 4_000, "currency": "USD"}
TOLD: list[tuple[str, dict[str, Any]]] = [
    ("paypal", {"id": "WH-1", "event_type": "INVOICING.INVOICE.PAID", "resource": INVOICE}),
    ("paypal", {"id": "WH-1", "event_type": "INVOICING.INVOICE.REFUNDED", "resource": {"invoice": INVOICE}}),
    ("mollie", {"id": "event_1", "type": "sales-invoice.paid", "_embedded": {"entity": MOLLIE_INVOICE}}),
    ("mollie", {"id": "event_1", "type": "refund.failed", "entityId": "re_1"}),
    ("sumup", {"id": "e-1", "event_type": "solo.transaction.updated", "payload": ON_READER}),
    ("sumup", {"id": "e-1", "event_type": "checkout.status.updated", "payload": CHECKOUT}),
    (
        "lemonsqueezy",
        {"meta": {"event_name": "subscription_payment_refunded"}, "data": {"id": "7", "attributes": LEMON}},
    ),
]


@pytest.mark.parametrize(("provider_id", "told"), TOLD, ids=lambda each: each if isinstance(each, str) else "")
@given(data=st.data())
def test_whatever_stands_in_it_a_message_is_an_event(
    provider_id: str, told: dict[str, Any], data: st.DataObject
) -> None:
    bent = copy.deepcopy(told)
    for _ in range(data.draw(st.integers(0, 3))):
        spoil(data.draw, bent, ODD)
    request = Request("POST", URL, Headers.of({"Content-Type": "application/json"}), json.dumps(bent).encode())
    verdict = BY_ID[provider_id].judge_practice(request, NOW)

    assert isinstance(verdict, Accepted | Rejected)
    if isinstance(verdict, Accepted):
        never_less_than_nothing(verdict.event.claim)


ANSWERS: list[tuple[str, str, Any]] = [
    ("paypal", "GET /v2/invoicing/invoices/INV2-1", INVOICE),
    ("sumup", "GET /v2.1/merchants/M1/transactions/3fa8", {"id": "t-1", "status": "REFUNDED", "amount": 40.5}),
    ("sumup", "GET /v0.1/checkouts/c-1", {"id": "c-1", "status": "PAID", "amount": 1, "transactions": [{"id": "t"}]}),
    ("mollie", "GET /v2/sales-invoices/invoice_1", {"_embedded": {"entity": MOLLIE_INVOICE}}),
    ("gumroad", "GET /v2/sales/S1", {"success": True, "sale": {"id": "S1", "price": 4_000, "refunded": True}}),
    ("lemonsqueezy", "GET /v1/subscription-invoices/7", {"data": {"id": "7", "attributes": LEMON}}),
]


LACKING: dict[str, tuple[Kind, str, Claim | None]] = {
    "paypal": (Kind.SALE, "INVOICING.INVOICE.PAID", SaleClaim("INV2-1", None)),
    "sumup": (Kind.SALE, "checkouts.paid", SaleClaim("c-1", None)),
    "mollie": (Kind.OTHER, "sales-invoice.paid", None),
    "gumroad": (Kind.REFUND, "refund", RefundClaim("S1", None, "S1")),
    "lemonsqueezy": (Kind.OTHER, "subscription_payment_refunded", None),
}


@pytest.mark.parametrize(("provider_id", "needs", "told"), ANSWERS)
@given(data=st.data())
def test_whatever_is_answered_about_it_is_understood_or_refused(
    provider_id: str, needs: str, told: Any, data: st.DataObject
) -> None:
    kind, event_type, claim = LACKING[provider_id]
    event = Event("e-1", event_type, kind, NOW, claim, needs_fetch=needs)
    bent = copy.deepcopy(told)
    for _ in range(data.draw(st.integers(0, 2))):
        spoil(data.draw, bent, ODD)
    api = api_of(provider_id)
    assert api is not None
    assert api.fetch is not None
    token = {"access_token": "t"}
    try:
        found = play(api.fetch(event, f"{KEY}:s", {}), lambda _: answer(bent | token)).result
    except ApiFailure:
        return
    for each in found:
        never_less_than_nothing(each.claim)


def never_less_than_nothing(claim: Claim | None) -> None:
    amount = claim.amount if claim is not None else None
    assert amount is None or (isinstance(amount, Money) and amount.minor >= 0)
