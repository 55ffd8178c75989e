"""What Clover's Hosted Checkout tells of payments."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim
from tests.providers.cases import BY_ID, judged

CLOVER = BY_ID["clover"]
PAID = {"type": "PAYMENT", "status": "APPROVED", "id": "PAY1", "merchantId": "M1", "data": "s-1"}


def clover(**more: Any) -> Event:
    return judged(CLOVER, json.dumps(PAID | more).encode())


def test_a_payment_is_named_and_its_amount_must_be_asked_for() -> None:
    """The text of the message is for people: "Approved for 100" may be cents or dollars."""
    event = clover(message="Approved for 100")
    assert (event.claim, event.links) == (SaleClaim("PAY1", None), ("s-1",))
    assert (event.id, event.needs_fetch) == ("PAY1:APPROVED", "GET /v3/merchants/M1/payments/PAY1")


@pytest.mark.parametrize("status", ["DECLINED", "", None, 1])
def test_what_was_not_approved_is_no_sale(status: Any) -> None:
    assert clover(status=status).kind is Kind.OTHER


def test_members_may_have_a_capital_letter_and_the_small_one_counts() -> None:
    """docs.clover.com writes both."""
    body = {"Type": "PAYMENT", "Status": "APPROVED", "Id": "PAY2", "MerchantId": "M1"}
    event = judged(CLOVER, json.dumps(body).encode())
    assert (event.type, event.claim) == ("PAYMENT", SaleClaim("PAY2", None))
    assert clover(Id="PAY9", Status="DECLINED").claim == SaleClaim("PAY1", None)
