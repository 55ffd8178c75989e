"""PayPal tells who paid for what, in its old way and its new one."""

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse
from shopwatch.providers.apis.paypal import PAYPAL_API
from tests.providers.apis.fetching import asked_for, fetched, only
from tests.providers.played import answer, thin

TOKEN = answer({"access_token": "A21AA-canary", "token_type": "Bearer", "expires_in": 31_668})


def test_paypal_tells_who_paid_for_what() -> None:
    order = {
        "id": "5O190127TN364715T",
        "status": "COMPLETED",
        "payer": {"name": {"given_name": "Maya", "surname": "Lindqvist"}, "email_address": "maya@example.com"},
        "purchase_units": [
            {
                "amount": {"currency_code": "USD", "value": "58.00"},
                "items": [{"name": "Vase", "quantity": "1", "unit_amount": {"currency_code": "USD", "value": "58.00"}}],
            }
        ],
    }
    event = thin("5O190127TN364715T", "GET /v2/checkout/orders/5O190127TN364715T")
    played = fetched(PAYPAL_API, event, [TOKEN, answer(order)], "client:secret")
    assert asked_for(played) == [
        ("POST", "https://api-m.paypal.com/v1/oauth2/token"),
        ("GET", "https://api-m.paypal.com/v2/checkout/orders/5O190127TN364715T"),
    ]
    assert [each.headers["Authorization"] for each in played.requests] == [
        "Basic Y2xpZW50OnNlY3JldA==",
        "Bearer A21AA-canary",
    ]
    claim = only(played)
    assert (claim.name, claim.email, claim.amount) == ("Maya Lindqvist", "maya@example.com", None)
    assert claim.items == (Item("Vase", 1, Money(5_800, "USD")),)


def test_paypal_tells_older_payments_and_those_of_its_sandbox() -> None:
    payment = {
        "id": "PAYID-1",
        "payer": {"payer_info": {"email": "maya@example.com", "first_name": "Maya", "last_name": "Lindqvist"}},
        "transactions": [
            {"item_list": {"items": [{"name": "Vase", "quantity": 2, "price": "9.50", "currency": "EUR"}]}}
        ],
    }
    event = thin("8PT6", "GET /v1/payments/payment/PAYID-1", live=False)
    played = fetched(PAYPAL_API, event, [TOKEN, answer(payment)], "client:secret")
    assert played.urls[1] == "https://api-m.sandbox.paypal.com/v1/payments/payment/PAYID-1"
    claim = only(played)
    assert (claim.order_id, claim.email, claim.items) == (
        "8PT6",
        "maya@example.com",
        (Item("Vase", 2, Money(950, "EUR")),),
    )


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([answer({"error": "invalid_client"}, 401)], ApiProblem.KEY_REFUSED),
        ([answer({"error": "invalid_grant"}, 400)], ApiProblem.KEY_REFUSED),
        ([answer({"access_token": ""})], ApiProblem.UNREADABLE),
        ([TOKEN, answer({"id": "another"})], ApiProblem.UNREADABLE),
        ([TOKEN, answer({}, 404)], ApiProblem.NOT_FOUND),
    ],
)
def test_paypals_refusals_are_told_apart(answers: list[ApiResponse], problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(PAYPAL_API, thin("o-1", "GET /v2/checkout/orders/o-1"), answers, "client:secret")
    assert failure.value.problem is problem


def test_paypal_tells_of_an_invoice_by_what_it_was_paid() -> None:
    def usd(value: str) -> dict[str, str]:
        return {"currency_code": "USD", "value": value}

    parts = [{"payment_id": f"C{n}", "amount": usd(f"{n}0.00")} for n in (1, 2)]
    invoice = {"id": "INV2-1", "status": "PARTIALLY_PAID", "payments": {"transactions": parts}, "amount": usd("99.00")}
    event = replace(thin("INV2-1", "GET /v2/invoicing/invoices/INV2-1"), type="INVOICING.INVOICE.PAID")

    played = fetched(PAYPAL_API, event, [TOKEN, answer(invoice)], "client:secret")
    assert played.urls[1] == "https://api-m.paypal.com/v2/invoicing/invoices/INV2-1"
    assert [(each.claim.payment, each.claim.amount) for each in played.result if isinstance(each.claim, SaleClaim)] == [
        ("C1", Money(1_000, "USD")),
        ("C2", Money(2_000, "USD")),
    ]
    total = {"status": "REFUNDED", "refunds": {"refund_amount": usd("30.00")}}
    claim = RefundClaim("INV2-1", None, "INV2-1")
    back = replace(event, type="INVOICING.INVOICE.REFUNDED", kind=Kind.REFUND, claim=claim, live=False)
    [told] = fetched(PAYPAL_API, back, [TOKEN, answer(invoice | total)], "client:secret").result
    assert told.claim == RefundClaim("INV2-1", Money(3_000, "USD"), "INV2-1", cumulative=True)
    assert not told.live
    assert fetched(PAYPAL_API, event, [TOKEN, answer(invoice | {"status": "SENT"})], "client:secret").result == ()
