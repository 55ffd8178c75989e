"""What Stripe tells of one purchase in many events, of refunds and disputes."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.providers.api import Place
from shopwatch.providers.apis.stripe import STRIPE_API
from tests.providers.cases import BY_ID, judged, one_sale
from tests.providers.played import answer, play
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


# docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices, and the types of
# stripe-python 16.1: invoices name no payment, charges and intents no invoice.
_USD = {"currency": "usd"}
_SESSION = {
    "id": "cs_1",
    "payment_status": "paid",
    "mode": "subscription",
    "invoice": "in_1",
    "amount_total": 2000,
} | _USD
_INVOICE = {"id": "in_1", "object": "invoice", "amount_paid": 2000, "number": "A-1", "customer_name": "Ada"} | _USD
_INTENT = {"id": "pi_1", "object": "payment_intent", "amount_received": 2000, "latest_charge": "ch_1"} | _USD
_CHARGE = {"id": "ch_1", "object": "charge", "amount": 2000, "captured": True, "payment_intent": "pi_1"} | _USD
_JOINT = {
    "id": "inpay_1",
    "object": "invoice_payment",
    "amount_paid": 2000,
    "invoice": "in_1",
    "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
    "status": "paid",
} | _USD
_REFUND = ("charge.refunded", _CHARGE | {"amount_refunded": 500})
_DISPUTE = ("charge.dispute.created", {"id": "du_1", "charge": "ch_1", "payment_intent": "pi_1", "amount": 2000} | _USD)
_REFERRING = _INTENT | {"payment_details": {"customer_reference": None, "order_reference": "in_1"}}


def told(*messages: tuple[str, dict[str, Any]]) -> list[Event]:
    return [replace(stripe(kind, **of), id=f"evt_{place}") for place, (kind, of) in enumerate(messages)]


@pytest.mark.parametrize(
    "joining", [("invoice_payment.paid", _JOINT), ("payment_intent.succeeded", _REFERRING)], ids=lambda each: each[0]
)
def test_refunds_and_disputes_of_an_invoice_find_it_by_what_joins_invoice_and_payment(
    joining: tuple[str, dict[str, Any]],
) -> None:
    sale = one_sale(
        *told(("checkout.session.completed", _SESSION), ("invoice.paid", _INVOICE), joining, _REFUND, _DISPUTE)
    )

    assert (sale.state, sale.amount, sale.given_back) == (SaleState.DISPUTED, Money(2000, "USD"), Money(500, "USD"))


def test_an_invoice_and_its_charge_are_not_two_sales_while_nothing_joins_them() -> None:
    invoice, charge = told(("invoice.paid", _INVOICE), ("charge.succeeded", _CHARGE))

    assert one_sale(invoice).kept == Money(2000, "USD")
    assert (one_sale(charge).state, one_sale(charge).kept) == (SaleState.INCOMPLETE, None)


def test_an_invoice_and_its_charge_are_one_sale_as_soon_as_something_joins_them() -> None:
    sale = one_sale(
        *told(("invoice.paid", _INVOICE), ("charge.succeeded", _CHARGE), ("invoice_payment.paid", _JOINT), _REFUND)
    )

    assert (sale.state, sale.kept) == (SaleState.PART_REFUNDED, Money(1500, "USD"))


def test_payments_without_checkout_or_invoice_are_sales_with_the_name_that_their_charge_says() -> None:
    """A card reader's, the Payment Element's and plug-ins' (docs.stripe.com/terminal, payments/payment-element)."""
    person = {"billing_details": {"name": "Maya", "email": "maya@example.com"}}

    sale = one_sale(*told(("payment_intent.succeeded", _INTENT), ("charge.succeeded", _CHARGE | person)))

    assert (sale.state, sale.kept, sale.name) == (SaleState.PAID, Money(2000, "USD"), "Maya")


@pytest.mark.parametrize("said", [{}, {"payment_intent": "pi_1", "invoice": None}], ids=["no intent", "before basil"])
def test_charges_that_are_surely_of_no_invoice_are_sales_alone(said: dict[str, Any]) -> None:
    [event] = told(("charge.succeeded", {"id": "ch_1", "amount": 2000, "captured": True} | _USD | said))

    assert one_sale(event).kept == Money(2000, "USD")


def test_an_invoice_paid_in_two_parts_is_one_sale_and_refunds_of_both_add_up() -> None:
    def part(number: int, minor: int, back: int) -> list[tuple[str, dict[str, Any]]]:
        paid = {"payment": {"type": "payment_intent", "payment_intent": f"pi_{number}"}, "amount_paid": minor}
        charge = {"id": f"ch_{number}", "payment_intent": f"pi_{number}", "amount": minor, "amount_refunded": back}
        return [("invoice_payment.paid", _JOINT | paid), ("charge.refunded", _CHARGE | charge)]

    parts = told(*part(1, 1200, 300), *part(2, 800, 200))
    whole = told(*part(1, 1200, 300), *part(2, 800, 200), ("invoice.paid", _INVOICE))

    for events in (parts, whole):
        sale = one_sale(*events)
        assert (sale.amount, sale.given_back) == (Money(2000, "USD"), Money(500, "USD"))


@pytest.mark.parametrize(
    ("event_type", "of"),
    [
        ("invoice.paid", _INVOICE | {"amount_paid": 0}),
        ("invoice.payment_succeeded", _INVOICE | {"amount_paid": 0}),
        ("checkout.session.completed", _SESSION | {"amount_total": 0}),
        ("checkout.session.completed", _SESSION | {"payment_status": "no_payment_required"}),
        ("invoice_payment.paid", _JOINT | {"amount_paid": 0}),
        ("invoice_payment.paid", _JOINT | {"status": "open", "amount_paid": None}),
    ],
)
def test_trials_and_vouchers_for_all_of_it_are_no_sales(event_type: str, of: dict[str, Any]) -> None:
    assert stripe(event_type, **of).kind is Kind.OTHER


@pytest.mark.parametrize("payment", [None, 7, [], {}, {"payment_intent": None}, {"payment_intent": {"id": "pi_1"}}])
def test_payments_of_an_invoice_that_do_not_say_which_are_sales_of_it(payment: Any) -> None:
    event = stripe("invoice_payment.paid", **_JOINT | {"payment": payment})

    assert event.claim == SaleClaim("in_1", Money(2000, "USD"), payment="inpay_1")


@pytest.mark.parametrize("invoice", [None, "", 1.5, {"id": "in_1"}, ["in_1"]])
def test_payments_of_no_invoice_are_kept_uncounted(invoice: Any) -> None:
    event = stripe("invoice_payment.paid", **_JOINT | {"invoice": invoice})

    assert (event.claim, bool(event.unreadable)) == (None, True)


@pytest.mark.parametrize("amount", [-1, None, "much", 1.5, 10**30, True])
def test_amounts_of_an_invoice_payment_that_are_none_are_not_counted(amount: Any) -> None:
    claim = stripe("invoice_payment.paid", **_JOINT | {"amount_paid": amount}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount is None


@pytest.mark.parametrize(
    ("kind", "of"), [_REFUND, _DISPUTE, ("refund.failed", {"id": "re_1", "status": "failed"} | _CHARGE)]
)
def test_of_what_is_given_back_it_is_asked_which_invoice_it_is(kind: str, of: dict[str, Any]) -> None:
    asked = "GET /v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_1"

    assert stripe(kind, **of).needs_fetch == asked
    assert not stripe(kind, **of | {"payment_intent": "../pi_1"}).needs_fetch
    assert not stripe(kind, **of | {"payment_intent": None, "charge": "ch_1"}).needs_fetch


def test_all_that_is_to_be_ticked_is_read_asked_for_and_registered() -> None:
    """One list: at most 20 types can be asked for at once (docs.stripe.com/api/events/list)."""
    assert set(STRIPE.setup.events) <= set(STRIPE.readers)
    assert len(STRIPE.setup.events) <= 20
    assert STRIPE_API.missed is not None
    [url] = play(STRIPE_API.missed(Place(0), "sk", {}), [answer({"data": []})]).urls
    assert parse_qs(url)["types[]"] == list(STRIPE.setup.events)
