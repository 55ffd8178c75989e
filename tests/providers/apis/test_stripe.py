"""Stripe tells what was bought, page by page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, Item, RefundClaim
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.apis.stripe import STRIPE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import AT, KEY, answer, thin

LINES = [
    {
        "id": f"li_{place}",
        "object": "item",
        "amount_subtotal": 2198,
        "amount_total": 2198,
        "currency": "usd",
        "description": f"T-shirt {place}",
        "quantity": 2,
    }
    for place in range(250)
]

BACK = RefundClaim("ch_1", Money(500, "USD"), "re_1")


def alone(claim: Claim) -> Event:
    needs = "GET /v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1"
    return Event("e-1", "charge.refunded", Kind.REFUND, AT, claim, links=("pi_1",), needs_fetch=needs)


def test_stripe_tells_the_lines_of_a_checkout_page_by_page() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_live_a1"),
        [answer({"object": "list", "data": LINES[:100], "has_more": True}), answer({"data": LINES[100:103]})],
    )
    claim = only(played)
    base = "https://api.stripe.com/v1/checkout/sessions/cs_live_a1/line_items?limit=100"
    assert played.urls == [base, f"{base}&starting_after=li_99"]
    assert played.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert len(claim.items) == 103
    assert claim.items[0] == Item("T-shirt 0", 2, Money(1099, "USD"))
    assert (claim.order_id, claim.amount) == ("cs_live_a1", None)
    assert (played.result[0].occurred_at, played.result[0].live) == (AT, True)


def test_stripe_is_asked_for_no_more_lines_than_a_receipt_holds() -> None:
    played = fetched(
        STRIPE_API,
        thin("cs_1"),
        [answer({"data": LINES[:100], "has_more": True}), answer({"data": LINES[100:200], "has_more": True})],
    )
    assert len(only(played).items) == 200


def test_stripe_pages_that_stand_still_are_a_problem() -> None:
    page = answer({"data": LINES[:1], "has_more": True})
    with pytest.raises(ApiFailure) as failure:
        fetched(STRIPE_API, thin("cs_1"), [page, page, page])
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize(
    "claim",
    [
        RefundClaim("ch_1", Money(500, "USD"), "ch_1", cumulative=True, payment="ch_1"),
        DisputeClaim("ch_1", Money(500, "USD"), "du_1"),
    ],
)
def test_stripe_tells_the_invoice_of_a_payment_that_something_was_given_back_of(claim: Claim) -> None:
    """The types of stripe-python 16.1, `InvoicePaymentListParams` and `InvoicePayment`."""
    paid = {"id": "inpay_1", "invoice": "in_1", "payment": {"type": "payment_intent", "payment_intent": "pi_1"}}
    played = fetched(STRIPE_API, alone(claim), [answer({"object": "list", "data": [paid], "has_more": False})])

    [meaning] = played.result
    assert (meaning.claim, meaning.links, meaning.occurred_at) == (claim, ("in_1",), AT)
    [url] = played.urls
    assert parse_qs(urlsplit(url).query) == {
        "payment[type]": ["payment_intent"],
        "payment[payment_intent]": ["pi_1"],
        "limit": ["100"],
    }
    assert urlsplit(url)._replace(query="").geturl() == "https://api.stripe.com/v1/invoice_payments"


def test_stripe_adds_nothing_to_what_was_given_back_of_no_invoice() -> None:
    assert fetched(STRIPE_API, alone(BACK), [answer({"data": []})]).result == ()


@pytest.mark.parametrize("told", [{}, {"data": None}, {"data": {}}, {"data": ["in_1"]}, [], "in_1"])
def test_stripe_answers_about_invoices_that_are_none_are_a_problem(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(STRIPE_API, alone(BACK), [answer(told)])
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("invoice", [None, 1.5, [], {"id": "in_1"}, "in_1\n", "x" * 256])
def test_stripe_invoices_that_have_no_id_add_nothing(invoice: Any) -> None:
    assert fetched(STRIPE_API, alone(BACK), [answer({"data": [{"invoice": invoice}]})]).result == ()


@pytest.mark.parametrize("needs", ["", "GET /v1/invoice_payments", "GET /v1/invoice_payments?payment[type]=x"])
def test_stripe_is_not_asked_about_a_payment_without_a_name(needs: str) -> None:
    with pytest.raises(ApiFailure):
        fetched(STRIPE_API, replace(alone(BACK), needs_fetch=needs), [])
