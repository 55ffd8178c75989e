"""Stripe. Facts: docs.stripe.com (webhooks, event types, currencies, changelog/basil/2025-03-31), and stripe-python
16.1 for the signature and the members of objects.

Since API version 2025-03-31.basil invoices name no payment, and charges no invoice. What joins them: `invoice_payment`,
which names both, and the payment's `payment_details.order_reference`, where Stripe writes the invoice's id. A charge of
a PaymentIntent may so be an invoice's that it does not name; the intent's own event always comes beside it.
"""

import json
from collections.abc import Iterator
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money, from_minor
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import (
    MOST_ITEMS,
    Meaning,
    Message,
    api_call,
    find,
    ident,
    ids,
    in_minor,
    items,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

# docs.stripe.com/currencies, "special cases": where Stripe's smallest unit is not the one of ISO 4217.
_DECIMALS = {"ISK": 2, "UGX": 2, "MGA": 0}
_OUTCOMES = {
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}


def _read_object(message: Message) -> Any:
    return find(message.body, "data", "object")


def money_of(value: Any, currency: Any) -> Money | None:
    """An amount as Stripe counts it."""
    return from_minor(value, currency, _DECIMALS)


def _make_meaning(
    message: Message, kind: Kind, claim: SaleClaim | RefundClaim | DisputeClaim, *links: str, needs_fetch: str = ""
) -> Meaning:
    return Meaning(
        kind,
        claim,
        moment(message.body, "created", otherwise=message.at),
        links=ids(*links),
        live=find(message.body, "livemode") is not False,
        needs_fetch=needs_fetch,
    )


def _read_sale(
    message: Message,
    amount: str,
    person: Any,
    *links: str,
    order: str = "",
    number: str = "",
    lines: Any = None,
    payment: str = "",
    unplaced: bool = False,
    needs_fetch: str = "",
) -> Meaning:
    """A sale of the object in `message`, or of `order`; `person` is where its name and e-mail are."""
    bought = _read_object(message)
    currency = find(bought, "currency")
    money, unclear = in_minor(find(bought, amount), currency, _DECIMALS)
    claim = SaleClaim(
        order_id=order or order_of(bought, "id"),
        amount=money,
        number=number,
        name=text(person, "name"),
        email=text(person, "email"),
        items=items(lines, lambda line: _read_item(line, currency)),
        amount_text=unclear,
        payment=payment,
        unplaced=unplaced,
    )
    return _make_meaning(message, Kind.SALE, claim, *links, needs_fetch=needs_fetch)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name, qty = text(line, "description"), quantity(line.get("quantity"))
    whole = money_of(line.get("amount"), line.get("currency", currency))
    unit = Money(whole.minor // qty, whole.currency) if whole and qty and whole.minor % qty == 0 else None
    return Item(name, qty, unit) if name else None


def _read_session(message: Message) -> Meaning | None:
    """A checkout that is paid; one that waits for the bank is told again once it is. Cards put on file are no sale, nor
    is what needs no payment yet (checkout/sessions/object, payment_status)."""
    session = _read_object(message)
    if text(session, "payment_status") != "paid" or text(session, "mode") == "setup":
        return None
    return _read_sale(
        message,
        "amount_total",
        find(session, "customer_details"),
        ident(session, "payment_intent"),
        ident(session, "invoice"),
        needs_fetch=api_call("GET /v1/checkout/sessions/{}/line_items", ident(session, "id")),
    )


def _read_invoice(message: Message) -> Meaning | None:
    invoice = _read_object(message)
    person = {"name": find(invoice, "customer_name"), "email": find(invoice, "customer_email")}
    return _read_sale(
        message,
        "amount_paid",
        person,
        *_payments_of(invoice),
        lines=find(invoice, "lines", "data"),
        number=text(invoice, "number"),
    )


def _payments_of(invoice: Any) -> Iterator[str]:
    """Older API versions name the one payment, newer ones all of them, where that is asked for."""
    yield from (ident(invoice, "payment_intent"), ident(invoice, "charge"))
    listed = find(invoice, "payments", "data")
    for each in listed[:MOST_ITEMS] if isinstance(listed, list) else ():
        yield _payment_in(each)


def _payment_in(paid: Any) -> str:
    """The payment that an `invoice_payment` is: a charge is named only where it has no intent, and a record where the
    money did not go through Stripe."""
    found = (ident(paid, "payment", each) for each in ("payment_intent", "charge", "payment_record"))
    return next(filter(None, found), "")


def _invoice_payment(message: Message) -> Meaning | None:
    """One payment of an invoice, which may have several; it is what joins the two."""
    paid = _read_object(message)
    if text(paid, "status") in ("open", "canceled"):
        return None
    payment = _payment_in(paid)
    return _read_sale(
        message, "amount_paid", None, payment, order=order_of(paid, "invoice"), payment=payment or order_of(paid, "id")
    )


def _read_intent(message: Message) -> Meaning | None:
    intent = _read_object(message)
    person = {"email": find(intent, "receipt_email"), "name": find(intent, "shipping", "name")}
    charge = ident(intent, "latest_charge")
    return _read_sale(message, "amount_received", person, charge, *_invoice_of(intent), payment=ident(intent, "id"))


def _read_charge(message: Message) -> Meaning | None:
    """What a payment with an intent is of, the intent's event tells; older API versions say it here, too."""
    charge = _read_object(message)
    if find(charge, "captured") is False:
        return None
    intent = ident(charge, "payment_intent")
    return _read_sale(
        message,
        "amount" if find(charge, "amount_captured") is None else "amount_captured",
        find(charge, "billing_details"),
        intent,
        *_invoice_of(charge),
        payment=intent or ident(charge, "id"),
        unplaced=bool(intent) and "invoice" not in charge,
    )


def _invoice_of(paid: Any) -> tuple[str, ...]:
    """Newer API versions name the invoice of a payment as its order reference."""
    reference = ident(paid, "payment_details", "order_reference")
    return ident(paid, "invoice"), reference if reference.startswith("in_") else ""


def _read_refund(message: Message) -> Meaning | None:
    """`amount_refunded` is all that was given back of this charge so far."""
    charge = _read_object(message)
    order_id, intent = order_of(charge, "id"), ident(charge, "payment_intent")
    given, unclear = in_minor(find(charge, "amount_refunded"), find(charge, "currency"), _DECIMALS)
    claim = RefundClaim(order_id, given, order_id, cumulative=True, amount_text=unclear, payment=order_id)
    asked = "" if "invoice" in charge else _whose(intent)
    return _make_meaning(message, Kind.REFUND, claim, intent, *_invoice_of(charge), needs_fetch=asked)


def _refund(message: Message) -> Meaning | None:
    refund, status = _read_object(message), text(message.body, "data", "object", "status")
    if status not in ("succeeded", "failed"):
        return None
    intent = ident(refund, "payment_intent")
    order_id = ident(refund, "charge") or intent or order_of(refund, "charge")
    given, unclear = in_minor(find(refund, "amount"), find(refund, "currency"), _DECIMALS)
    claim = RefundClaim(
        order_id,
        given,
        ident(refund, "id") or order_id,
        failed=status == "failed",
        amount_text=unclear,
        payment=order_id,
    )
    return _make_meaning(message, Kind.REFUND, claim, intent, needs_fetch=_whose(intent))


def _read_dispute(message: Message) -> Meaning | None:
    case = _read_object(message)
    intent = ident(case, "payment_intent")
    order_id = ident(case, "charge") or intent or order_of(case, "charge")
    disputed, unclear = in_minor(find(case, "amount"), find(case, "currency"), _DECIMALS)
    state = _OUTCOMES.get(text(case, "status"), DisputeState.OPEN)
    claim = DisputeClaim(order_id, disputed, ident(case, "id") or order_id, state, unclear)
    return _make_meaning(message, Kind.DISPUTE, claim, intent, needs_fetch=_whose(intent))


def _whose(intent: str) -> str:
    """The call that tells which invoice a payment is of, for what may stand alone without it."""
    return api_call("GET /v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]={}", intent)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    written = {Kind.REFUND: _draft_refund, Kind.DISPUTE: _draft_dispute}.get(kind, _draft_session)
    event_type, told = written(sample, at // 1000)
    event_id = f"evt_1{sample.letters(f'event {event_type}', 23)}"
    body = {
        "id": event_id,
        "object": "event",
        "api_version": "2025-09-30.clover",
        "created": at // 1000,
        "data": {"object": told},
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type,
    }
    agent = {"User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)"}
    return PracticeDraft(json.dumps(body, indent=2).encode(), event_id, agent)


def _draft_session(sample: Sample, at: int) -> tuple[str, dict[str, Any]]:
    return "checkout.session.completed", {
        "id": f"cs_live_a1{sample.letters('session', 40)}",
        "object": "checkout.session",
        "amount_subtotal": sample.total_minor,
        "amount_total": sample.total_minor,
        "created": at,
        "currency": "usd",
        "customer": None,
        "customer_details": {
            "address": {"city": None, "country": "US", "line1": None, "postal_code": "97205", "state": None},
            "email": sample.email,
            "name": sample.name,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "customer_email": None,
        "livemode": True,
        "metadata": {},
        "mode": "payment",
        "payment_intent": _draft_intent(sample),
        "payment_status": "paid",
        "status": "complete",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    }


def _draft_refund(sample: Sample, at: int) -> tuple[str, dict[str, Any]]:
    return "charge.refunded", {
        "id": _draft_charge(sample),
        "object": "charge",
        "amount": sample.total_minor,
        "amount_captured": sample.total_minor,
        "amount_refunded": sample.given_back_minor,
        "billing_details": {"email": sample.email, "name": sample.name, "phone": None},
        "captured": True,
        "created": at,
        "currency": "usd",
        "livemode": True,
        "paid": True,
        "payment_intent": _draft_intent(sample),
        "refunded": sample.given_back_minor == sample.total_minor,
        "status": "succeeded",
    }


def _draft_dispute(sample: Sample, at: int) -> tuple[str, dict[str, Any]]:
    return "charge.dispute.created", {
        "id": f"du_1{sample.letters('dispute', 23)}",
        "object": "dispute",
        "amount": sample.total_minor,
        "charge": _draft_charge(sample),
        "created": at,
        "currency": "usd",
        "is_charge_refundable": False,
        "livemode": True,
        "payment_intent": _draft_intent(sample),
        "reason": "product_not_received",
        "status": "needs_response",
    }


def _draft_intent(sample: Sample) -> str:
    return f"pi_3{sample.letters('payment', 23)}"


def _draft_charge(sample: Sample) -> str:
    return f"ch_3{sample.letters('charge', 23)}"


STRIPE = Provider(
    id="stripe",
    name="Stripe",
    tile="St",
    setup=SetupWords(
        does="Payments and refunds",
        # docs.stripe.com/workbench/webhooks.
        settings_url="https://dashboard.stripe.com/workbench/webhooks",
        menu="Webhooks",
        address_label="Endpoint URL",
        secret_label="Signing secret",
        events=(
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded",
            "invoice.paid",
            "invoice_payment.paid",
            "payment_intent.succeeded",
            "charge.succeeded",
            "charge.captured",
            "charge.refunded",
            "refund.failed",
            "charge.dispute.created",
            "charge.dispute.closed",
        ),
        save="Create destination",
        secret_prefixes=("whsec_",),
        secret_found="Open the destination there. Show what stands under Signing secret, and copy it.",
        away="Stripe tries again for up to three days.",
        # docs.stripe.com/keys: secret, restricted and publishable ones.
        api_key_prefixes=("sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_"),
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Stripe-Signature"),),
        signed=b"%(timestamp)b.%(body)b",
        # The whole secret is the key, "whsec_" and all.
        schemes={"v1": HmacSha256(HEX)},
        between=",",
        timestamp_entry="t",
    ),
    event_id="id",
    event_type="type",
    readers={
        "checkout.session.completed": _read_session,
        "checkout.session.async_payment_succeeded": _read_session,
        "invoice.paid": _read_invoice,
        "invoice.payment_succeeded": _read_invoice,
        "invoice_payment.paid": _invoice_payment,
        "payment_intent.succeeded": _read_intent,
        "charge.succeeded": _read_charge,
        "charge.captured": _read_charge,
        "charge.refunded": _read_refund,
        "refund.created": _refund,
        "refund.updated": _refund,
        "refund.failed": _refund,
        "charge.refund.updated": _refund,
        "charge.dispute.created": _read_dispute,
        "charge.dispute.updated": _read_dispute,
        "charge.dispute.closed": _read_dispute,
    },
    # Only what is sent for connected accounts names one (docs.stripe.com/connect/webhooks).
    account=Account(member("account"), "Account", own_unnamed=True),
    draft=_draft_message,
    # Live mode, with growing pauses (docs.stripe.com/webhooks, "Retry behavior").
    retries_for=3 * DAY,
    order_url="https://dashboard.stripe.com/search?query={order_id}",
)
