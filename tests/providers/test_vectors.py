"""Every case of the vectors: requests as the real senders sign them."""

import pytest

from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, RefundClaim, SaleClaim
from shopwatch.domain.verdict import Accepted, Answer, Rejected
from shopwatch.providers.describe import describe
from tests.providers.cases import VECTORS, Case, accepted, vectors

CASES = vectors()
VALID = [case for case in CASES if case.given["expect"] == "valid"]
INVALID = [case for case in CASES if case.given["expect"] == "invalid"]


def named(case: Case) -> str:
    return f"{case.provider.id}: {case.name}"


def test_all_cases_are_here() -> None:
    assert len(CASES) == 38
    assert len(VALID) + len(INVALID) == len(CASES)
    assert sum(1 for file in VECTORS.rglob("*.json")) == 4


@pytest.mark.parametrize("case", VALID, ids=named)
def test_genuine_messages_are_accepted(case: Case) -> None:
    verdict = case.judge()

    assert isinstance(verdict, Accepted)
    assert verdict.answer == Answer(200, b"ok\n", "text/plain")
    event = verdict.event
    assert event.kind == case.given.get("kind", "other")
    if "event_id" in case.given:
        assert event.id == case.given["event_id"]
    if "event_type" in case.given:
        assert event.type == case.given["event_type"]


@pytest.mark.parametrize("case", INVALID, ids=named)
def test_all_others_are_rejected(case: Case) -> None:
    verdict = case.judge()

    assert isinstance(verdict, Rejected)
    assert verdict.answer.status == 401


@pytest.mark.parametrize("case", [case for case in VALID if "expect_sale" in case.given], ids=named)
def test_sales_are_read(case: Case) -> None:
    wanted = case.given["expect_sale"]

    claim = accepted(case.judge()).claim

    assert isinstance(claim, SaleClaim)
    assert claim.order_id == wanted["order_id"]
    assert claim.amount == Money(wanted["amount_minor"], wanted["currency"])
    assert (claim.email, claim.name) == (wanted["email"], wanted["name"])
    assert [(item.name, item.qty, item.unit) for item in claim.items] == [
        (item["name"], item["qty"], Money(item["unit_minor"], wanted["currency"])) for item in wanted["items"]
    ]
    assert describe(case.provider, case.name, case.judge())["sale"] == wanted


@pytest.mark.parametrize(
    "case", [case for case in VALID if {"expect_refund", "expect_dispute"} & case.given.keys()], ids=named
)
def test_refunds_and_disputes_are_read(case: Case) -> None:
    kind = case.given["kind"]
    wanted = case.given[f"expect_{kind}"]

    claim = accepted(case.judge()).claim

    assert isinstance(claim, RefundClaim if kind == "refund" else DisputeClaim)
    assert claim.order_id == wanted["order_id"]
    assert claim.amount == Money(wanted["amount_minor"], wanted["currency"])
    assert describe(case.provider, case.name, case.judge())[kind] == wanted
