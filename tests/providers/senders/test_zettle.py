"""What Zettle tells, in the shapes of iZettle/api-documentation 333074c."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, accepted, judge, judged, one_sale, rejected, signed
from tests.providers.senders.said import sent

ZETTLE = BY_ID["zettle"]


def message(payload: Any, event: str = "PurchaseCreated", number: int = 1) -> bytes:
    told = payload if isinstance(payload, str) else json.dumps(payload)
    return json.dumps(
        {"eventName": event, "messageId": f"m-{number}", "payload": told, "timestamp": f"2026-11-24T06:3{number}:00Z"}
    ).encode()


def purchase(number: int = 1, **more: Any) -> Event:
    told = {"purchaseUuid": f"p-{number}", "currency": "GBP", "amount": 35_300} | more
    return judged(ZETTLE, message(told, number=number))


def back(number: int = 2, amount: Any = -1_200) -> Event:
    return purchase(number, amount=amount, refund=True, refundsPurchaseUUID1="p-1")


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (35_300, "GBP", Money(35_300, "GBP")),
        (1_500, "JPY", Money(1_500, "JPY")),
        (-1, "GBP", None),
        (None, "GBP", None),
        ("x", "GBP", None),
        (1, None, None),
    ],
)
def test_amounts_are_in_the_smallest_unit(amount: Any, currency: Any, money: Money | None) -> None:
    claim = purchase(amount=amount, currency=currency).claim
    assert isinstance(claim, SaleClaim)
    assert claim.amount == money


def test_refunds_find_their_sale_and_count_once_each() -> None:
    assert one_sale(purchase(), back()).kept == Money(34_100, "GBP")
    assert one_sale(purchase(), back(), back(3, -4_100)).kept == Money(30_000, "GBP")
    assert one_sale(purchase(), back(amount=-35_300)).state is SaleState.REFUNDED


@pytest.mark.parametrize("amount", [None, "-1200", 1_200, 1.5])
def test_a_refund_of_an_unclear_amount_is_no_sum(amount: Any) -> None:
    sale = one_sale(purchase(), back(amount=amount))
    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, None)


def test_the_same_payload_under_another_number_is_the_same_sale() -> None:
    again = judged(ZETTLE, message({"purchaseUuid": "p-1", "currency": "GBP", "amount": 35_300}, number=4))
    assert one_sale(purchase(), again).kept == Money(35_300, "GBP")


@pytest.mark.parametrize("payload", ["", "x", "[]", '{"purchaseUuid": 1', "{}"])
def test_a_payload_that_cannot_be_read_is_kept_and_said_to_be_so(payload: str) -> None:
    event = accepted(judge(ZETTLE, signed(ZETTLE, message(payload))))
    assert event.unreadable
    assert event.claim is None


def test_other_changes_book_nothing() -> None:
    assert judged(ZETTLE, message({"newEntity": {"name": "Mug"}}, "ProductUpdated")).kind is Kind.OTHER


def tried(body: bytes, **headers: str) -> Verdict:
    return judge(ZETTLE, sent("POST", "https://shop.example/in/x", body, **headers))


def test_its_unsigned_trial_is_answered_and_nothing_else_that_is_unsigned() -> None:
    trial = b'{"eventName": "TestMessage", "payload": {"data": "payload"}}'
    assert rejected(tried(trial)).reason is Reason.PING
    assert rejected(tried(trial, X_iZettle_Signature="0" * 64)).reason is Reason.SIGNATURE_MISMATCH
    assert rejected(tried(message({}))).reason is Reason.SIGNATURE_MISSING
    assert rejected(tried(b"no json")).reason is Reason.SIGNATURE_MISSING
