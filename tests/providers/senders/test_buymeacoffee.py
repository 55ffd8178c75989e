"""What Buy Me a Coffee tells of its families of payments."""

import json
from typing import Any

import pytest

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import RefundClaim, SaleClaim
from tests.providers.cases import BY_ID, judged

COFFEE = BY_ID["buymeacoffee"]


def coffee(event_type: str, **data: Any) -> Event:
    body = {"type": event_type, "live_mode": True, "created": 1_795_499_997, "event_id": 101}
    return judged(COFFEE, json.dumps(body | {"data": {"id": 58, "amount": 5, "currency": "USD"} | data}).encode())


@pytest.mark.parametrize(
    ("sent", "minor"), [(5, 500), (5.5, 550), ("5.45", 545), (0.1, 10), (5.555, None), (True, None), (-5, None)]
)
def test_a_coffee_costs_a_number_of_whole_units(sent: Any, minor: int | None) -> None:
    claim = coffee("donation.created", amount=sent).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == (None if minor is None else Money(minor, "USD"))


def test_numbers_of_one_family_are_not_those_of_another() -> None:
    donation, extra = coffee("donation.created"), coffee("extra_purchase.created")
    back = coffee("extra_purchase.refunded", transaction_id="pi_1")

    assert donation.claim is not None
    assert extra.claim is not None
    assert (donation.claim.order_id, extra.claim.order_id) == ("58", "extra_purchase:58")
    assert back.claim == RefundClaim("extra_purchase:58", Money(500, "USD"), "extra_purchase:58")
    assert back.links == ("pi_1",)
    assert coffee("membership.started").kind is Kind.OTHER
