"""What Buy Me a Coffee tells of its families of payments."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
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


@pytest.mark.parametrize("family", ["recurring_donation", "membership"])
def test_what_begins_counts_its_first_payment(family: str) -> None:
    """A message recorded in June 2026 (monthly support of 3 EUR) names an active one whose period is paid."""
    said = {
        "amount": 3,
        "currency": "EUR",
        "psp_id": "sub_1",
        "supporter_name": "Ada",
        "supporter_email": "a@b.example",
    }
    began = coffee(f"{family}.started", status="active", **said)

    assert began.claim == SaleClaim(f"{family}:58", Money(300, "EUR"), name="Ada", email="a@b.example")
    assert began.links == ("sub_1",)
    for status in ("incomplete", "paused", "", None, 1):
        assert coffee(f"{family}.started", status=status, **said).kind is Kind.OTHER
    for step in ("updated", "cancelled"):
        assert coffee(f"{family}.{step}", status="active", **said).kind is Kind.OTHER
