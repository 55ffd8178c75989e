"""What Stripe tells of one purchase in many events, of refunds and disputes."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeState, RefundClaim, SaleClaim
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.senders.said import dispute_state

STRIPE = BY_ID["stripe"]


def stripe(event_type: str, **told: Any) -> Event:
    body = {"id": "evt_1", "type": event_type, "created": 1_795_499_000, "livemode": True, "data": {"object": told}}
    return judged(STRIPE, json.dumps(body).encode())


@pytest.mark.parametrize("said", [{"payment_status": "unpaid"}, {}, {"payment_status": "paid", "mode": "setup"}])
def test_stripe_checkouts_count_once_paid(said: dict[str, str]) -> None:
    assert stripe("checkout.session.completed", id="cs_1", **said).kind is Kind.OTHER


def test_stripe_checkouts_paid_later_are_sales() -> None:
    session = {
        "id": "cs_1",
        "payment_status": "paid",
        "amount_total": 4250,
        "currency": "usd",
        "payment_intent": "pi_1",
    }

    event = stripe("checkout.session.async_payment_succeeded", **session)

    assert event.kind is Kind.SALE
    assert event.occurred_at == 1_795_499_000_000
    assert event.needs_fetch == "GET /v1/checkout/sessions/cs_1/line_items"


def test_all_that_stripe_tells_of_one_purchase_is_linked() -> None:
    money = {"amount": 4250, "currency": "usd"}
    session = stripe("checkout.session.completed", id="cs_1", payment_status="paid", payment_intent="pi_1")
    told = [
        stripe("payment_intent.succeeded", id="pi_1", amount_received=4250, currency="usd", latest_charge="ch_1"),
        stripe("charge.succeeded", id="ch_1", payment_intent="pi_1", captured=True, **money),
        stripe("charge.refunded", id="ch_1", payment_intent="pi_1", amount_refunded=100, currency="usd"),
        stripe("refund.created", id="re_1", charge="ch_1", payment_intent="pi_1", status="succeeded", **money),
        stripe("charge.dispute.created", id="du_1", charge="ch_1", payment_intent="pi_1", **money),
    ]

    assert session.links == ("pi_1",)
    for event in told:
        assert event.claim is not None
        assert "pi_1" in {event.claim.order_id, *event.links}


def test_stripe_payments_of_an_invoice_are_linked_to_it() -> None:
    old = stripe("charge.succeeded", id="ch_1", invoice="in_1", amount=5, currency="usd")
    new = stripe("payment_intent.succeeded", id="pi_1", payment_details={"order_reference": "in_1"})
    own = stripe("payment_intent.succeeded", id="pi_1", payment_details={"order_reference": "A-1001"})

    assert old.links == ("in_1",)
    assert new.links == ("in_1",)
    assert own.links == ()


def test_stripe_authorisations_are_no_sales() -> None:
    assert stripe("charge.succeeded", id="ch_1", captured=False, amount=5, currency="usd").kind is Kind.OTHER
    captured = stripe("charge.captured", id="ch_1", captured=True, amount=500, amount_captured=300, currency="usd")
    assert captured.claim == SaleClaim("ch_1", Money(300, "USD"), payment="ch_1")


@pytest.mark.parametrize("status", ["pending", "canceled", "requires_action"])
def test_stripe_refunds_count_once_given(status: str) -> None:
    assert stripe("refund.updated", id="re_1", charge="ch_1", amount=5, currency="usd", status=status).claim is None


@pytest.mark.parametrize("event_type", ["refund.failed", "refund.updated", "charge.refund.updated"])
def test_stripe_refunds_that_fail_count_no_more(event_type: str) -> None:
    paid = stripe("charge.succeeded", id="ch_1", amount=2000, currency="usd")
    given = stripe("charge.refunded", id="ch_1", amount_refunded=500, currency="usd")
    failed = stripe(event_type, id="re_1", charge="ch_1", amount=500, currency="usd", status="failed")

    assert failed.claim == RefundClaim("ch_1", Money(500, "USD"), "re_1", failed=True, payment="ch_1")
    assert one_sale(paid, given).given_back == Money(500, "USD")
    assert one_sale(paid, given, replace(failed, occurred_at=given.occurred_at + 1)).given_back is None


def test_stripe_tells_the_total_given_back_of_a_charge() -> None:
    event = stripe("charge.refunded", id="ch_1", amount_refunded=1250, currency="usd")

    assert event.claim == RefundClaim("ch_1", Money(1250, "USD"), "ch_1", cumulative=True, payment="ch_1")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("warning_under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("warning_closed", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_stripe_disputes_open_and_close(status: str, state: DisputeState) -> None:
    assert dispute_state(stripe("charge.dispute.closed", id="du_1", charge="ch_1", status=status)) is state


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (500, "isk", Money(5, "ISK")),
        (550, "isk", None),
        (12300, "ugx", Money(123, "UGX")),
        (7, "mga", Money(700, "MGA")),
        (500, "jpy", Money(500, "JPY")),
        (5120, "kwd", Money(5120, "KWD")),
    ],
)
def test_stripe_counts_some_currencies_its_own_way(amount: int, currency: str, money: Money | None) -> None:
    claim = stripe("charge.succeeded", id="ch_1", amount=amount, currency=currency).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == money


def test_stripe_lines_that_do_not_divide_have_no_unit_price() -> None:
    line = {"description": "3 x Seat", "quantity": 3, "amount": 1000, "currency": "eur"}
    claim = stripe("invoice.paid", id="in_1", amount_paid=1000, currency="eur", lines={"data": [line]}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.items[0].unit is None


def test_stripe_thin_events_are_kept_with_nothing_to_book() -> None:
    body = b'{"id":"evt_2","object":"v2.core.event","type":"v1.billing.meter.error","livemode":true}'

    assert judged(STRIPE, body).kind is Kind.OTHER
