"""What Authorize.Net tells of transactions, without their currency."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim
from tests.providers.cases import BY_ID, judged

AUTHORIZE_NET = BY_ID["authorize-net"]
CALL = "getTransactionDetailsRequest /transactions/40098176700"


def authorize_net(event: str, **payload: Any) -> Event:
    told = {"responseCode": 1, "authAmount": 9.5, "invoiceNumber": "R-1", "id": "40098176700"} | payload
    body = {"notificationId": "n-1", "eventType": f"net.authorize.payment.{event}.created", "payload": told}
    return judged(AUTHORIZE_NET, json.dumps(body).encode())


@pytest.mark.parametrize("event", ["authcapture", "priorAuthCapture", "capture"])
def test_money_that_was_taken_is_a_sale_in_a_currency_that_nobody_names(event: str) -> None:
    told = authorize_net(event)
    assert told.claim == SaleClaim("40098176700", None, number="R-1", amount_text="9.5")
    assert told.needs_fetch == CALL


@pytest.mark.parametrize("code", [2, 3, 4, None, "1", True])
def test_a_transaction_that_was_not_approved_is_none(code: Any) -> None:
    assert authorize_net("authcapture", responseCode=code).kind is Kind.OTHER
    assert authorize_net("refund", responseCode=code).kind is Kind.OTHER


def test_of_a_refund_and_of_what_was_undone_only_the_transaction_says_more() -> None:
    refund, void = authorize_net("refund"), authorize_net("void")
    assert (refund.kind, refund.claim, refund.needs_fetch) == (Kind.REFUND, None, CALL)
    assert (void.kind, void.claim, void.needs_fetch) == (Kind.OTHER, None, CALL)
    assert authorize_net("authorization").needs_fetch == ""
