"""Razorpay. Facts: razorpay.com/docs (webhooks: validate, payloads, FAQs; Auto-refunds), and razorpay 2.0 for the
signature."""

import json
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, ids, in_minor, moment, order_of, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_OUTCOMES = {
    "won": DisputeState.WON,
    # An inquiry that ended without taking money.
    "closed": DisputeState.WON,
    "lost": DisputeState.LOST,
}


def _read_sale(message: Message) -> Meaning | None:
    """Whatever was paid, an order, a link, an invoice or a subscription, its payment is told as well."""
    payment, order = _read_entity(message, "payment"), _read_entity(message, "order")
    if text(payment, "status") != "captured":
        return None
    # An order may be paid in parts; of all of them only the order itself tells.
    whole = order if message.type == "order.paid" and find(order, "amount_paid") is not None else None
    amount, amount_text = _read_money(whole, "amount_paid") if whole else _read_money(payment)
    claim = SaleClaim(
        order_id=_order_of(message),
        amount=amount,
        number=text(order, "receipt"),
        email=text(payment, "email"),
        amount_text=amount_text,
        payment="" if whole else ident(payment, "id"),
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_refund(message: Message) -> Meaning | None:
    """Razorpay itself gives back what was never captured ("Auto-refunds"), as when an order is paid for a second time:
    the shop never had it."""
    refund = _read_entity(message, "refund")
    if text(refund, "status") != "processed" or find(_read_entity(message, "payment"), "captured") is False:
        return None
    amount, amount_text = _read_money(refund)
    order_id = _order_of(message, "refund")
    claim = RefundClaim(order_id, amount, ident(refund, "id") or order_id, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_dispute(message: Message) -> Meaning:
    case = _read_entity(message, "dispute")
    ending = message.type.rpartition(".")[2]
    state = _OUTCOMES.get(text(case, "status") if ending == "closed" else ending, DisputeState.OPEN)
    amount, amount_text = _read_money(case)
    order_id = _order_of(message, "dispute")
    claim = DisputeClaim(order_id, amount, ident(case, "id") or order_id, state, amount_text)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _read_entity(message: Message, name: str) -> Any:
    return find(message.body, "payload", name, "entity")


def _order_of(message: Message, about: str = "payment") -> str:
    """The order that was paid; payments without one are themselves what was bought."""
    payment, told = _read_entity(message, "payment"), _read_entity(message, about)
    order = ident(payment, "order_id") or ident(_read_entity(message, "order"), "id")
    return order or ident(payment, "id") or order_of(told, "payment_id")


def _read_money(told: Any, name: str = "amount") -> tuple[Money | None, str]:
    return in_minor(find(told, name), find(told, "currency"))


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    links = [ident(_read_entity(message, name), "id") for name in ("payment", "order", "payment_link", "invoice")]
    links += [ident(_read_entity(message, name), "payment_id") for name in ("refund", "dispute")]
    at = moment(message.body, "created_at", otherwise=message.at)
    return Meaning(kind, claim, at, links=ids(*(link for link in links if link != claim.order_id)))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    payment = f"pay_{sample.letters('payment', 14)}"
    order = f"order_{sample.letters('order', 14)}"
    paid = {"entity": _draft_payment(sample, at, payment, order)}
    if kind is Kind.REFUND:
        event_type, about, told = "refund.processed", "refund", _draft_refund(sample, payment)
    elif kind is Kind.DISPUTE:
        event_type, about, told = "payment.dispute.created", "dispute", _draft_dispute(sample, payment)
    else:
        event_type, about, told = "order.paid", "order", _draft_order(sample, order)
    body = {
        "entity": "event",
        "account_id": "acc_BloomAndStem01",
        "event": event_type,
        "contains": ["payment", about],
        "payload": {"payment": paid, about: {"entity": told}},
        "created_at": at // 1000,
    }
    written = json.dumps(body, separators=(",", ":")).encode()
    return PracticeDraft(written, sample.letters(f"event {event_type}", 14), {"User-Agent": "Razorpay-Webhook/v1"})


def _draft_payment(sample: Sample, at: Instant, payment: str, order: str) -> dict[str, Any]:
    return {
        "id": payment,
        "entity": "payment",
        "amount": sample.total_minor,
        "currency": "INR",
        "base_amount": sample.total_minor,
        "status": "captured",
        "order_id": order,
        "invoice_id": None,
        "international": False,
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "captured": True,
        "description": "Flowers",
        "card_id": None,
        "email": sample.email,
        "contact": "+910000000000",
        "notes": {},
        "fee": 2,
        "tax": 0,
        "created_at": at // 1000,
    }


def _draft_order(sample: Sample, order: str) -> dict[str, Any]:
    return {
        "id": order,
        "entity": "order",
        "amount": sample.total_minor,
        "amount_paid": sample.total_minor,
        "amount_due": 0,
        "currency": "INR",
        "receipt": f"#{sample.digits('number', 5)}",
        "status": "paid",
    }


def _draft_refund(sample: Sample, payment: str) -> dict[str, Any]:
    return {
        "id": f"rfnd_{sample.letters('refund', 14)}",
        "entity": "refund",
        "amount": sample.given_back_minor,
        "currency": "INR",
        "payment_id": payment,
        "status": "processed",
    }


def _draft_dispute(sample: Sample, payment: str) -> dict[str, Any]:
    return {
        "id": f"disp_{sample.letters('dispute', 14)}",
        "entity": "dispute",
        "payment_id": payment,
        "amount": sample.total_minor,
        "currency": "INR",
        "reason_code": "goods_not_received",
        "status": "open",
    }


RAZORPAY = Provider(
    id="razorpay",
    name="Razorpay",
    tile="Ra",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://dashboard.razorpay.com/app/webhooks",
        menu="Webhooks",
        address_label="Webhook URL",
        secret_label="Secret",
        events=(
            "order.paid",
            "payment.captured",
            "refund.processed",
            "payment.dispute.created",
            "payment.dispute.won",
            "payment.dispute.lost",
            "payment.dispute.closed",
        ),
        save="Create Webhook",
        api_key_prefixes=("rzp_live_", "rzp_test_"),
        secret_found="You choose the secret yourself when you add the webhook; it is not the secret of the API key.",
        away="Razorpay tries again for 24 hours, then stops sending to this address.",
        secret_length=32,
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="X-Razorpay-Signature", id="x-razorpay-event-id"),),
        signed=b"%(body)b",
        schemes={"": HmacSha256(HEX)},
    ),
    event_type="event",
    readers={
        "order.paid": _read_sale,
        "payment.captured": _read_sale,
        "payment_link.paid": _read_sale,
        "invoice.paid": _read_sale,
        "subscription.charged": _read_sale,
        "refund.created": _read_refund,
        "refund.processed": _read_refund,
        "payment.dispute.created": _read_dispute,
        "payment.dispute.under_review": _read_dispute,
        "payment.dispute.action_required": _read_dispute,
        "payment.dispute.won": _read_dispute,
        "payment.dispute.lost": _read_dispute,
        "payment.dispute.closed": _read_dispute,
    },
    account=Account(member("account_id"), "Account ID"),
    draft=_draft_message,
    retries_for=DAY,
    order_url="https://dashboard.razorpay.com/app/orders/{order_id}",
)
