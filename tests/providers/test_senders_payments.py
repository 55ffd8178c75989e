"""What payment services say: Square, Paddle, Razorpay, Mollie and SumUp."""

import json
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.delivery import Headers
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, DisputeState, RefundClaim, SaleClaim, SaleState
from shopwatch.domain.verdict import Accepted, Reason, Rejected
from shopwatch.providers.token import with_header
from tests.providers.cases import BY_ID, KEYS, NOW, judge, judged, one_sale, practice, rejected, signed

SQUARE, PADDLE, RAZORPAY, MOLLIE, SUMUP = (BY_ID[name] for name in ("square", "paddle", "razorpay", "mollie", "sumup"))
LATER = "2026-11-25T10:00:00Z"


def square(event_type: str, environment: str = "Production", at: str = LATER, **told: Any) -> Event:
    name = event_type.partition(".")[0]
    body = {"type": event_type, "event_id": f"{event_type} {at}", "created_at": at, "data": {"object": {name: told}}}
    return judged(SQUARE, json.dumps(body).encode(), square_environment=environment)


def payment(**said: Any) -> dict[str, Any]:
    money = {"amount": 1850, "currency": "USD"}
    return {"id": "P-1", "order_id": "O-1", "status": "COMPLETED", "amount_money": money, "total_money": money} | said


def paddle(event_type: str, event_id: str = "evt_1", at: str = LATER, **data: Any) -> Event:
    body = {"event_id": event_id, "event_type": event_type, "occurred_at": at, "data": data}
    return judged(PADDLE, json.dumps(body).encode())


def transaction(total: str, currency: str = "USD", **said: Any) -> dict[str, Any]:
    totals = {"totals": {"grand_total": total}}
    return {"id": "txn_1", "status": "completed", "currency_code": currency, "details": totals} | said


def adjustment(action: str, adjustment_id: str, total: str, status: str = "approved") -> dict[str, Any]:
    told = {"id": adjustment_id, "action": action, "status": status, "transaction_id": "txn_1"}
    return told | {"currency_code": "USD", "totals": {"total": total}}


def razorpay(event_type: str, event_id: str = "evt_1", **entities: Any) -> Event:
    payload = {name: {"entity": entity} for name, entity in entities.items()}
    body = {"event": event_type, "created_at": 1_795_499_997, "payload": payload}
    return judged(RAZORPAY, json.dumps(body).encode(), f"{event_type} {event_id}")


def paid(amount: int = 49900, currency: str = "INR", **said: Any) -> dict[str, Any]:
    told = {"id": "pay_1", "order_id": "order_1", "status": "captured", "amount": amount, "currency": currency}
    return told | said


def mollie(event_type: str, entity: dict[str, Any] | None, entity_id: str = "tr_1") -> Event:
    body: dict[str, Any] = {"id": f"event_{event_type}", "type": event_type, "entityId": entity_id, "createdAt": LATER}
    if entity is not None:
        body["_embedded"] = {"entity": entity}
    return judged(MOLLIE, json.dumps(body).encode())


def euros(value: str) -> dict[str, Any]:
    return {"amount": {"value": value, "currency": "EUR"}}


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


@pytest.mark.parametrize("event_type", ["payment.authorized", "payment.failed", "payment.expired", "refund.queued"])
def test_mollie_tells_of_much_that_is_no_money(event_type: str) -> None:
    assert mollie(event_type, {"id": "tr_1", "paymentId": "tr_1", **euros("24.95")}).kind is Kind.OTHER


def test_all_that_mollie_tells_of_one_purchase_is_one_sale() -> None:
    sold = mollie("payment.paid", {"id": "tr_1", "mode": "live", **euros("24.95")})
    part = mollie("refund.refunded", {"id": "re_1", "paymentId": "tr_1", **euros("4.99")})
    case = {"id": "chb_1", "paymentId": "tr_1", **euros("24.95")}
    opened, undone = mollie("chargeback.received", case), mollie("chargeback.reversed", case)

    assert one_sale(sold, part).kept == Money(1996, "EUR")
    assert one_sale(sold, part, opened).state is SaleState.DISPUTED
    assert one_sale(sold, part, opened, undone).state is SaleState.PART_REFUNDED


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("500", "JPY", Money(500, "JPY")),
        ("5.120", "KWD", Money(5120, "KWD")),
        ("24.955", "EUR", None),
        ("-24.95", "EUR", None),
        ("1e2", "EUR", None),
    ],
)
def test_mollie_amounts(value: str, currency: str, amount: Money | None) -> None:
    claim = mollie("payment.paid", {"id": "tr_1", "amount": {"value": value, "currency": currency}}).claim

    assert isinstance(claim, SaleClaim)
    assert claim.amount == amount
    assert claim.amount_text == ("" if amount else f"{value} {currency}")


def test_mollie_simple_messages_must_be_asked_for() -> None:
    sold = mollie("payment.paid", None)
    assert (sold.claim, sold.needs_fetch) == (SaleClaim("tr_1", None), "GET /v2/payments/tr_1")
    for event_type in ("refund.refunded", "chargeback.received"):
        event = mollie(event_type, None, "re_1")
        assert (event.kind, event.claim) == (Kind.OTHER, None)
        assert event.needs_fetch == ""  # its id here holds a full stop, so it could lead elsewhere


def test_mollie_test_mode_is_no_money() -> None:
    assert not mollie("payment.paid", {"id": "tr_1", "mode": "test", **euros("24.95")}).live
    assert mollie("hook.ping", None).kind is Kind.TEST


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"id=tr_7UhSN1zuXS", "tr_7UhSN1zuXS"),
        (b"id=ord_1wrsfd", "ord_1wrsfd"),
        (b"id=tr_../../v2/payments", None),
        (b"id=tr_1&id=tr_2", None),
        (b"id=", None),
        (b'{"id":"tr_1"}', None),
    ],
)
def test_mollie_classic_messages_are_hints(body: bytes, hint: str | None) -> None:
    bare = structs.replace(signed(MOLLIE, body), headers=Headers())

    expected = Rejected(Reason.HINT, hint) if hint else Rejected(Reason.SIGNATURE_MISSING)
    assert MOLLIE.judge(bare, KEYS, NOW) == expected


def test_a_hint_with_a_wrong_signature_is_a_forgery() -> None:
    forged = structs.replace(signed(MOLLIE, b"id=tr_2"), body=b"id=tr_7UhSN1zuXS")

    assert rejected(judge(MOLLIE, forged)).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize("bent", ["sha256={0}x", "SHA256={0}", "sha256=sha256={0}", "sha512={0}", "sha256= {0}"])
def test_mollie_signatures_have_one_prefix_or_none(bent: str) -> None:
    request = practice(MOLLIE)
    right = (request.headers.only("X-Mollie-Signature") or "").removeprefix("sha256=")

    assert isinstance(judge(MOLLIE, with_header(request, "X-Mollie-Signature", right)), Accepted)
    assert rejected(judge(MOLLIE, with_header(request, "X-Mollie-Signature", bent.format(right))))


def sumup(event_type: str, **about: Any) -> Event:
    body = {"id": "evt_1", "type": event_type, "created_at": LATER, "object": about}
    return judged(SUMUP, json.dumps(body).encode())


@pytest.mark.parametrize(
    "event_type", ["checkouts.created", "checkouts.updated", "checkouts.failed", "members.created"]
)
def test_sumup_tells_of_much_that_is_no_money(event_type: str) -> None:
    assert sumup(event_type, id="c-1").kind is Kind.OTHER


def test_sumup_is_asked_at_its_own_address_whatever_the_message_says() -> None:
    event = sumup("checkouts.paid", id="c-1", url="https://evil.example/v0.1/checkouts/c-1")

    assert event.needs_fetch == "GET /v0.1/checkouts/c-1"
    assert not sumup("checkouts.paid", id="c-1/../../me").needs_fetch
    assert sumup("checkouts.paid", url="https://api.sumup.com/v0.1/checkouts/c-1").unreadable


@pytest.mark.parametrize(
    ("told", "hint"),
    [
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "4e425463-3e1b"}, "4e425463-3e1b"),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "../me"}, None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": 7}, None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED"}, None),
        ({"event_type": "OTHER", "id": "4e425463-3e1b"}, None),
        ([], None),
        ({"event_type": "CHECKOUT_STATUS_CHANGED", "id": "4e425463-3e1b", "more": "x" * 1_000}, None),
    ],
)
def test_sumup_calls_of_a_return_url_are_hints(told: Any, hint: str | None) -> None:
    bare = structs.replace(signed(SUMUP, json.dumps(told).encode()), headers=Headers())

    expected = Rejected(Reason.HINT, hint) if hint else Rejected(Reason.SIGNATURE_MISSING)
    assert SUMUP.judge(bare, KEYS, NOW) == expected


@pytest.mark.parametrize("sender", [SQUARE, PADDLE, RAZORPAY, MOLLIE], ids=lambda sender: sender.id)
def test_practice_folds_into_one_sale(sender: Any) -> None:
    told = [judge(sender, practice(sender, kind)) for kind in (Kind.SALE, Kind.REFUND, Kind.DISPUTE)]
    events = [verdict.event for verdict in told if isinstance(verdict, Accepted)]

    assert one_sale(*events).state is SaleState.DISPUTED
    assert isinstance(events[1].claim, RefundClaim)
