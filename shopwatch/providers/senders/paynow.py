"""PayNow (paynow.gg). Facts: docs.paynow.gg, "Validating incoming webhooks", and its published OpenAPI definitions."""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import from_minor
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    find,
    ident,
    in_minor,
    items,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

# A refund is announced when it is asked for, too; only these two mean that money went back.
_NOT_YET_GIVEN_BACK = frozenset({"created", "processing", "canceled", "failed"})
_OUTCOMES = {
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "closed": DisputeState.WON,
    "prevented": DisputeState.WON,
}


def _read_order(message: Message) -> Meaning | None:
    order = find(message.body, "body")
    if text(order, "status") in ("created", "canceled"):
        return None
    order_id = order_of(order, "id")
    currency = find(order, "currency")
    amount, unclear = in_minor(find(order, "total_amount"), currency)
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=text(order, "pretty_id"),
        name=text(order, "billing_name") or text(order, "customer", "name"),
        email=text(order, "billing_email"),
        items=items(find(order, "lines"), lambda line: _read_item(line, currency)),
        amount_text=unclear,
    )
    return Meaning(Kind.SALE, claim, moment(order, "completed_at", "created_at", otherwise=message.at))


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "product_name")
    return Item(name, quantity(line.get("quantity")), from_minor(line.get("price"), currency)) if name else None


def _read_payment(message: Message) -> Meaning | None:
    """A payment names its order; where the order is announced as well, both are one sale."""
    payment = find(message.body, "body")
    amount, unclear = in_minor(find(payment, "amount"), find(payment, "currency"))
    claim = SaleClaim(
        order_id=order_of(payment, "order_id"),
        amount=amount,
        name=text(payment, "billing_name") or text(payment, "customer", "name"),
        email=text(payment, "billing_email"),
        amount_text=unclear,
    )
    return Meaning(Kind.SALE, claim, moment(payment, "completed_at", "created_at", otherwise=message.at))


def _read_refund(message: Message) -> Meaning | None:
    """`amount` is the payment's, `store_refund_amount` what was given back of it."""
    refund = find(message.body, "body")
    if text(refund, "status") in _NOT_YET_GIVEN_BACK:
        return None
    given = find(refund, "store_refund_amount")
    amount, unclear = in_minor(find(refund, "amount") if given is None else given, find(refund, "currency"))
    order_id = order_of(refund, "order_id")
    claim = RefundClaim(order_id, amount, ident(refund, "id") or order_id, amount_text=unclear)
    return Meaning(Kind.REFUND, claim, moment(refund, "completed_at", "approved_at", otherwise=message.at))


def _read_chargeback(message: Message) -> Meaning | None:
    """Opened, or closed with its outcome in `chargeback_status`. Its `id` is the disputed payment's.

    Both say when it was opened, so the closing is timed by its message.
    """
    payment = find(message.body, "body")
    state = _OUTCOMES.get(text(payment, "chargeback_status")) or _OUTCOMES.get(text(payment, "status"))
    opened = moment(payment, "chargeback_at", otherwise=message.at)
    return _read_dispute(payment, "id", "amount", state, message.at if state else opened)


def _chargeback_step(message: Message) -> Meaning | None:
    case = find(message.body, "body")
    state = _OUTCOMES.get(text(case, "status"))
    return _read_dispute(
        case, "payment_id", "disputed_amount", state, moment(case, "occurred_at", otherwise=message.at)
    )


def _read_dispute(case: Any, payment: str, amount: str, state: DisputeState | None, at: Instant) -> Meaning:
    order_id = order_of(case, "order_id")
    disputed, unclear = in_minor(find(case, amount), find(case, "currency"))
    claim = DisputeClaim(order_id, disputed, ident(case, payment) or order_id, state or DisputeState.OPEN, unclear)
    return Meaning(Kind.DISPUTE, claim, at)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    """Ids ascend, as PayNow's own do: its list of orders goes on after an id."""
    written = {Kind.REFUND: _draft_refund, Kind.DISPUTE: _draft_chargeback}.get(kind, _draft_order)
    event_type, body = written(sample, iso(at))
    event_id = sample.serial(f"event {event_type}")
    envelope = {"event_type": event_type, "event_id": event_id, "body": body}
    return PracticeDraft(json.dumps(envelope, separators=(",", ":")).encode(), event_id)


def _draft_order(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    customer = sample.digits("customer", 18)
    lines = [
        {
            "id": sample.serial(f"line {line.name}"),
            "product_id": sample.digits(f"product {line.name}", 18),
            "product_version_id": sample.digits(f"version {line.name}", 18),
            "product_name": line.name,
            "price": line.unit_minor,
            "quantity": line.qty,
            "discount_amount": 0,
            "subtotal_amount": line.minor,
            "tax_amount": 0,
            "total_amount": line.minor,
        }
        for line in sample.lines
    ]
    return "ON_ORDER_COMPLETED", {
        "id": sample.serial("order"),
        "store_id": "411486491630370000",
        "customer": {"id": customer, "name": sample.name, "steam": None, "minecraft": None, "profile": None},
        "checkout_id": sample.serial("checkout"),
        "type": "one_time",
        "currency": "USD",
        "tax_inclusive": True,
        "tax_amount": 0,
        "discount_amount": 0,
        "subtotal_amount": sample.total_minor,
        "total_amount": sample.total_minor,
        "created_at": when,
        "completed_at": when,
        "billing_name": sample.name,
        "billing_email": sample.email,
        "billing_address_country": "US",
        "customer_ip": "192.0.2.0/24",
        "giftcard_usage_amount": 0,
        "lines": lines,
        "product_names": ", ".join(line.name for line in sample.lines),
        "status": "completed",
    }


def _draft_refund(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    return "ON_REFUND", {
        "id": sample.serial("refund"),
        "store_id": "411486491630370000",
        "order_id": sample.serial("order"),
        "payment_id": sample.serial("payment"),
        "gateway": "stripe",
        "currency": "USD",
        "tax_inclusive": True,
        "amount": sample.total_minor,
        "store_refund_amount": sample.given_back_minor,
        "created_at": when,
        "completed_at": when,
        "billing_email": sample.email,
        "status": "completed",
    }


def _draft_chargeback(sample: Sample, when: str) -> tuple[str, dict[str, Any]]:
    return "ON_CHARGEBACK", {
        "id": sample.serial("payment"),
        "store_id": "411486491630370000",
        "order_id": sample.serial("order"),
        "gateway": "stripe",
        "currency": "USD",
        "tax_inclusive": True,
        "amount": sample.total_minor,
        "status": "chargeback",
        "chargeback_status": "open",
        "chargeback_at": when,
    }


PAYNOW = Provider(
    id="paynow",
    name="PayNow",
    tile="P",
    setup=SetupWords(
        does="Payments and refunds",
        settings_url="https://dashboard.paynow.gg/",
        menu="Webhooks",
        address_label="URL",
        secret_label="Secret",
        # One subscription, with a secret of its own, for each (OpenAPI: WebhookSubscription).
        events=("ON_ORDER_COMPLETED", "ON_REFUND", "ON_CHARGEBACK", "ON_CHARGEBACK_CLOSED"),
        secret_found="In the settings of each webhook, once it is saved.",
        away="PayNow tries again with growing pauses, but does not say for how long.",
        secret_each_event=True,
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="PayNow-Signature", timestamp="PayNow-Timestamp"),),
        signed=b"%(timestamp)b.%(body)b",
        schemes={"": HmacSha256(BASE64)},
        unit=1,
    ),
    event_id="event_id",
    event_type="event_type",
    # Renewals of subscriptions bring an order of their own (orders name their subscription), so they are not read here.
    readers={
        "ON_ORDER_COMPLETED": _read_order,
        "ON_PAYMENT_COMPLETED": _read_payment,
        "ON_REFUND": _read_refund,
        "ON_CHARGEBACK": _read_chargeback,
        "ON_CHARGEBACK_CLOSED": _read_chargeback,
        "ON_CHARGEBACK_LIFECYCLE": _chargeback_step,
    },
    account=Account(member("body.store_id"), "Store ID"),
    draft=_draft_message,
    # It retries with growing pauses, but nowhere says for how long.
    retries_for=None,
    order_url="https://dashboard.paynow.gg/orders/{order_id}",
    addresses=("34.203.112.123", "54.208.125.169", "54.86.24.96"),
)
