"""Polar. Facts: @polar-sh/sdk 0.49.0 (`validateEvent`, the order, refund and webhook types), and polar.sh/docs
("Webhook delivery").

A refund is told twice: as one of its own, and by what was given back of the order so far.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, in_hundredths, items, moment, order_of, text
from shopwatch.providers.kit.sample import Line, Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.standard_webhooks import standard_recipe


def _read_payment(message: Message) -> Meaning:
    """`total_amount` is after discounts and with taxes; the lines are before both."""
    order = find(message.body, "data")
    currency = find(order, "currency")
    amount, amount_text = in_hundredths(find(order, "total_amount"), currency)
    claim = SaleClaim(
        order_id=order_of(order, "id"),
        amount=amount,
        number=text(order, "invoice_number"),
        name=text(order, "customer", "name") or text(order, "billing_name"),
        email=text(order, "customer", "email"),
        items=items(find(order, "items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = text(line, "label")
    return Item(name, 1, in_hundredths(line.get("amount"), currency)[0]) if name else None


def _order_refunded(message: Message) -> Meaning:
    """All that was given back of the order so far."""
    order = find(message.body, "data")
    order_id, partial = order_of(order, "id"), text(order, "status") != "refunded"
    amount, amount_text = _with_tax(order, "refunded_amount", "refunded_tax_amount")
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=partial, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_refund(message: Message) -> Meaning | None:
    back = find(message.body, "data")
    status = text(back, "status")
    if status not in ("succeeded", "failed", "canceled"):
        return None
    amount, amount_text = _with_tax(back, "amount", "tax_amount")
    order_id = order_of(back, "order_id")
    failed = status != "succeeded"
    claim = RefundClaim(order_id, amount, ident(back, "id") or order_id, failed=failed, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _with_tax(told: Any, *names: str) -> tuple[Money | None, str]:
    """Net and tax together; as it was sent, if one of them cannot be counted."""
    net, tax = (in_hundredths(find(told, name), find(told, "currency")) for name in names)
    if net[0] is not None and tax[0] is not None:
        return Money(net[0].minor + tax[0].minor, net[0].currency), ""
    return None, net[1]


def _make_meaning(message: Message, kind: Kind, claim: Claim) -> Meaning:
    sent = moment(message.body, "timestamp", otherwise=0)
    return Meaning(kind, claim, sent or moment(find(message.body, "data"), "created_at", otherwise=message.at))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    if kind is Kind.REFUND:
        event_type, data = "refund.created", _draft_refund(sample, at)
    else:
        event_type, data = "order.paid", _draft_order(sample, at)
    body = {"type": event_type, "timestamp": iso(at), "data": data}
    written = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return PracticeDraft(written, f"msg_{sample.letters(f'message {event_type}', 24)}")


def _draft_refund(sample: Sample, at: Instant) -> dict[str, Any]:
    return {
        "created_at": iso(at),
        "modified_at": None,
        "id": sample.uuid("refund"),
        "metadata": {},
        "status": "succeeded",
        "reason": "customer_request",
        "amount": sample.given_back_minor,
        "tax_amount": 0,
        "currency": "usd",
        "organization_id": "5f1a2b3c-4d5e-4f60-a718-29304a5b6c7d",
        "order_id": sample.uuid("order"),
        "subscription_id": None,
        "customer_id": sample.uuid("customer"),
        "revoke_benefits": False,
        "dispute": None,
    }


def _draft_order(sample: Sample, at: Instant) -> dict[str, Any]:
    amounts = dict.fromkeys(("subtotal_amount", "net_amount", "total_amount", "due_amount"), sample.total_minor)
    nothing = ("discount_amount", "tax_amount", "applied_balance_amount", "refunded_amount", "refunded_tax_amount")
    absent = ("receipt_number", "seats", "discount_id", "subscription_id", "checkout_id", "next_payment_attempt_at")
    return {
        "id": sample.uuid("order"),
        "created_at": iso(at),
        "modified_at": None,
        "status": "paid",
        "paid": True,
        **amounts,
        **dict.fromkeys(nothing, 0),
        "currency": "usd",
        "billing_reason": "purchase",
        "billing_name": sample.name,
        "billing_address": _draft_address(),
        "invoice_number": f"BLOOM-{sample.digits('number', 5)}",
        "is_invoice_generated": False,
        "customer_id": sample.uuid("customer"),
        "product_id": sample.uuid("product"),
        **dict.fromkeys((*absent, "discount", "subscription"), None),
        "metadata": {},
        "custom_field_data": {},
        "platform_fee_amount": 40,
        "platform_fee_currency": "usd",
        "refundable_amount": sample.total_minor,
        "refundable_tax_amount": 0,
        "customer": _draft_customer(sample, at),
        "product": _draft_product(sample, at),
        "items": [_draft_item(sample, line, at) for line in sample.lines],
        "description": sample.lines[0].name,
    }


def _draft_address() -> dict[str, Any]:
    return dict.fromkeys(("line1", "line2", "postal_code", "city", "state"), None) | {"country": "SE"}


def _draft_customer(sample: Sample, at: Instant) -> dict[str, Any]:
    absent = ("modified_at", "external_id", "billing_address", "tax_id", "locale", "default_payment_method_id")
    return {
        "id": sample.uuid("customer"),
        "created_at": iso(at),
        "metadata": {},
        "email": sample.email,
        "email_verified": True,
        "type": "individual",
        "name": sample.name,
        "billing_name": sample.name,
        **dict.fromkeys((*absent, "deleted_at"), None),
        "organization_id": "5f1a2b3c-4d5e-4f60-a718-29304a5b6c7d",
        "avatar_url": "https://www.gravatar.com/avatar/x",
    }


def _draft_product(sample: Sample, at: Instant) -> dict[str, Any]:
    absent = ("modified_at", "trial_interval", "trial_interval_count", "description", "recurring_interval")
    return {
        "metadata": {},
        "id": sample.uuid("product"),
        "created_at": iso(at),
        **dict.fromkeys((*absent, "recurring_interval_count", "meter_interval", "meter_interval_count"), None),
        "name": sample.lines[0].name,
        "visibility": "public",
        "is_recurring": False,
        "is_archived": False,
        "organization_id": "5f1a2b3c-4d5e-4f60-a718-29304a5b6c7d",
    }


def _draft_item(sample: Sample, line: Line, at: Instant) -> dict[str, Any]:
    return {
        "created_at": iso(at),
        "modified_at": None,
        "id": sample.uuid(f"item {line.name}"),
        "label": line.name,
        "amount": line.minor,
        "tax_amount": 0,
        "proration": False,
        "product_price_id": sample.uuid(f"price {line.name}"),
    }


POLAR = Provider(
    id="polar",
    name="Polar",
    tile="Po",
    setup=SetupWords(
        does="Orders, renewals and refunds",
        settings_url="https://polar.sh/dashboard",
        menu="Settings › Webhooks",
        address_label="URL",
        secret_label="Secret",
        events=("order.paid", "order.refunded", "refund.created", "refund.updated"),
        save="Create",
        api_key_prefixes=("polar_oat_", "polar_pat_"),
        secret_found="In the endpoint’s own settings. Use all of it, from its first letter on.",
        away="Polar tries again up to 10 times. After 10 failures in a row it switches the endpoint off.",
        needs="Choose the format “Raw”. Disputes and amounts in currencies without hundredths are not counted.",
    ),
    recipe=standard_recipe(v1=HmacSha256(BASE64)),
    event_type="type",
    readers={
        "order.paid": _read_payment,
        "order.refunded": _order_refunded,
        "refund.created": _read_refund,
        "refund.updated": _read_refund,
    },
    account=Account(
        member("data.organization_id", "data.customer.organization_id", "data.product.organization_id"),
        "Organization ID",
    ),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=None,
    addresses=("3.134.238.10", "3.129.111.220", "52.15.118.168", "74.220.50.0/24", "74.220.58.0/24"),
)
