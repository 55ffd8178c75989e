"""Tebex. Facts: docs.tebex.io/developers/webhooks/overview (signature, validation, addresses, types), and public type
definitions of that page for the members."""

import json
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    find,
    ident,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_VALIDATION = "validation.webhook"
_ENDINGS = {"payment.dispute.won": DisputeState.WON, "payment.dispute.lost": DisputeState.LOST}


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    """What is signed is the body's hash, as hexadecimal digits."""
    return (sha256(request.body).hexdigest().encode(),)


def _answer_validation(message: Message, _held: tuple[str, ...]) -> Answer | None:
    """Until its id comes back, the endpoint gets nothing."""
    if message.type != _VALIDATION:
        return None
    return Answer(200, json.dumps({"id": ident(message.body, "id")}).encode(), "application/json")


def _read_payment(message: Message) -> Meaning:
    return _read_sale(message, find(message.body, "subject"))


def _read_renewal(message: Message) -> Meaning:
    """The payment stands inside. Where `payment.completed` tells of it as well, it is one sale, by its number."""
    subject = find(message.body, "subject")
    return _read_sale(message, find(subject, "last_payment") or find(subject, "initial_payment"))


def _read_sale(message: Message, paid: Any) -> Meaning:
    amount, amount_text = _read_price(paid)
    customer = find(paid, "customer")
    claim = SaleClaim(
        order_id=order_of(paid, "transaction_id"),
        amount=amount,
        name=joined(text(customer, "first_name"), text(customer, "last_name")),
        email=text(customer, "email"),
        items=items(find(paid, "products"), _read_item),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_item(line: dict[str, Any]) -> Item | None:
    """Whether `paid_price` is of one or of the whole line is not documented, so it counts only where that is the
    same."""
    name, qty = text(line, "name"), quantity(line.get("quantity"))
    unit, _ = in_decimals(find(line, "paid_price", "amount"), find(line, "paid_price", "currency"))
    return Item(name, qty, unit if qty == 1 else None) if name else None


def _read_refund(message: Message) -> Meaning:
    """Tebex gives payments back whole: the message names no other sum than the payment's."""
    paid = find(message.body, "subject")
    amount, amount_text = _read_price(paid)
    order_id = order_of(paid, "transaction_id")
    return _make_meaning(message, Kind.REFUND, RefundClaim(order_id, amount, order_id, amount_text=amount_text))


def _read_dispute(message: Message) -> Meaning:
    paid = find(message.body, "subject")
    amount, amount_text = _read_price(paid)
    order_id = order_of(paid, "transaction_id")
    # "closed" is an ending without a winner that is told.
    state = _ENDINGS.get(message.type, DisputeState.OPEN)
    return _make_meaning(message, Kind.DISPUTE, DisputeClaim(order_id, amount, order_id, state, amount_text))


def _read_price(paid: Any) -> tuple[Any, str]:
    return in_decimals(find(paid, "price_paid", "amount"), find(paid, "price_paid", "currency"))


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    return Meaning(kind, claim, moment(message.body, "date", otherwise=message.at))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    event_type = {Kind.REFUND: "payment.refunded", Kind.DISPUTE: "payment.dispute.opened"}.get(
        kind, "payment.completed"
    )
    event_id = sample.uuid(f"event {event_type}")
    body = {"id": event_id, "type": event_type, "date": iso(at), "subject": _draft_payment(sample, at)}
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), event_id)


def _draft_payment(sample: Sample, at: Instant) -> dict[str, Any]:
    player = {"id": sample.letters("player", 8), "username": sample.first.lower()}
    return {
        "transaction_id": f"tbx-{sample.digits('payment', 11)}-{sample.letters('payment', 6).lower()}",
        "status": {"id": 1, "description": "Complete"},
        "payment_sequence": "oneoff",
        "created_at": iso(at),
        "price": _draft_price(sample.total_minor),
        "price_paid": _draft_price(sample.total_minor),
        "payment_method": {"name": "Card", "refundable": True},
        "customer": {
            "first_name": sample.first,
            "last_name": sample.last,
            "email": sample.email,
            "username": player,
            "country": "US",
        },
        "products": [
            {
                "id": 100 + number,
                "name": line.name,
                "quantity": line.qty,
                "base_price": _draft_price(line.unit_minor),
                "paid_price": _draft_price(line.unit_minor),
                "username": player,
            }
            for number, line in enumerate(sample.lines)
        ],
        "coupons": [],
        "decline_reason": None,
    }


def _draft_price(minor: int) -> dict[str, Any]:
    """A number with a fraction, which JSON says in the fewest digits."""
    return {"amount": float(Decimal(minor).scaleb(-2)), "currency": "USD"}


TEBEX = Provider(
    id="tebex",
    name="Tebex",
    tile="Te",
    setup=SetupWords(
        does="Payments, renewals, refunds and disputes",
        settings_url="https://creator.tebex.io/developers/webhooks/endpoints",
        menu="Endpoints",
        address_label="Endpoint URL",
        secret_label="Secret",
        events=(
            "payment.completed",
            "payment.refunded",
            "payment.dispute.opened",
            "payment.dispute.won",
            "payment.dispute.lost",
            "recurring-payment.started",
            "recurring-payment.renewed",
        ),
        secret_found="In Tebex under Developers, Webhooks, Endpoints, beside the endpoint.",
        away="ShopWatch does not know for how long Tebex sends a message again.",
        needs="Choose “Validate” in Tebex’s list once ShopWatch has the secret; before that Tebex sends nothing.",
    ),
    recipe=Recipe((HeaderNames("X-Signature"),), _signed_bytes, {"": HmacSha256(HEX)}),
    event_id="id",
    event_type="type",
    readers={
        "payment.completed": _read_payment,
        "payment.refunded": _read_refund,
        "payment.dispute.opened": _read_dispute,
        "payment.dispute.won": _read_dispute,
        "payment.dispute.lost": _read_dispute,
        "payment.dispute.closed": _read_dispute,
        "recurring-payment.started": _read_renewal,
        "recurring-payment.renewed": _read_renewal,
    },
    ping_reply=_answer_validation,
    draft=_draft_message,
    retries_for=None,
    addresses=("18.209.80.3", "54.87.231.232"),
)
