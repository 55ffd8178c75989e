"""Mollie, both kinds of its webhooks. Facts: docs.mollie.com ("Next-gen Webhooks", "Webhooks"), mollie/openapi of
August 2026 for the types of events and what is in them, and mollie-api-py 1.10 for the signature.

Next-gen messages are signed. Classic ones hold nothing but the id of a payment and are not signed at all: they are a
hint to ask Mollie, and nothing more.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
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
from shopwatch.providers.kit.sample import Line, Sample, decimal, iso
from shopwatch.providers.kit.signature import HEX, Hmac, Scheme
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_SIGNATURE = "X-Mollie-Signature"
_PREFIX = b"sha256="
_CLASSIC = re.compile(rb"id=([a-z]{2,12}_[A-Za-z0-9]{1,64})")


@dataclass(frozen=True, slots=True)
class _PerhapsPrefixed:
    """Mollie's libraries take a signature with and without the name of its algorithm before it."""

    prefixed: Scheme

    def fits(self, secrets: Sequence[str], signed: bytes, sent: Sequence[bytes]) -> bool:
        return self.prefixed.fits(secrets, signed, [_PREFIX + each.removeprefix(_PREFIX) for each in sent])

    def well_formed(self, sent: bytes) -> bool:
        return self.prefixed.well_formed(_PREFIX + sent.removeprefix(_PREFIX))

    def sign(self, secret: str, signed: bytes) -> str | None:
        return self.prefixed.sign(secret, signed)


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """A classic webhook."""
    if request.method != "POST" or request.headers.only(_SIGNATURE):
        return None
    hint = _CLASSIC.fullmatch(request.body)
    return Rejected(Reason.HINT, hint[1].decode()) if hint else None


def _read_payment(message: Message) -> Meaning:
    """With the full payload the payment is in the message, with the simple one only its id."""
    payment = _read_entity(message)
    order_id = ident(payment, "id") or order_of(message.body, "entityId")
    if not payment:
        return _make_meaning(message, Kind.SALE, SaleClaim(order_id, None), api_call("GET /v2/payments/{}", order_id))
    amount, amount_text = _read_money(payment)
    person = find(payment, "billingAddress")
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        # The name that Mollie's own guide and most shops give the number of their order.
        number=ident(payment, "metadata", "order_id"),
        name=joined(text(person, "givenName"), text(person, "familyName")),
        email=text(person, "email"),
        items=items(find(payment, "lines"), _read_item),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_item(line: dict[str, Any]) -> Item | None:
    name, unit = text(line, "description"), find(line, "unitPrice")
    price = from_decimal(find(unit, "value"), find(unit, "currency"))
    return Item(name, quantity(line.get("quantity")), price) if name else None


def _read_refund(message: Message) -> Meaning:
    refund = _read_entity(message)
    if not refund:
        return _read_unnamed_event(message, "refunds")
    order_id = order_of(refund, "paymentId")
    amount, amount_text = _read_money(refund)
    failed = message.type == "refund.failed"
    claim = RefundClaim(order_id, amount, ident(refund, "id") or order_id, failed=failed, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_chargeback(message: Message) -> Meaning:
    case = _read_entity(message)
    if not case:
        return _read_unnamed_event(message, "chargebacks")
    order_id = order_of(case, "paymentId")
    amount, amount_text = _read_money(case)
    state = DisputeState.WON if message.type == "chargeback.reversed" else DisputeState.OPEN
    claim = DisputeClaim(order_id, amount, ident(case, "id") or order_id, state, amount_text)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _read_invoice(message: Message) -> Meaning | None:
    """An invoice that was paid outside of Mollie. What was paid there is a payment, which is told itself."""
    invoice = _read_entity(message)
    if not invoice:
        return _read_unnamed_event(message, "sales-invoices")
    ways = find(invoice, "paymentDetails")
    if not any(text(each, "source") == "manual" for each in (ways if isinstance(ways, list) else ())):
        return None
    amount, amount_text = _read_money(invoice, "totalAmount")
    person = find(invoice, "recipient")
    claim = SaleClaim(
        order_id=order_of(invoice, "id"),
        amount=amount,
        number=text(invoice, "invoiceNumber"),
        name=joined(text(person, "givenName"), text(person, "familyName")) or text(person, "organizationName"),
        email=text(person, "email"),
        items=items(find(invoice, "lines"), _read_item),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_unnamed_event(message: Message, what: str) -> Meaning:
    """The simple payload does not name the payment, so there is nothing to book it on yet."""
    call = api_call(f"GET /v2/{what}/{{}}", ident(message.body, "entityId"))
    return _make_meaning(message, Kind.OTHER, None, call)


def _read_ping(message: Message) -> Meaning:
    return Meaning(Kind.TEST, None, moment(message.body, "createdAt", otherwise=message.at))


def _read_entity(message: Message) -> Any:
    return find(message.body, "_embedded", "entity")


def _read_money(told: Any, name: str = "amount") -> tuple[Money | None, str]:
    return in_decimals(find(told, name, "value"), find(told, name, "currency"))


def _make_meaning(message: Message, kind: Kind, claim: Claim | None, needs_fetch: str = "") -> Meaning:
    entity = _read_entity(message)
    at = moment(message.body, "createdAt", otherwise=message.at)
    if kind is Kind.SALE:
        at = moment(entity, "paidAt", otherwise=at)
    return Meaning(kind, claim, at, live=find(entity, "mode") != "test", needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    payment = f"tr_{sample.letters('payment', 10)}"
    if kind is Kind.REFUND:
        event_type, entity = "refund.refunded", _draft_refund(sample, payment)
    elif kind is Kind.DISPUTE:
        event_type, entity = "chargeback.received", _draft_chargeback(sample, payment, iso(at))
    else:
        event_type, entity = "payment.paid", _draft_payment(sample, payment, iso(at))
    event_id = f"event_{sample.letters(f'event {event_type}', 21)}"
    body = {
        "resource": "event",
        "id": event_id,
        "type": event_type,
        "entityId": entity["id"],
        "createdAt": iso(at),
        "_embedded": {"entity": entity},
        "_links": {"self": {"href": f"https://api.mollie.com/v2/events/{event_id}", "type": "application/hal+json"}},
    }
    return PracticeDraft(
        json.dumps(body, separators=(",", ":")).encode(), event_id, {"User-Agent": "Mollie HTTP client/1.0"}
    )


def _draft_payment(sample: Sample, payment: str, when: str) -> dict[str, Any]:
    number = sample.digits("number", 4)
    return {
        "resource": "payment",
        "id": payment,
        "mode": "live",
        "status": "paid",
        "amount": _draft_money(sample.total_minor),
        "description": f"Order #{number}",
        "metadata": {"order_id": number},
        "paidAt": when,
        "lines": [_draft_line(line) for line in sample.lines],
        "billingAddress": {"givenName": sample.first, "familyName": sample.last, "email": sample.email},
    }


def _draft_line(line: Line) -> dict[str, Any]:
    return {
        "description": line.name,
        "quantity": line.qty,
        "unitPrice": _draft_money(line.unit_minor),
        "totalAmount": _draft_money(line.minor),
    }


def _draft_refund(sample: Sample, payment: str) -> dict[str, Any]:
    return {
        "resource": "refund",
        "id": f"re_{sample.letters('refund', 10)}",
        "paymentId": payment,
        "status": "refunded",
        "amount": _draft_money(sample.given_back_minor),
        "description": "arrived wilted",
    }


def _draft_chargeback(sample: Sample, payment: str, when: str) -> dict[str, Any]:
    return {
        "resource": "chargeback",
        "id": f"chb_{sample.letters('chargeback', 10)}",
        "paymentId": payment,
        "amount": _draft_money(sample.total_minor),
        "createdAt": when,
        "reversedAt": None,
    }


def _draft_money(minor: int) -> dict[str, str]:
    return {"currency": "EUR", "value": decimal(minor)}


MOLLIE = Provider(
    id="mollie",
    name="Mollie",
    tile="Mo",
    setup=SetupWords(
        does="Payments, refunds and chargebacks",
        settings_url="https://my.mollie.com/dashboard/developers/webhooks",
        menu="Webhooks",
        address_label="URL",
        secret_label="Signing secret",
        events=("payment.paid", "refund.refunded", "refund.failed", "chargeback.received", "chargeback.reversed"),
        api_key_prefixes=("live_", "test_", "access_"),
        secret_found="Mollie shows the signing secret once, when you have made the webhook.",
        away="Mollie tries again several times, at longer and longer intervals.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature=_SIGNATURE),),
        signed=b"%(body)b",
        schemes={"": _PerhapsPrefixed(Hmac("sha256", HEX, prefix=_PREFIX))},
    ),
    event_id="id",
    event_type="type",
    # A payment link that is paid has made a payment, which is told itself.
    readers={
        "payment.paid": _read_payment,
        "refund.refunded": _read_refund,
        "refund.failed": _read_refund,
        "chargeback.received": _read_chargeback,
        "chargeback.reversed": _read_chargeback,
        "sales-invoice.paid": _read_invoice,
        "hook.ping": _read_ping,
    },
    handshake=_answer_handshake,
    draft=_draft_message,
    retries_for=None,
    order_url="https://my.mollie.com/dashboard/payments/{order_id}",
)
