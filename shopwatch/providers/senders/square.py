"""Square. Facts: developer.squareup.com ("Verify and validate an event notification", webhook events reference), and
squareup 46 for the signature."""

import json
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    find,
    ident,
    ids,
    in_minor,
    joined,
    moment,
    order_of,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_OUTCOMES = {
    "WON": DisputeState.WON,
    "INQUIRY_CLOSED": DisputeState.WON,
    "LOST": DisputeState.LOST,
    "ACCEPTED": DisputeState.LOST,
}


def _read_payment(message: Message) -> Meaning | None:
    """A payment may be told several times, each time whole; it is money once it is completed."""
    payment = _read_object(message, "payment")
    if text(payment, "status") != "COMPLETED":
        return None
    payment_id, order = ident(payment, "id"), ident(payment, "order_id")
    # The total holds the tip, too.
    paid = find(payment, "total_money") or find(payment, "amount_money")
    amount, amount_text = _read_money(paid)
    person = find(payment, "billing_address") or find(payment, "shipping_address")
    claim = SaleClaim(
        order_id=order or payment_id or order_of(payment, "order_id"),
        amount=amount,
        name=joined(text(person, "first_name"), text(person, "last_name")),
        email=text(payment, "buyer_email_address"),
        amount_text=amount_text,
        payment=payment_id if order else "",
    )
    return _make_meaning(message, Kind.SALE, claim, payment_id, needs_fetch=api_call("GET /v2/orders/{}", order))


def _read_refund(message: Message) -> Meaning | None:
    """Refunds may have an order of their own; the payment ties them to the one they give back."""
    refund = _read_object(message, "refund")
    if text(refund, "status") != "COMPLETED":
        return None
    payment_id = ident(refund, "payment_id")
    order_id = ident(refund, "order_id") or payment_id or order_of(refund, "order_id")
    amount, amount_text = _read_money(find(refund, "amount_money"))
    claim = RefundClaim(order_id, amount, ident(refund, "id") or order_id, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim, payment_id)


def _read_dispute(message: Message) -> Meaning | None:
    case = _read_object(message, "dispute")
    payment_id = order_of(case, "disputed_payment", "payment_id")
    state = _OUTCOMES.get(text(case, "state"), DisputeState.OPEN)
    amount, amount_text = _read_money(find(case, "amount_money"))
    claim = DisputeClaim(payment_id, amount, ident(case, "id") or payment_id, state, amount_text)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _read_object(message: Message, name: str) -> Any:
    return find(message.body, "data", "object", name)


def _read_money(told: Any) -> tuple[Money | None, str]:
    return in_minor(find(told, "amount"), find(told, "currency"))


def _make_meaning(message: Message, kind: Kind, claim: Claim, *links: str, needs_fetch: str = "") -> Meaning:
    live = (message.headers.only("square-environment") or "").lower() != "sandbox"
    at = moment(message.body, "created_at", otherwise=message.at)
    return Meaning(kind, claim, at, links=ids(*links), live=live, needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    written = {Kind.REFUND: _draft_refund, Kind.DISPUTE: _draft_dispute}.get(kind, _draft_payment)
    when = iso(at)
    event_type, name, told = written(sample, when)
    event_id = sample.uuid(f"event {event_type}")
    body = {
        "merchant_id": "MLBLOOMANDST1",
        "location_id": "LBLOOMANDSTEM",
        "type": event_type,
        "event_id": event_id,
        "created_at": when,
        "data": {"type": name, "id": told["id"], "object": {name: told}},
    }
    headers = {
        "User-Agent": "Square Connect v2",
        "square-version": "2026-09-16",
        "square-environment": "Production",
        "square-initial-delivery-timestamp": when,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), event_id, headers)


def _draft_payment(sample: Sample, when: str) -> tuple[str, str, dict[str, Any]]:
    money = {"amount": sample.total_minor, "currency": "USD"}
    return (
        "payment.updated",
        "payment",
        {
            "id": _draft_payment_id(sample),
            "amount_money": money,
            "total_money": money,
            "approved_money": money,
            "buyer_email_address": sample.email,
            "billing_address": {"first_name": sample.first, "last_name": sample.last},
            "created_at": when,
            "updated_at": when,
            "location_id": "LBLOOMANDSTEM",
            "order_id": _draft_order_id(sample),
            "source_type": "CARD",
            "status": "COMPLETED",
            "card_details": {"status": "CAPTURED", "card": {"card_brand": "VISA", "last_4": sample.digits("card", 4)}},
            "receipt_number": _draft_payment_id(sample)[:4],
            "version": 1,
        },
    )


def _draft_refund(sample: Sample, _when: str) -> tuple[str, str, dict[str, Any]]:
    return (
        "refund.updated",
        "refund",
        {
            "id": f"{_draft_payment_id(sample)}_{sample.letters('refund', 20)}",
            "payment_id": _draft_payment_id(sample),
            "order_id": _draft_order_id(sample),
            "amount_money": {"amount": sample.given_back_minor, "currency": "USD"},
            "status": "COMPLETED",
            "location_id": "LBLOOMANDSTEM",
        },
    )


def _draft_dispute(sample: Sample, when: str) -> tuple[str, str, dict[str, Any]]:
    return (
        "dispute.created",
        "dispute",
        {
            "id": sample.letters("dispute", 22),
            "amount_money": {"amount": sample.total_minor, "currency": "USD"},
            "card_brand": "VISA",
            "created_at": when,
            "disputed_payment": {"payment_id": _draft_payment_id(sample)},
            "location_id": "LBLOOMANDSTEM",
            "reason": "NOT_RECEIVED",
            "state": "EVIDENCE_REQUIRED",
            "version": 1,
        },
    )


def _draft_payment_id(sample: Sample) -> str:
    return sample.letters("payment", 29)


def _draft_order_id(sample: Sample) -> str:
    return sample.letters("order", 29)


SQUARE = Provider(
    id="square",
    name="Square",
    tile="Sq",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://developer.squareup.com/apps",
        menu="Webhooks",
        address_label="Notification URL",
        secret_label="Signature key",
        events=("payment.created", "payment.updated", "refund.updated", "dispute.created", "dispute.state.updated"),
        api_key_prefixes=("EAAA", "sq0"),
        secret_found="Open your application there, then Webhooks; each subscription shows its signature key.",
        away="Square tries again for about 24 hours.",
        needs="You need an application in Square’s developer console.",
    ),
    # The address counts exactly as it was entered there, with its scheme, slash and query.
    recipe=Recipe(
        headers=(HeaderNames(signature="x-square-hmacsha256-signature"),),
        signed=b"%(url)b%(body)b",
        schemes={"": HmacSha256(BASE64)},
    ),
    event_id="event_id",
    event_type="type",
    readers={
        "payment.created": _read_payment,
        "payment.updated": _read_payment,
        "refund.created": _read_refund,
        "refund.updated": _read_refund,
        "dispute.created": _read_dispute,
        "dispute.state.updated": _read_dispute,
        "dispute.state.changed": _read_dispute,
    },
    account=Account(member("merchant_id"), "Merchant ID"),
    draft=_draft_message,
    # The newest of three pages that differ (24, 48 and 72 hours).
    retries_for=DAY,
    order_url="https://app.squareup.com/dashboard/orders/overview/{order_id}",
)
