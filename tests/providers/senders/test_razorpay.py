"""What Razorpay tells of payments, orders, refunds and disputes."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, SaleClaim, SaleState
from tests.providers.cases import BY_ID, judged, one_sale

RAZORPAY = BY_ID["razorpay"]


def razorpay(event_type: str, event_id: str = "evt_1", **entities: Any) -> Event:
    payload = {name: {"entity": entity} for name, entity in entities.items()}
    body = {"event": event_type, "created_at": 1_795_499_997, "payload": payload}
    return judged(RAZORPAY, json.dumps(body).encode(), f"{event_type} {event_id}")


def paid(amount: int = 49900, currency: str = "INR", **said: Any) -> dict[str, Any]:
    told = {"id": "pay_1", "order_id": "order_1", "status": "captured", "amount": amount, "currency": currency}
    return told | said


@pytest.mark.parametrize("status", ["created", "authorized", "failed", "refunded", ""])
@pytest.mark.parametrize("event_type", ["order.paid", "payment.captured", "payment_link.paid"])
def test_razorpay_payments_count_once_captured(event_type: str, status: str) -> None:
    assert razorpay(event_type, payment=paid(status=status)).kind is Kind.OTHER
    assert razorpay("payment.authorized", payment=paid(status="authorized")).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (49900, "INR", Money(49900, "INR")),
        (295, "JPY", Money(295, "JPY")),
        (295990, "KWD", Money(295990, "KWD")),
        (-5, "INR", None),
    ],
)
def test_razorpay_amounts(amount: int, currency: str, money: Money | None) -> None:
    claim = razorpay("payment.captured", payment=paid(amount, currency)).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == money


def test_all_that_razorpay_tells_of_one_purchase_is_one_sale() -> None:
    order = {"id": "order_1", "amount_paid": 49900, "currency": "INR", "receipt": "rcpt#11"}
    link = {"id": "plink_1", "order_id": "order_1"}
    sold = [
        razorpay("payment.captured", payment=paid()),
        razorpay("order.paid", payment=paid(), order=order),
        razorpay("payment_link.paid", payment=paid(), order=order, payment_link=link),
    ]
    part = _razorpay_refund("rfnd_1", 9900)
    again = _razorpay_refund("rfnd_1", 9900, "refund.created")
    opened, won, lost = (_razorpay_dispute(ending) for ending in ("created", "won", "lost"))

    sale = one_sale(*sold)
    assert (sale.amount, sale.number) == (Money(49900, "INR"), "rcpt#11")
    assert one_sale(*sold, part, again).kept == Money(40000, "INR")
    assert one_sale(sold[0], part, _razorpay_refund("rfnd_2", 40000)).state is SaleState.REFUNDED
    assert one_sale(sold[1], opened).state is SaleState.DISPUTED
    assert one_sale(sold[1], opened, won).state is SaleState.PAID
    assert one_sale(sold[1], opened, lost).state is SaleState.LOST


def _razorpay_refund(refund_id: str, amount: int, event_type: str = "refund.processed") -> Event:
    refund = {"id": refund_id, "payment_id": "pay_1", "status": "processed", "amount": amount, "currency": "INR"}
    return razorpay(event_type, refund_id, refund=refund, payment=paid())


def _razorpay_dispute(ending: str, **said: Any) -> Event:
    case = {"id": "disp_1", "payment_id": "pay_1", "amount": 49900, "currency": "INR", "status": ending} | said
    return razorpay(f"payment.dispute.{ending}", dispute=case, payment=paid())


def test_razorpay_orders_may_be_paid_in_parts() -> None:
    order = {"id": "order_1", "amount_paid": 49900, "currency": "INR"}
    first = razorpay("payment.captured", "1", payment=paid(20000))
    second = razorpay("payment.captured", "2", payment=paid(29900, id="pay_2"))
    whole = razorpay("order.paid", payment=paid(29900, id="pay_2"), order=order)

    assert one_sale(first, second).amount == Money(49900, "INR")
    assert one_sale(first, second, whole).amount == Money(49900, "INR")


def test_razorpay_payments_without_an_order_are_sales_of_their_own() -> None:
    sold = razorpay("payment.captured", payment=paid(order_id=None))
    refund = {"id": "rfnd_1", "payment_id": "pay_1", "status": "processed", "amount": 900, "currency": "INR"}
    back = razorpay("refund.processed", refund=refund)

    assert one_sale(sold, back).order_id == "pay_1"


@pytest.mark.parametrize("status", ["pending", "failed", "created"])
def test_razorpay_refunds_count_once_processed(status: str) -> None:
    refund = {"id": "rfnd_1", "payment_id": "pay_1", "status": status, "amount": 900, "currency": "INR"}

    assert razorpay("refund.created", refund=refund, payment=paid()).kind is Kind.OTHER


def test_what_razorpay_gives_back_by_itself_was_never_the_shops() -> None:
    """As of an order that is paid for twice."""
    refund = {"id": "rfnd_1", "payment_id": "pay_2", "status": "processed", "amount": 49900, "currency": "INR"}

    back = razorpay("refund.processed", refund=refund, payment=paid(id="pay_2", status="refunded", captured=False))

    assert back.kind is Kind.OTHER
    assert razorpay("refund.processed", refund=refund, payment=paid(captured=True)).kind is Kind.REFUND


@pytest.mark.parametrize(
    ("ending", "status", "state"),
    [
        ("under_review", "under_review", DisputeState.OPEN),
        ("action_required", "open", DisputeState.OPEN),
        ("closed", "closed", DisputeState.WON),
        ("closed", "won", DisputeState.WON),
        ("closed", "lost", DisputeState.LOST),
        ("closed", "unheard of", DisputeState.OPEN),
        ("won", "anything", DisputeState.WON),
    ],
)
def test_razorpay_disputes_open_and_close(ending: str, status: str, state: DisputeState) -> None:
    claim = _razorpay_dispute(ending, status=status).claim

    assert isinstance(claim, DisputeClaim)
    assert claim.state is state
