"""What Whop tells of payments, refunds and disputes. The members are those of the types of @whop/sdk 0.0.42."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.senders.said import dispute_state

WHOP = BY_ID["whop"]


def whop(event: str, data: str, at: int = 0) -> Event:
    """`data` is the text of it, because numbers are read as they are written."""
    envelope = {"id": "x", "type": event, "company_id": "biz_1", "timestamp": f"2026-11-24T06:{40 + at}:00Z"}
    written = json.dumps(envelope)[:-1] + f', "data": {data}}}'
    return judged(WHOP, written.encode(), f"msg-{event}-{at}".replace(".", "_"))


def paid(total: str = "29.99", currency: str = "usd") -> Event:
    return whop("payment.succeeded", f'{{"id": "pay_1", "status": "paid", "total": {total}, "currency": "{currency}"}}')


def back(status: str = "succeeded", at: int = 1, refund: str = "r1", payment: Any = "pay_1") -> Event:
    told = {"id": refund, "status": status, "currency": "usd", "payment": payment and {"id": payment}}
    return whop("refund.updated", json.dumps(told)[:-1] + ', "amount": 10.43}', at)


def case(status: str, at: int = 1) -> Event:
    told = {"id": "d1", "status": status, "amount": 29.99, "currency": "usd", "payment": {"id": "pay_1"}}
    return whop("dispute.updated", json.dumps(told), at)


@pytest.mark.parametrize(
    ("total", "currency", "money", "shown"),
    [
        ("29.99", "usd", Money(2_999, "USD"), ""),
        ("0.1", "usd", Money(10, "USD"), ""),
        ("1500", "jpy", Money(1_500, "JPY"), ""),
        ("1.234", "kwd", Money(1_234, "KWD"), ""),
        ("29.999", "usd", None, "29.999 USD"),
        ("1e2", "usd", None, "1E+2 USD"),
        ("-1.5", "usd", None, "-1.5 USD"),
        ("0.5", "eth", None, "0.5 eth"),
        ("29.99", "whop_usd", None, "29.99 whop_usd"),
        ("null", "usd", None, ""),
        ('"29.99"', "usd", Money(2_999, "USD"), ""),
    ],
)
def test_amounts_are_read_digit_by_digit(total: str, currency: str, money: Money | None, shown: str) -> None:
    claim = paid(total, currency).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_all_that_whop_tells_of_one_payment_is_one_sale() -> None:
    assert one_sale(paid(), back(), back(at=2)).kept == Money(1_956, "USD")
    assert one_sale(paid(), back(), back(refund="r2", at=2)).kept == Money(913, "USD")
    assert one_sale(paid(), back(), back("failed", at=2)).kept == Money(2_999, "USD")
    assert one_sale(paid(), case("needs_response")).state is SaleState.DISPUTED
    assert one_sale(paid(), case("needs_response"), case("won", 2)).state is SaleState.PAID
    assert one_sale(paid(), case("needs_response"), case("lost", 2)).state is SaleState.LOST


@pytest.mark.parametrize("status", ["pending", "requires_action", ""])
def test_refunds_count_once_they_succeeded(status: str) -> None:
    assert back(status).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("warning_closed", DisputeState.WON),
        ("under_review", DisputeState.OPEN),
        ("closed", DisputeState.OPEN),
        ("other", DisputeState.OPEN),
    ],
)
def test_only_an_ending_that_is_known_ends_a_dispute(status: str, state: DisputeState) -> None:
    assert dispute_state(case(status)) is state


def test_a_refund_of_an_unknown_payment_is_kept_and_not_counted() -> None:
    assert back(payment=None).unreadable


@pytest.mark.parametrize("event", ["payment.created", "payment.pending", "payment.failed", "dispute_alert.created"])
def test_what_is_no_money_is_not_counted(event: str) -> None:
    assert whop(event, '{"id": "pay_1", "total": 5, "currency": "usd"}').kind is Kind.OTHER
