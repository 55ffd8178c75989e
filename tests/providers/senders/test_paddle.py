"""What Paddle tells of transactions and adjustments, and how long it is believed."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, NOW, judge, judged, one_sale, practice, rejected
from tests.providers.senders.said import LATER

PADDLE = BY_ID["paddle"]


def paddle(event_type: str, event_id: str = "evt_1", at: str = LATER, **data: Any) -> Event:
    body = {"event_id": event_id, "event_type": event_type, "occurred_at": at, "data": data}
    return judged(PADDLE, json.dumps(body).encode())


def transaction(total: str, currency: str = "USD", **said: Any) -> dict[str, Any]:
    totals = {"totals": {"grand_total": total}}
    return {"id": "txn_1", "status": "completed", "currency_code": currency, "details": totals} | said


def adjustment(action: str, adjustment_id: str, total: str, status: str = "approved") -> dict[str, Any]:
    told = {"id": adjustment_id, "action": action, "status": status, "transaction_id": "txn_1"}
    return told | {"currency_code": "USD", "totals": {"total": total}}


@pytest.mark.parametrize("status", ["ready", "billed", "canceled", "past_due", ""])
def test_paddle_transactions_count_once_paid(status: str) -> None:
    assert paddle("transaction.completed", **transaction("3000", status=status)).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("total", "currency", "amount"),
    [
        ("3000", "USD", Money(3000, "USD")),
        ("500", "JPY", Money(500, "JPY")),
        ("30.00", "USD", None),
        ("-1", "USD", None),
    ],
)
def test_paddle_amounts_are_whole_numbers_in_texts(total: str, currency: str, amount: Money | None) -> None:
    claim = paddle("transaction.completed", **transaction(total, currency)).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert bool(claim.amount_text) is (amount is None)


@pytest.mark.parametrize("origin", ["subscription_payment_method_change", "subscription_recurring", "web"])
def test_a_paddle_transaction_of_nothing_is_no_sale(origin: str) -> None:
    """A change of card and a trial are completed transactions of 0 whose lines bear their full prices
    (paddle-python-sdk 1.16, the fixtures of its notifications)."""
    lines = [{"quantity": 1, "product": {"name": "Pro"}, "unit_totals": {"total": "3000"}}]
    details = {"totals": {"grand_total": "0"}, "line_items": lines}
    event = paddle(
        "transaction.completed", **transaction("0", origin=origin, customer_id="ctm_1") | {"details": details}
    )

    assert (event.kind, event.claim, event.needs_fetch) == (Kind.OTHER, None, "")


def test_all_that_paddle_tells_of_one_purchase_is_one_sale() -> None:
    sold = [
        paddle("transaction.paid", "evt_1", "2026-11-25T09:00:00Z", **transaction("3000", status="paid")),
        paddle("transaction.completed", "evt_2", "2026-11-25T09:00:05Z", **transaction("3000")),
    ]
    part = paddle("adjustment.updated", "evt_3", **adjustment("refund", "adj_1", "1000"))
    same = paddle("adjustment.created", "evt_4", **adjustment("refund", "adj_1", "1000"))
    rest = paddle("adjustment.updated", "evt_5", **adjustment("refund", "adj_2", "2000"))
    warned = paddle("adjustment.created", "evt_6", **adjustment("chargeback_warning", "adj_3", "3000"))
    taken = paddle("adjustment.created", "evt_7", "2026-11-26T10:00:00Z", **adjustment("chargeback", "adj_4", "3000"))
    undone = paddle(
        "adjustment.created", "evt_8", "2026-11-27T10:00:00Z", **adjustment("chargeback_reverse", "adj_5", "3000")
    )

    assert one_sale(*sold).amount == Money(3000, "USD")
    assert one_sale(*sold, part, same).kept == Money(2000, "USD")
    assert one_sale(*sold, part, rest).state is SaleState.REFUNDED
    assert one_sale(sold[1], warned, taken).state is SaleState.DISPUTED
    assert one_sale(sold[1], warned, taken, undone).state is SaleState.PAID


@pytest.mark.parametrize(
    ("action", "status"),
    [("refund", "pending_approval"), ("refund", "rejected"), ("credit", "approved"), ("unheard_of", "approved")],
)
def test_paddle_adjustments_that_give_nothing_back(action: str, status: str) -> None:
    assert paddle("adjustment.updated", **adjustment(action, "adj_1", "1000", status)).kind is Kind.OTHER


def test_paddle_made_up_messages_are_tests() -> None:
    event = paddle("transaction.completed", "ntfsimevt_01", **transaction("3000"))

    assert (event.kind, event.claim, event.live) == (Kind.TEST, None, False)


def test_paddle_names_the_customer_to_ask_for() -> None:
    assert (
        paddle("transaction.completed", **transaction("1", customer_id="ctm_1")).needs_fetch == "GET /customers/ctm_1"
    )
    assert not paddle("transaction.completed", **transaction("1", customer_id="../events?x=")).needs_fetch


def test_paddle_believes_a_message_for_five_seconds() -> None:
    assert isinstance(judge(PADDLE, practice(PADDLE), now=NOW + 5_999), Accepted)
    assert rejected(judge(PADDLE, practice(PADDLE), now=NOW + 7_000)).reason is Reason.TOO_OLD
