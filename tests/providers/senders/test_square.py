"""What Square tells of payments, refunds and disputes, and the address it signs."""

import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judge, judged, one_sale, rejected, signed
from tests.providers.senders.said import LATER

SQUARE = BY_ID["square"]


def square(event_type: str, environment: str = "Production", at: str = LATER, **told: Any) -> Event:
    name = event_type.partition(".")[0]
    body = {"type": event_type, "event_id": f"{event_type} {at}", "created_at": at, "data": {"object": {name: told}}}
    return judged(SQUARE, json.dumps(body).encode(), square_environment=environment)


def payment(**said: Any) -> dict[str, Any]:
    money = {"amount": 1850, "currency": "USD"}
    return {"id": "P-1", "order_id": "O-1", "status": "COMPLETED", "amount_money": money, "total_money": money} | said


@pytest.mark.parametrize("status", ["APPROVED", "PENDING", "CANCELED", "FAILED", ""])
def test_square_payments_count_once_completed(status: str) -> None:
    assert square("payment.updated", **payment(status=status)).kind is Kind.OTHER


def test_square_counts_the_tip() -> None:
    claim = square("payment.updated", **payment(total_money={"amount": 2100, "currency": "USD"})).claim

    assert claim == SaleClaim("O-1", Money(2100, "USD"), payment="P-1")


@pytest.mark.parametrize(
    ("money", "amount", "shown"),
    [
        ({"amount": 500, "currency": "JPY"}, Money(500, "JPY"), ""),
        ({"amount": 5120, "currency": "KWD"}, Money(5120, "KWD"), ""),
        ({"amount": -1, "currency": "USD"}, None, "-0.01 USD"),
        ({"amount": 10**30, "currency": "USD"}, None, f"{10**28}.00 USD"),
        ({"amount": 500, "currency": "XYZ"}, None, "500 XYZ"),
        ({"currency": "USD"}, None, ""),
        (None, Money(1850, "USD"), ""),
    ],
)
def test_square_amounts(money: Any, amount: Money | None, shown: str) -> None:
    claim = square("payment.updated", **payment(total_money=money)).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (amount, shown)


def test_all_that_square_tells_of_one_purchase_is_one_sale() -> None:
    told = [
        square("payment.created", at="2026-11-25T09:00:00Z", **payment()),
        square("payment.updated", at="2026-11-25T09:00:01Z", **payment()),
    ]
    refunds = [
        # A refund may have an order of its own.
        square("refund.updated", **_back("R-1", 850, order_id="O-2")),
        square("refund.created", **_back("R-1", 850, order_id="O-2")),
        square("refund.updated", at="2026-11-25T11:00:00Z", **_back("R-2", 150)),
    ]
    case: dict[str, Any] = {
        "id": "D-1",
        "disputed_payment": {"payment_id": "P-1"},
        "amount_money": {"amount": 1850, "currency": "USD"},
    }
    opened = square("dispute.created", at="2026-11-25T12:00:00Z", state="EVIDENCE_REQUIRED", **case)
    won = square("dispute.state.updated", at="2026-11-25T13:00:00Z", state="WON", **case)
    lost = square("dispute.state.updated", at="2026-11-25T13:00:00Z", state="LOST", **case)

    assert one_sale(*told).amount == Money(1850, "USD")
    assert one_sale(*told, *refunds).kept == Money(850, "USD")
    assert one_sale(*told, *refunds[:1], opened).state is SaleState.DISPUTED
    assert one_sale(told[0], refunds[0], opened, won).state is SaleState.PART_REFUNDED
    assert one_sale(told[0], refunds[0], opened, lost).state is SaleState.LOST
    assert one_sale(*told).order_id == "O-1"


def _back(refund_id: str, amount: int, status: str = "COMPLETED", **said: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "USD"}
    return {"id": refund_id, "payment_id": "P-1", "status": status, "amount_money": money} | said


def test_square_orders_may_be_paid_by_several_payments() -> None:
    gift_card = square("payment.updated", **payment(id="P-1", total_money={"amount": 1000, "currency": "USD"}))
    card = square("payment.updated", at="2026-11-25T10:00:09Z", **payment(id="P-2"))

    assert one_sale(gift_card, card).amount == Money(2850, "USD")


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "FAILED"])
def test_square_refunds_count_once_given(status: str) -> None:
    assert square("refund.updated", **_back("R-1", 850, status)).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("INQUIRY_EVIDENCE_REQUIRED", DisputeState.OPEN),
        ("PROCESSING", DisputeState.OPEN),
        ("WON", DisputeState.WON),
        ("INQUIRY_CLOSED", DisputeState.WON),
        ("LOST", DisputeState.LOST),
        ("ACCEPTED", DisputeState.LOST),
    ],
)
def test_square_disputes_open_and_close(said: str, state: DisputeState) -> None:
    event = square("dispute.state.updated", id="D-1", disputed_payment={"payment_id": "P-1"}, state=said)

    assert event.claim == DisputeClaim("P-1", None, "D-1", state)


def test_square_tells_its_sandbox_from_real_money() -> None:
    assert not square("payment.updated", "Sandbox", **payment()).live
    assert square("payment.updated", **payment()).live


def test_square_signs_the_address_that_was_entered_there() -> None:
    request = signed(SQUARE, b'{"type":"payment.updated","event_id":"1"}')

    for elsewhere in (f"{request.url}/", f"{request.url}?a=1", request.url.replace("https", "http"), "\ud800"):
        assert rejected(judge(SQUARE, structs.replace(request, url=elsewhere))).reason is Reason.SIGNATURE_MISMATCH
