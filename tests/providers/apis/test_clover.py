"""Clover tells the payment that its messages only name."""

from typing import Any

import pytest

from shopwatch.domain.money import Money
from shopwatch.domain.sale import RefundClaim
from shopwatch.providers.api import ApiFailure, ApiResponse, Problem
from shopwatch.providers.apis.clover import CLOVER_API
from tests.providers.apis.fetching import fetched
from tests.providers.played import answer, thin

KEY = "M1:token"
CALL = "GET /v3/merchants/M1/payments/PAY1"
PAYMENT = {"id": "PAY1", "amount": 2_198, "result": "SUCCESS", "order": {"id": "O1", "currency": "USD"}}


def asked(**more: Any) -> list[Any]:
    played = fetched(CLOVER_API, thin("PAY1", CALL, links=("s-1",)), [answer(PAYMENT | more)], KEY)
    return [each.claim for each in played.result]


def test_clover_tells_the_amount_in_the_currency_of_the_order() -> None:
    played = fetched(CLOVER_API, thin("PAY1", CALL, links=("s-1",)), [answer(PAYMENT)], KEY)
    assert played.urls == ["https://api.clover.com/v3/merchants/M1/payments/PAY1?expand=order%2Crefunds"]
    [meaning] = played.result
    assert (meaning.claim.amount, meaning.links, meaning.live) == (Money(2_198, "USD"), ("s-1",), True)
    [sale] = asked(order={"id": "O1"})
    assert (sale.amount, sale.amount_text) == (None, "2198")


def test_what_was_given_back_or_undone_is_told() -> None:
    _, back = asked(refunds={"elements": [{"id": "R1", "amount": 500}]})
    assert back == RefundClaim("PAY1", Money(500, "USD"), "R1")
    assert asked(result="VOIDED")[1] == RefundClaim("PAY1", None, "PAY1")


@pytest.mark.parametrize("result", ["AUTH", "INITIATED", "VOIDING", "DECLINED", "", None, 1])
def test_what_is_not_surely_paid_is_not_counted(result: Any) -> None:
    with pytest.raises(ApiFailure) as failure:
        asked(result=result)
    assert failure.value.problem is Problem.UNREADABLE


def test_an_account_of_the_sandbox_is_asked_there_and_does_not_count() -> None:
    played = fetched(CLOVER_API, thin("PAY1", CALL), [ApiResponse(401), answer(PAYMENT)], KEY)
    assert played.urls[1].startswith("https://apisandbox.dev.clover.com/")
    assert [each.live for each in played.result] == [False]


def test_another_merchants_payment_is_not_taken_for_ours() -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(CLOVER_API, thin("PAY1", "GET /v3/merchants/M9/payments/PAY1"), [answer(PAYMENT)], KEY)
    assert failure.value.problem is Problem.OTHER_ACCOUNT
