"""PayPal. Facts: developer.paypal.com (webhook event names, payments v1 and v2, orders v2, disputes v1, invoicing v2
and its webhooks), and paypal/paypal-rest-api-specifications ec4d8f3."""

import json
import re
from collections.abc import Iterator
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, first_of, member, of_items
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
    find,
    ident,
    ids,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.paypal_signature import Transmission

_NOT_YET_GIVEN_BACK = frozenset({"PENDING", "FAILED", "CANCELLED"})
# Invoicing v2, invoice_status: all of it is paid, by whatever became of that later.
_WHOLLY_PAID = frozenset({"PAID", "MARKED_AS_PAID", "REFUNDED", "PARTIALLY_REFUNDED", "MARKED_AS_REFUNDED"})
_ALL_GIVEN_BACK = frozenset({"REFUNDED", "MARKED_AS_REFUNDED"})
# Disputes v1, dispute_outcome: with a payout PayPal pays the customer itself, and the shop keeps its money.
_OUTCOMES = {
    "RESOLVED_SELLER_FAVOUR": DisputeState.WON,
    "CANCELED_BY_BUYER": DisputeState.WON,
    "RESOLVED_WITH_PAYOUT": DisputeState.WON,
    "RESOLVED_BUYER_FAVOUR": DisputeState.LOST,
    "ACCEPTED": DisputeState.LOST,
}
_ABOVE = re.compile(r"https://[a-z.-]+/v[0-9]/payments/(?:captures|sale|capture)/([A-Za-z0-9]{1,64})", re.ASCII)


def _read_resource(message: Message) -> Any:
    return find(message.body, "resource")


def _read_amount(told: Any, sign: str = "") -> tuple[Money | None, str]:
    """`value` of a `currency_code` since version 2, `total` of a `currency` before, and of invoices `value` of a
    `currency`. What was taken back has a minus in some messages, which `sign` takes off."""
    sent, currency = find(told, "value"), find(told, "currency_code") or find(told, "currency")
    if sent is None:
        sent, currency = find(told, "total"), find(told, "currency")
    return in_decimals(sent.removeprefix(sign) if isinstance(sent, str) else sent, currency)


def _order_of(resource: Any) -> str:
    return ident(resource, "supplementary_data", "related_ids", "order_id")


def _make_meaning(message: Message, kind: Kind, claim: Claim, *links: str, needs_fetch: str = "") -> Meaning:
    return Meaning(
        kind,
        claim,
        moment(message.body, "create_time", otherwise=message.at),
        links=ids(*links),
        # The sandbox signs with certificates of its own, so this cannot be exchanged for the other.
        live=".sandbox." not in (message.headers.only("PAYPAL-CERT-URL") or ""),
        needs_fetch=needs_fetch,
    )


def _read_payment(message: Message) -> Meaning:
    """A capture, or a sale as it was called before. Who paid for what is known to the order alone."""
    paid = _read_resource(message)
    payment, order = order_of(paid, "id"), _order_of(paid)
    amount, unclear = _read_amount(find(paid, "amount"))
    parent = ident(paid, "parent_payment")
    claim = SaleClaim(
        order or payment,
        amount,
        number=text(paid, "invoice_id") or text(paid, "invoice_number"),
        amount_text=unclear,
        # An order may be captured in parts (`final_capture`), and an invoice paid in parts; of all of them only the
        # order or the invoice itself tells.
        payment=payment,
    )
    call = api_call("GET /v2/checkout/orders/{}", order) or api_call("GET /v1/payments/payment/{}", parent)
    return _make_meaning(message, Kind.SALE, claim, payment, parent, needs_fetch=call)


def _read_order(message: Message) -> Meaning:
    order = _read_resource(message)
    listed = find(order, "purchase_units")
    units = [unit for unit in (listed if isinstance(listed, list) else ()) if isinstance(unit, dict)]
    amount, unclear = _read_total(units)
    payer = find(order, "payer")
    claim = SaleClaim(
        order_of(order, "id"),
        amount,
        number=next((text(unit, "invoice_id") for unit in units if text(unit, "invoice_id")), ""),
        name=joined(text(payer, "name", "given_name"), text(payer, "name", "surname")),
        email=text(payer, "email_address"),
        items=tuple(item for unit in units for item in items(find(unit, "items"), _read_item)),
        amount_text=unclear,
    )
    return _make_meaning(message, Kind.SALE, claim, *_read_captures(units))


def _read_total(units: list[dict[str, Any]]) -> tuple[Money | None, str]:
    """An order may be of several parts, each with its own sum; all are of one currency."""
    told = [_read_amount(unit.get("amount")) for unit in units]
    known = [amount for amount, _ in told if amount is not None]
    if not known or len(known) < len(told) or len({amount.currency for amount in known}) != 1:
        shown = [unclear or (f"{amount.decimal} {amount.currency}" if amount else "") for amount, unclear in told]
        return None, joined(*shown, between=" + ")
    return Money(sum(amount.minor for amount in known), known[0].currency), ""


def _read_captures(units: list[dict[str, Any]]) -> Iterator[str]:
    for unit in units:
        captures = find(unit, "payments", "captures")
        yield from (ident(each, "id") for each in (captures if isinstance(captures, list) else ()))


def _read_item(line: dict[str, Any]) -> Item | None:
    name = text(line, "name")
    return Item(name, quantity(line.get("quantity")), _read_amount(line.get("unit_amount"))[0]) if name else None


def _read_refund(message: Message) -> Meaning | None:
    """A refund names its payment only by a link to it."""
    given = _read_resource(message)
    if text(given, "status") in _NOT_YET_GIVEN_BACK:
        return None
    payment = ident(given, "sale_id") or _above(given)
    order_id = _order_of(given) or payment or order_of(given, "id")
    amount, unclear = _read_amount(find(given, "amount"), sign="-")
    claim = RefundClaim(order_id, amount, ident(given, "id") or order_id, amount_text=unclear)
    return _make_meaning(message, Kind.REFUND, claim, payment, ident(given, "parent_payment"))


def _above(given: Any) -> str:
    links = find(given, "links")
    for link in links if isinstance(links, list) else ():
        named = _ABOVE.fullmatch(text(link, "href"))
        if named and text(link, "rel") in ("up", "sale", "capture"):
            return named[1]
    return ""


def _read_dispute(message: Message) -> Meaning:
    """Of a case about several payments only the first is marked: they are sales of their own."""
    case = _read_resource(message)
    disputed = find(case, "disputed_transactions")
    first = disputed[0] if isinstance(disputed, list) and disputed else None
    payment = ident(first, "seller_transaction_id") or order_of(first, "buyer_transaction_id")
    amount, unclear = _read_amount(find(case, "dispute_amount"))
    state = _OUTCOMES.get(text(case, "dispute_outcome", "outcome_code"), DisputeState.OPEN)
    claim = DisputeClaim(payment, amount, ident(case, "dispute_id") or payment, state, unclear)
    return _make_meaning(message, Kind.DISPUTE, claim)


def _invoice_paid(message: Message) -> Meaning | None:
    """It is told at each payment, also of a part. A payment at PayPal is told as a capture as well, which has the id
    that the invoice gives for it: an invoice that gives none counts only where it was paid elsewhere."""
    invoice = _read_invoice(message)
    status, paid = text(invoice, "status"), _read_payments(invoice)
    if status in ("PAYMENT_PENDING", "SENT", "UNPAID"):
        return None
    whole = status in _WHOLLY_PAID
    named = [each for each in paid if _payment_id(each)]
    newest = named[-1] if named else None
    amount, unclear = _whole_of(invoice) if whole else _read_amount(find(newest, "amount"))
    sure = status == "MARKED_AS_PAID" or (bool(named) and len(named) == len(paid) and (whole or len(paid) == 1))
    if not sure:
        shown = unclear or (f"{amount.decimal} {amount.currency}" if amount else "")
        amount, unclear = None, shown
    name, email = _read_recipient(invoice)
    claim = SaleClaim(
        _invoice_id(invoice),
        amount,
        number=text(invoice, "detail", "invoice_number") or text(invoice, "invoice_number"),
        name=name,
        email=email,
        items=items(find(invoice, "items"), _read_item),
        amount_text=unclear,
        payment="" if whole else _payment_id(newest),
    )
    call = "" if sure else api_call("GET /v2/invoicing/invoices/{}", claim.order_id)
    return _make_meaning(message, Kind.SALE, claim, *map(_payment_id, named), needs_fetch=call)


def _invoice_refunded(message: Message) -> Meaning:
    """All that was given back so far."""
    invoice = _read_invoice(message)
    given = find(invoice, "refunds", "refund_amount")
    amount, unclear = _read_amount(given, sign="-") if given is not None else (None, "")
    partial = text(invoice, "status") not in _ALL_GIVEN_BACK
    order_id = _invoice_id(invoice)
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=partial, amount_text=unclear)
    call = api_call("GET /v2/invoicing/invoices/{}", order_id) if amount is None else ""
    return _make_meaning(message, Kind.REFUND, claim, *map(_payment_id, _read_payments(invoice)), needs_fetch=call)


def _read_invoice(message: Message) -> Any:
    """Some of its messages have it one level deeper."""
    return find(message.body, "resource", "invoice") or _read_resource(message)


def _invoice_id(invoice: Any) -> str:
    return order_of(invoice, "id")


def _read_payments(invoice: Any) -> list[dict[str, Any]]:
    """The API has them under `transactions`, the guide to its messages at once."""
    told = find(invoice, "payments")
    listed = find(told, "transactions") if isinstance(told, dict) else told
    return [each for each in (listed if isinstance(listed, list) else ()) if isinstance(each, dict)]


def _payment_id(paid: Any) -> str:
    return ident(paid, "payment_id") or ident(paid, "transaction_id")


def _whole_of(invoice: Any) -> tuple[Money | None, str]:
    paid = find(invoice, "payments", "paid_amount")
    return _read_amount(paid if paid is not None else find(invoice, "amount") or find(invoice, "total_amount"))


def _read_recipient(invoice: Any) -> tuple[str, str]:
    """Name and e-mail."""
    listed = find(invoice, "primary_recipients")
    person = find(listed[0], "billing_info") if isinstance(listed, list) and listed else None
    named = joined(text(person, "name", "given_name"), text(person, "name", "surname"))
    name = text(person, "name", "full_name") or named or text(person, "business_name")
    return name, text(person, "email_address") or text(invoice, "payer_email")


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    written = {Kind.REFUND: _draft_refund, Kind.DISPUTE: _draft_dispute}.get(kind, _draft_capture)
    event_type, resource_type, resource = written(sample, iso(at))
    event_id = f"WH-{sample.letters(f'event {event_type}', 17)}-{sample.letters(event_type, 17)}".upper()
    body = {
        "id": event_id,
        "event_version": "1.0",
        "create_time": iso(at),
        "resource_type": resource_type,
        "resource_version": "2.0",
        "event_type": event_type,
        "summary": "",
        "resource": resource,
        "links": [],
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id)


def _draft_capture(sample: Sample, when: str) -> tuple[str, str, dict[str, Any]]:
    return (
        "PAYMENT.CAPTURE.COMPLETED",
        "capture",
        _draft_money(sample, "payment", sample.total_minor, when)
        | {"seller_protection": {"status": "ELIGIBLE"}, "final_capture": True, "links": [_draft_link(sample, "self")]},
    )


def _draft_refund(sample: Sample, when: str) -> tuple[str, str, dict[str, Any]]:
    return (
        "PAYMENT.CAPTURE.REFUNDED",
        "refund",
        _draft_money(sample, "refund", sample.given_back_minor, when)
        | {"note_to_payer": "arrived wilted", "links": [_draft_link(sample, "up")]},
    )


def _draft_dispute(sample: Sample, when: str) -> tuple[str, str, dict[str, Any]]:
    return (
        "CUSTOMER.DISPUTE.CREATED",
        "dispute",
        {
            "dispute_id": f"PP-D-{sample.digits('dispute', 6)}",
            "create_time": when,
            "update_time": when,
            "disputed_transactions": [{"seller_transaction_id": _draft_id(sample, "payment")}],
            "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
            "status": "OPEN",
            "dispute_amount": {"currency_code": "USD", "value": decimal(sample.total_minor)},
            "dispute_life_cycle_stage": "INQUIRY",
        },
    )


def _draft_money(sample: Sample, what: str, minor: int, when: str) -> dict[str, Any]:
    return {
        "id": _draft_id(sample, what),
        "amount": {"currency_code": "USD", "value": decimal(minor)},
        "status": "COMPLETED",
        "create_time": when,
        "update_time": when,
        "invoice_id": f"INV-{sample.digits('number', 6)}",
        "custom_id": f"cart-{sample.digits('cart', 6)}",
        "supplementary_data": {"related_ids": {"order_id": _draft_id(sample, "order")}},
    }


def _draft_link(sample: Sample, rel: str) -> dict[str, str]:
    payment = _draft_id(sample, "payment")
    return {"href": f"https://api.paypal.com/v2/payments/captures/{payment}", "rel": rel, "method": "GET"}


def _draft_id(sample: Sample, what: str) -> str:
    return sample.letters(what, 17).upper()


PAYPAL = Provider(
    id="paypal",
    name="PayPal",
    tile="PP",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://developer.paypal.com/dashboard/applications/live",
        menu="Apps & Credentials",
        address_label="Webhook URL",
        secret_label="Webhook ID",
        events=(
            "Payment capture completed",
            "Payment capture refunded",
            "Payment capture reversed",
            "Payment sale completed",
            "Payment sale refunded",
            "Checkout order completed",
            "Customer dispute created",
            "Customer dispute resolved",
            "Invoicing invoice paid",
            "Invoicing invoice refunded",
        ),
        secret_found="In the list of webhooks of your app, once it is saved. It is not the client secret.",
        away="PayPal tries again up to 25 times in three days.",
        needs="An app under Apps & Credentials, in live mode. Its simulator’s messages do not fit any webhook ID.",
    ),
    recipe=Transmission(),
    event_id="id",
    event_type="event_type",
    readers={
        "PAYMENT.CAPTURE.COMPLETED": _read_payment,
        "PAYMENT.SALE.COMPLETED": _read_payment,
        "CHECKOUT.ORDER.COMPLETED": _read_order,
        "PAYMENT.CAPTURE.REFUNDED": _read_refund,
        "PAYMENT.SALE.REFUNDED": _read_refund,
        "PAYMENT.CAPTURE.REVERSED": _read_refund,
        "PAYMENT.SALE.REVERSED": _read_refund,
        "CUSTOMER.DISPUTE.CREATED": _read_dispute,
        "CUSTOMER.DISPUTE.UPDATED": _read_dispute,
        "CUSTOMER.DISPUTE.RESOLVED": _read_dispute,
        "INVOICING.INVOICE.PAID": _invoice_paid,
        "INVOICING.INVOICE.REFUNDED": _invoice_refunded,
    },
    account=Account(
        first_of(member("resource.payee.merchant_id"), of_items("resource.purchase_units", "payee", "merchant_id")),
        "Merchant ID",
    ),
    draft=_draft_message,
    signs_alone=True,
    retries_for=3 * DAY,
)
