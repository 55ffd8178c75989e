"""What senders by the standard tell in its plain form of sales."""

import json
from typing import Any

from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim
from tests.providers.cases import BY_ID, judged

STANDARD = BY_ID["standard-webhooks"]


def standard(event_type: str, **data: Any) -> Event:
    return judged(STANDARD, json.dumps({"type": event_type, "data": data}).encode())


def test_the_standard_has_a_plain_form_for_sales() -> None:
    sold = standard(
        "sale",
        order_id="A-7",
        amount_minor=5450,
        currency="USD",
        email="maya@example.com",
        name="Maya",
        items=[{"name": "Spring bouquet", "qty": 1, "unit_minor": 5450}],
    )
    returned = standard("refund", order_id="A-7", refund_id="R-1", amount_minor=450, currency="USD")
    lost = standard("dispute", order_id="A-7", dispute_id="D-1", state="lost")

    assert isinstance(sold.claim, SaleClaim)
    assert (sold.claim.order_id, sold.claim.amount) == ("A-7", Money(5450, "USD"))
    assert returned.claim == RefundClaim("A-7", Money(450, "USD"), "R-1")
    assert lost.claim == DisputeClaim("A-7", None, "D-1", DisputeState.LOST)
    assert not standard("sale", order_id="A-8", test=True).live
