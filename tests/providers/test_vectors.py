"""Every case of the vectors: requests as the real senders sign them."""

import json
import re
from typing import Any

import pytest

from shopwatch.domain.messages.verdict import Accepted, Answer, Challenge, Rejected, explain
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, RefundClaim, SaleClaim
from shopwatch.providers import provider_or_check
from shopwatch.providers.verdict_text import describe
from tests.providers.cases import VECTORS, Case, accepted, vectors

CASES = vectors()
VALID = [case for case in CASES if case.given["expect"] == "valid"]
INVALID = [case for case in CASES if case.given["expect"] == "invalid"]
CHALLENGES = [case for case in CASES if case.given["expect"] == "challenge"]
UNSIGNED = ("ping", "hint", "test")


def named(case: Case) -> str:
    return f"{case.provider.id}: {case.name}"


def test_all_cases_are_here() -> None:
    assert len(VALID) + len(INVALID) + len(CHALLENGES) == len(CASES) == 459


def test_each_file_is_judged_under_its_own_name() -> None:
    names = {file.stem.replace("_", "-") for file in VECTORS.rglob("*.json")} - {"paynow-gg"}
    assert all(provider_or_check(name) for name in names | {"paynow"})


@pytest.mark.parametrize("case", VALID, ids=named)
def test_genuine_messages_are_accepted(case: Case) -> None:
    verdict = case.judge()

    assert isinstance(verdict, Accepted)
    assert not verdict.event.unreadable
    assert_answered(verdict.answer, case)
    event = verdict.event
    if "kind" in case.given:
        # To the vectors, all that is no money is one.
        assert event.kind == case.given["kind"] or {event.kind.value, case.given["kind"]} == {"notice", "other"}
    if "event_id" in case.given:
        # Where nothing of a message is an id, a digest of all that is signed stands behind what names it.
        assert event.id.partition(":sha256:")[0] == case.given["event_id"]
    if "event_type" in case.given:
        assert event.type == case.given["event_type"]


@pytest.mark.parametrize("case", INVALID, ids=named)
def test_all_others_are_rejected(case: Case) -> None:
    verdict = case.judge()

    assert isinstance(verdict, Rejected)
    assert (verdict.answer.status == 200) is (case.given.get("kind") in UNSIGNED)
    assert explain(verdict.reason, case.provider.name, verdict.detail)
    assert_answered(verdict.answer, case)
    if "hint_id" in case.given:
        assert verdict.detail == case.given["hint_id"]


@pytest.mark.parametrize("case", CHALLENGES, ids=named)
def test_handshakes_are_answered(case: Case) -> None:
    verdict = case.judge()

    assert isinstance(verdict, Challenge)
    assert_answered(verdict.answer, case)


def assert_answered(answer: Answer, case: Case) -> None:
    """The answer is the one that the case asks for, if it asks for one."""
    wanted = case.given.get("expect_response", {})
    assert answer.status == wanted.get("status", answer.status)
    assert answer.content_type == wanted.get("content_type", answer.content_type)
    sent = {name.lower(): value for name, value in answer.headers} | {"x-content-type-options": "nosniff"}
    for name, value in wanted.get("headers", {}).items():
        assert re.fullmatch(re.escape(value).replace("<any>", '[^"]+'), sent[name.lower()])
    if wanted.get("compare") == "json":
        assert json.loads(answer.body) == json.loads(wanted["body"])
    elif wanted.get("compare") == "xml":
        assert re.sub(rb"^<\?xml[^>]*\?>\s*", b"", answer.body).decode() == wanted["body"]
    elif "body" in wanted:
        assert answer.body.decode() == wanted["body"]


@pytest.mark.parametrize("case", [case for case in VALID if "expect_sale" in case.given], ids=named)
def test_sales_are_read(case: Case) -> None:
    wanted = case.given["expect_sale"]

    claim = accepted(case.judge()).claim

    assert isinstance(claim, SaleClaim)
    assert claim.order_id == wanted["order_id"]
    assert claim.amount == _money(wanted)
    assert (claim.email or None) == wanted["email"]
    assert claim.name == wanted.get("name", claim.name)
    assert [(item.name, item.qty, item.unit) for item in claim.items] == [
        (item["name"], item["qty"], _money({"amount_minor": item["unit_minor"], "currency": wanted["currency"]}))
        for item in wanted["items"]
    ]
    told = describe(case.provider, case.name, case.judge())["sale"]
    if "amount_text" in case.given:
        # Written as text, it is nobody's hundredths; two decimals are told as those of no currency.
        assert claim.amount_text == case.given["amount_text"]
        told["amount_minor"] = None
    for name in told.keys() & wanted.keys():
        assert told[name] == wanted[name]
    if "needs_fetch" in wanted:
        assert accepted(case.judge()).needs_fetch


@pytest.mark.parametrize(
    "case", [case for case in VALID if {"expect_refund", "expect_dispute"} & case.given.keys()], ids=named
)
def test_refunds_and_disputes_are_read(case: Case) -> None:
    kind = case.given["kind"]
    wanted = case.given[f"expect_{kind}"]
    if wanted["amount_minor"] is None:
        # Of what nobody knows the amount of, the currency is not told either.
        wanted = wanted | {"currency": None}

    event = accepted(case.judge())
    claim = event.claim
    if wanted["order_id"] is None:
        assert (claim, event.kind) == (None, kind)
        assert event.needs_fetch.endswith(wanted["refund_id"])
        return

    assert isinstance(claim, RefundClaim if kind == "refund" else DisputeClaim)
    assert claim.order_id == wanted["order_id"]
    assert claim.amount == _money(wanted)
    told = describe(case.provider, case.name, case.judge())[kind]
    assert told.pop(f"{kind}_id") == wanted.get(f"{kind}_id", told_id(claim))
    assert told == {name: wanted[name] for name in told}


@pytest.mark.parametrize("case", [case for case in VALID if "expect_events" in case.given], ids=named)
def test_all_events_of_a_message_are_read(case: Case) -> None:
    verdict = case.judge()
    assert isinstance(verdict, Accepted)

    for event, wanted in zip(verdict.events, case.given["expect_events"], strict=True):
        assert (event.id, event.kind) == (wanted["event_id"], wanted["kind"])
        assert (event.claim.order_id if event.claim else None) == wanted.get("order_id")
        assert event.needs_fetch.endswith(wanted.get("refund_id", ""))


def told_id(claim: RefundClaim | DisputeClaim) -> str:
    return claim.refund_id if isinstance(claim, RefundClaim) else claim.dispute_id


def _money(wanted: dict[str, Any]) -> Money | None:
    """None also where the case counts money of a currency that nobody names."""
    minor, currency = wanted["amount_minor"], wanted["currency"]
    return None if minor is None or currency is None else Money(minor, currency)
