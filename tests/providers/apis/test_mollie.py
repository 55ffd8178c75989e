"""Mollie tells what became of a payment that is named or hinted at."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiResponse, Place
from shopwatch.providers.apis.mollie import MOLLIE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import AT, Played, answer, hint, play, thin


def payment(**changed: Any) -> ApiResponse:
    euro = {"currency": "EUR", "value": "75.20"}
    told = {"resource": "payment", "id": "tr_1", "mode": "live", "status": "paid", "amount": euro}
    return answer(
        told | {"paidAt": "2026-11-24T12:00:00+00:00", "billingAddress": {"email": "maya@example.com"}} | changed
    )


def test_mollie_tells_a_hinted_payment_with_all_that_went_back() -> None:
    played = fetched(MOLLIE_API, hint("tr_1"), [payment()])
    assert played.urls == ["https://api.mollie.com/v2/payments/tr_1"]
    assert (only(played).amount, only(played).email) == (Money(7_520, "EUR"), "maya@example.com")

    euro = {"currency": "EUR", "value": "5.95"}
    none = {"currency": "EUR", "value": "0.00"}
    claims = [
        each.claim
        for each in fetched(MOLLIE_API, hint("tr_1"), [payment(amountRefunded=euro, amountChargedBack=none)]).result
    ]
    assert claims[1:] == [RefundClaim("tr_1", Money(595, "EUR"), "tr_1", cumulative=True)]


@pytest.mark.parametrize(
    ("reversed_at", "state", "standing"),
    [(None, DisputeState.OPEN, SaleState.DISPUTED), ("2026-11-26T12:00:00+00:00", DisputeState.WON, SaleState.PAID)],
)
def test_mollies_chargebacks_are_told_by_their_own_ids(reversed_at: Any, state: Any, standing: SaleState) -> None:
    """A payment says no more than `amountChargedBack`; each of its chargebacks has an id, and `reversedAt` where it was
    undone (mollie/openapi, `entity-chargeback`, List payment chargebacks)."""
    euro = {"currency": "EUR", "value": "75.20"}
    case = {"id": "chb_1", "paymentId": "tr_1", "amount": euro, "createdAt": "2026-11-25T12:00:00+00:00"}
    answers = [
        payment(amountChargedBack=euro),
        answer({"_embedded": {"chargebacks": [case | {"reversedAt": reversed_at}]}}),
    ]
    played = fetched(MOLLIE_API, hint("tr_1"), answers)
    assert played.urls[1] == "https://api.mollie.com/v2/payments/tr_1/chargebacks?limit=250"
    sold, charged = played.result
    assert charged.claim == DisputeClaim("tr_1", Money(7_520, "EUR"), "chb_1", state)
    body = {"id": "e1", "type": "chargeback.received", "entityId": "chb_1", "createdAt": "2026-11-25T12:00:00Z"}
    message = judged(BY_ID["mollie"], json.dumps(body | {"_embedded": {"entity": case}}).encode())
    assert one_sale(sold.event("a", "x"), message, charged.event("b", "x")).state is standing

    assert MOLLIE_API.missed is not None
    page = answer({"_embedded": {"payments": [json.loads(answers[0].body)]}, "_links": {"next": None}})
    listed = play(MOLLIE_API.missed(Place(AT), "live_1", {}), [page, answers[1]]).result.listed
    assert [each.event.kind for each in listed] == [Kind.SALE, Kind.DISPUTE]


@pytest.mark.parametrize("status", ["open", "expired", "failed", "canceled", "authorized"])
def test_mollies_unpaid_payments_are_nothing(status: str) -> None:
    assert fetched(MOLLIE_API, hint("tr_1"), [payment(status=status)]).result == ()


def test_mollie_is_not_asked_about_hints_of_other_things() -> None:
    assert fetched(MOLLIE_API, hint("ord_1"), []) == Played((), [], [])


REFUND = {"id": "re_1", "mode": "live", "paymentId": "tr_1", "amount": {"currency": "EUR", "value": "5.95"}}
CASE = {"id": "chb_1", "paymentId": "tr_1", "amount": {"currency": "EUR", "value": "5.95"}}
INVOICE = {
    "id": "invoice_1",
    "mode": "live",
    "invoiceNumber": "INV-7",
    "status": "paid",
    "recipient": {"givenName": "Maya", "familyName": "Lindqvist", "email": "maya@example.com"},
    "totalAmount": {"currency": "EUR", "value": "89.00"},
    "paidAt": "2026-11-24T12:00:00+00:00",
    "paymentDetails": [{"source": "manual", "sourceReference": None}],
}


def simple(event_type: str, entity_id: str) -> Event:
    """A message with the simple payload, as mollie/openapi describes its members (`entity-webhook-event`)."""
    body = {"resource": "event", "id": "event_1", "type": event_type, "entityId": entity_id, "_embedded": None}
    return judged(BY_ID["mollie"], json.dumps(body | {"createdAt": "2026-11-24T12:00:00.0Z"}).encode())


def test_mollie_tells_what_a_simple_message_was_about() -> None:
    event = simple("refund.refunded", "re_1")
    played = fetched(MOLLIE_API, event, [answer({"id": "event_1", "_embedded": {"entity": REFUND}})], "access_1")
    assert played.urls == ["https://api.mollie.com/v2/events/event_1"]
    assert [each.claim for each in played.result] == [RefundClaim("tr_1", Money(595, "EUR"), "re_1")]
    assert only(fetched(MOLLIE_API, thin("tr_1"), [payment()])).amount == Money(7_520, "EUR")


@pytest.mark.parametrize(
    ("event", "answered", "url", "claim"),
    [
        (
            simple("refund.refunded", "re_1"),
            {"_embedded": {"refunds": [REFUND]}},
            "https://api.mollie.com/v2/refunds?limit=1&from=re_1",
            RefundClaim("tr_1", Money(595, "EUR"), "re_1"),
        ),
        (
            simple("refund.failed", "re_1"),
            {"_embedded": {"refunds": [REFUND]}},
            "https://api.mollie.com/v2/refunds?limit=1&from=re_1",
            RefundClaim("tr_1", Money(595, "EUR"), "re_1", failed=True),
        ),
        (
            simple("chargeback.received", "chb_1"),
            {"_embedded": {"chargebacks": [CASE]}},
            "https://api.mollie.com/v2/chargebacks?limit=1&from=chb_1",
            DisputeClaim("tr_1", Money(595, "EUR"), "chb_1"),
        ),
        (
            simple("sales-invoice.paid", "invoice_1"),
            INVOICE,
            "https://api.mollie.com/v2/sales-invoices/invoice_1",
            SaleClaim(
                "invoice_1", Money(8_900, "EUR"), number="INV-7", name="Maya Lindqvist", email="maya@example.com"
            ),
        ),
    ],
)
def test_keys_of_a_profile_are_told_of_it_without_the_message(
    event: Event, answered: Any, url: str, claim: Any
) -> None:
    """`GET /v2/events/{id}` is for tokens of an organization alone; what is refunded and charged back also keys of a
    profile may list, from an id on (mollie/openapi, security of each path)."""
    played = fetched(MOLLIE_API, event, [answer(answered)], "live_1")

    assert played.urls == [url]
    assert [each.claim for each in played.result] == [claim]


@pytest.mark.parametrize("told", [{"_embedded": {"refunds": []}}, {"_embedded": {"refunds": [CASE]}}, {}])
def test_another_refund_is_no_answer(told: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(MOLLIE_API, simple("refund.refunded", "re_1"), [answer(told)], "live_1")
    assert failure.value.problem is ApiProblem.UNREADABLE


@pytest.mark.parametrize("source", ["payment", "payment-link", "new", None])
def test_an_invoice_that_was_paid_at_mollie_is_its_payment(source: Any) -> None:
    invoice = INVOICE | {"paymentDetails": [{"source": source, "sourceReference": "pl_1"}]}

    assert fetched(MOLLIE_API, simple("sales-invoice.paid", "invoice_1"), [answer(invoice)], "live_1").result == ()


def test_tokens_of_an_organization_look_in_the_test_mode_too() -> None:
    """In live mode nothing of the test mode is found, and keys of a profile must not send `testmode` (mollie/openapi,
    parameter `testmode`)."""
    played = fetched(MOLLIE_API, hint("tr_1"), [ApiResponse(404), payment(mode="test")], "access_1")
    assert played.urls[1] == "https://api.mollie.com/v2/payments/tr_1?testmode=true"
    assert [each.live for each in played.result] == [False]
    for key, times in (("live_1", 1), ("access_1", 2)):
        with pytest.raises(ApiFailure) as failure:
            fetched(MOLLIE_API, hint("tr_1"), [ApiResponse(404)] * times, key)
        assert failure.value.problem is ApiProblem.NOT_FOUND


def test_a_token_that_may_not_see_profiles_lists_its_own() -> None:
    assert MOLLIE_API.missed is not None
    page = answer({"_embedded": {"payments": [json.loads(payment().body)]}, "_links": {"next": None}})
    played = play(MOLLIE_API.missed(Place(AT), "access_1", {}), [ApiResponse(403), page])
    assert played.urls[1] == "https://api.mollie.com/v2/payments?limit=100"
    assert len(played.result.listed) == 1
    with pytest.raises(ApiFailure) as failure:
        play(MOLLIE_API.missed(Place(AT), "access_1", {}), [ApiResponse(403), answer({"status": 400}, 400)])
    assert failure.value.problem is ApiProblem.KEY_NARROW
