"""Mollie tells what became of a payment that is named or hinted at."""

from typing import Any

import pytest

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, RefundClaim
from shopwatch.providers.api import ApiResponse
from shopwatch.providers.apis.mollie import MOLLIE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import AT, Played, answer, hint, thin


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
    charged = fetched(MOLLIE_API, hint("tr_1"), [payment(amountChargedBack=euro)]).result[1]
    assert (charged.kind, charged.claim) == (Kind.DISPUTE, DisputeClaim("tr_1", Money(595, "EUR"), "tr_1"))


@pytest.mark.parametrize("status", ["open", "expired", "failed", "canceled", "authorized"])
def test_mollies_unpaid_payments_are_nothing(status: str) -> None:
    assert fetched(MOLLIE_API, hint("tr_1"), [payment(status=status)]).result == ()


def test_mollie_is_not_asked_about_hints_of_other_things() -> None:
    assert fetched(MOLLIE_API, hint("ord_1"), []) == Played((), [], [])


def test_mollie_tells_what_a_simple_message_was_about() -> None:
    entity = {"id": "re_1", "paymentId": "tr_1", "amount": {"currency": "EUR", "value": "5.95"}}
    event = Event("whe_1", "refund.refunded", Kind.OTHER, AT, needs_fetch="GET /v2/events/whe_1")
    played = fetched(MOLLIE_API, event, [answer({"id": "whe_1", "_embedded": {"entity": entity}})])
    assert played.urls == ["https://api.mollie.com/v2/events/whe_1"]
    assert [each.claim for each in played.result] == [RefundClaim("tr_1", Money(595, "EUR"), "re_1")]
    assert only(fetched(MOLLIE_API, thin("tr_1"), [payment()])).amount == Money(7_520, "EUR")
