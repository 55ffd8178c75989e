"""What each sender's messages mean for the shop, case by case."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.domain.verdict import Accepted, Challenge, Rejected
from shopwatch.providers import PROVIDERS, provider
from shopwatch.providers.provider import Provider
from tests.providers.cases import BY_ID, NOW, judge, judged, members, one_sale, opened, practice, redrafted

PAYNOW, STRIPE, SHOPIFY, STANDARD = (BY_ID[name] for name in ("paynow", "stripe", "shopify", "standard-webhooks"))


def paynow(event_type: str, **body: Any) -> Event:
    return judged(PAYNOW, json.dumps({"event_type": event_type, "event_id": "1", "body": body}).encode())


def stripe(event_type: str, **told: Any) -> Event:
    body = {"id": "evt_1", "type": event_type, "created": 1_795_499_000, "livemode": True, "data": {"object": told}}
    return judged(STRIPE, json.dumps(body).encode())


def shopify(topic: str, **body: Any) -> Event:
    return judged(SHOPIFY, json.dumps(body).encode(), "event-1", X_Shopify_Topic=topic)


def standard(event_type: str, **data: Any) -> Event:
    return judged(STANDARD, json.dumps({"type": event_type, "data": data}).encode())


def dispute_state(event: Event) -> DisputeState:
    assert isinstance(event.claim, DisputeClaim)
    return event.claim.state


ODD: tuple[Any, ...] = (None, True, -1, 0, 2**63, 1.5, "", "x", "\0", [], [[]], {}, {"id": {}}, [None, {}, {"": 1}])


@pytest.mark.parametrize(
    ("sender", "kind"),
    [(sender, kind) for sender in PROVIDERS for kind in sender.practises],
    ids=lambda each: each.id if isinstance(each, Provider) else each.value,
)
def test_any_member_may_hold_anything(sender: Provider, kind: Kind) -> None:
    made = practice(sender, kind, 4)
    for path in members(opened(made.body)):
        for odd in ODD:
            body = opened(made.body)
            place = body
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = odd

            assert isinstance(judge(sender, redrafted(sender, kind, 4, body)), Accepted | Challenge | Rejected)


def test_providers_are_found_by_id() -> None:
    assert all(provider(each.id) is each for each in PROVIDERS)
    assert len({each.id for each in PROVIDERS}) == len({each.tile for each in PROVIDERS}) == len(PROVIDERS)
    assert provider("nobody") is None


@pytest.mark.parametrize("status", ["created", "canceled"])
def test_paynow_orders_count_once_completed(status: str) -> None:
    assert paynow("ON_ORDER_COMPLETED", id="9", status=status).kind is Kind.OTHER


def test_paynow_payments_belong_to_their_order() -> None:
    event = paynow("ON_PAYMENT_COMPLETED", id="77", order_id="9", amount=500, currency="EUR")

    assert event.claim == SaleClaim("9", Money(500, "EUR"))


def test_paynow_renewals_are_counted_by_their_order_alone() -> None:
    assert paynow("ON_SUBSCRIPTION_RENEWED", id="5", total_amount=500, currency="EUR").kind is Kind.OTHER


def test_paynow_part_refunds_give_back_what_the_store_gave_back() -> None:
    event = paynow("ON_REFUND", id="3", order_id="9", amount=1998, store_refund_amount=500, currency="USD")

    assert event.claim == RefundClaim("9", Money(500, "USD"), "3")


@pytest.mark.parametrize("status", ["created", "processing", "canceled", "failed"])
def test_paynow_refunds_count_once_given(status: str) -> None:
    assert paynow("ON_REFUND", id="3", order_id="9", amount=1, currency="USD", status=status).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("event_type", "said", "state"),
    [
        ("ON_CHARGEBACK", {"chargeback_status": "open"}, DisputeState.OPEN),
        ("ON_CHARGEBACK", {}, DisputeState.OPEN),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "won"}, DisputeState.WON),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "lost"}, DisputeState.LOST),
        ("ON_CHARGEBACK_CLOSED", {"status": "lost"}, DisputeState.LOST),
        ("ON_CHARGEBACK_CLOSED", {"chargeback_status": "unheard of"}, DisputeState.OPEN),
        ("ON_CHARGEBACK_LIFECYCLE", {"status": "under_review", "payment_id": "77"}, DisputeState.OPEN),
        ("ON_CHARGEBACK_LIFECYCLE", {"status": "lost", "payment_id": "77"}, DisputeState.LOST),
    ],
)
def test_paynow_chargebacks_open_and_close(event_type: str, said: dict[str, str], state: DisputeState) -> None:
    event = paynow(event_type, id="77", order_id="9", amount=1, currency="USD", **said)

    assert event.kind is Kind.DISPUTE
    assert dispute_state(event) is state
    assert isinstance(event.claim, DisputeClaim)
    assert event.claim.dispute_id == "77"


def test_paynow_chargebacks_close_after_they_opened() -> None:
    case = {"id": "77", "order_id": "9", "chargeback_at": "2026-11-20T06:39:00Z"}

    begun = paynow("ON_CHARGEBACK", **case, chargeback_status="open")
    closed = paynow("ON_CHARGEBACK_CLOSED", **case, chargeback_status="won")

    assert begun.occurred_at < closed.occurred_at == NOW


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
    assert captured.claim == SaleClaim("ch_1", Money(300, "USD"))


@pytest.mark.parametrize("status", ["pending", "canceled", "requires_action"])
def test_stripe_refunds_count_once_given(status: str) -> None:
    assert stripe("refund.updated", id="re_1", charge="ch_1", amount=5, currency="usd", status=status).claim is None


@pytest.mark.parametrize("event_type", ["refund.failed", "refund.updated", "charge.refund.updated"])
def test_stripe_refunds_that_fail_count_no_more(event_type: str) -> None:
    paid = stripe("charge.succeeded", id="ch_1", amount=2000, currency="usd")
    given = stripe("charge.refunded", id="ch_1", amount_refunded=500, currency="usd")
    failed = stripe(event_type, id="re_1", charge="ch_1", amount=500, currency="usd", status="failed")

    assert failed.claim == RefundClaim("ch_1", Money(500, "USD"), "re_1", failed=True)
    assert one_sale(paid, given).given_back == Money(500, "USD")
    assert one_sale(paid, given, replace(failed, occurred_at=given.occurred_at + 1)).given_back is None


def test_stripe_tells_the_total_given_back_of_a_charge() -> None:
    event = stripe("charge.refunded", id="ch_1", amount_refunded=1250, currency="usd")

    assert event.claim == RefundClaim("ch_1", Money(1250, "USD"), "ch_1", cumulative=True)


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


@pytest.mark.parametrize("status", ["pending", "authorized", "voided"])
def test_shopify_orders_that_are_not_paid_are_no_sales(status: str) -> None:
    """The topic is not signed: a message about an unpaid order must not become money by another topic."""
    assert shopify("orders/paid", id=9, total_price="1.00", currency="EUR", financial_status=status).claim is None


def test_shopify_refunds_sum_what_went_back() -> None:
    def back(amount: str, kind: str = "refund", status: str = "success") -> dict[str, Any]:
        return {"kind": kind, "status": status, "amount": amount, "currency": "EUR"}

    def refund(*transactions: Any) -> Event:
        return shopify("refunds/create", id=3, order_id=9, transactions=list(transactions))

    several = refund(back("9.95"), back("5.00"), back("7.00", status="failure"), back("8.00", kind="void"), None)
    assert several.claim == RefundClaim("9", Money(1495, "EUR"), "3")
    assert refund(back("1.00", status="pending")).kind is Kind.OTHER
    assert refund().kind is Kind.OTHER
    assert refund(back("9.95"), back("abc")).claim == RefundClaim("9", None, "3")
    mixed = refund(back("9.95"), back("1.00") | {"currency": "USD"})
    assert mixed.claim == RefundClaim("9", None, "3")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("charge_refunded", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("accepted", DisputeState.LOST),
    ],
)
@pytest.mark.parametrize("topic", ["disputes/create", "disputes/update"])
def test_shopify_disputes_open_and_close(topic: str, status: str, state: DisputeState) -> None:
    event = shopify(topic, id=5, order_id=9, amount="11.50", currency="EUR", status=status)

    assert dispute_state(event) is state


def test_one_shopify_event_under_two_topics_loses_no_sale() -> None:
    order = {"id": 9, "total_price": "1.00", "currency": "EUR"}

    updated, paid = shopify("orders/updated", **order), shopify("orders/paid", **order)

    assert updated.id == "orders/updated:event-1"
    assert paid.id == "event-1"


def test_the_standard_has_a_plain_form_for_sales() -> None:
    sold = standard(
        "sale",
        order_id="A-7",
        amount_minor=5450,
        currency="USD",
        email="maya@example.com",
        name="Maya",
        items=[{"name": "Spring bouquet", "qty": 1, "unit_minor": 5450}],
    )
    returned = standard("refund", order_id="A-7", refund_id="R-1", amount_minor=450, currency="USD")
    lost = standard("dispute", order_id="A-7", dispute_id="D-1", state="lost")

    assert isinstance(sold.claim, SaleClaim)
    assert (sold.claim.order_id, sold.claim.amount) == ("A-7", Money(5450, "USD"))
    assert returned.claim == RefundClaim("A-7", Money(450, "USD"), "R-1")
    assert lost.claim == DisputeClaim("A-7", None, "D-1", DisputeState.LOST)
    assert not standard("sale", order_id="A-8", test=True).live
