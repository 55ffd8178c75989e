"""Paystack. Facts: its own PaystackOSS/doc-code-snippets and PaystackOSS/openapi (events, transactions, refunds,
disputes), and paystack.com/docs (Webhooks).

It signs with the account's secret API key, which can do far more than sign.
"""

import json
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    find,
    ident,
    ids,
    in_hundredths,
    joined,
    moment,
    order_of,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, Hmac
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_ENDINGS = {"merchant-accepted": DisputeState.LOST, "declined": DisputeState.WON}
"""Of a dispute that is resolved: the shop took it on itself, or turned it down."""


def _read_sale(message: Message) -> Meaning | None:
    paid = find(message.body, "data")
    if text(paid, "status") != "success":
        return None
    amount, amount_text = in_hundredths(find(paid, "amount"), find(paid, "currency"))
    claim = SaleClaim(
        order_id=order_of(paid, "reference"),
        amount=amount,
        name=joined(text(paid, "customer", "first_name"), text(paid, "customer", "last_name")),
        email=text(paid, "customer", "email"),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim, ident(paid, "id"))


def _read_refund(message: Message) -> Meaning | None:
    """Its amount is digits in a text, and its id that of the bank."""
    back = find(message.body, "data")
    if text(back, "status") != "processed":
        return None
    amount, amount_text = in_hundredths(find(back, "amount"), find(back, "currency"))
    order_id = order_of(back, "transaction_reference")
    claim = RefundClaim(order_id, amount, ident(back, "refund_reference") or order_id, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _read_dispute(message: Message) -> Meaning:
    case = find(message.body, "data")
    state = DisputeState.OPEN
    if text(case, "status") == "resolved":
        state = _ENDINGS.get(text(case, "resolution"), DisputeState.OPEN)
    currency = find(case, "currency") or find(case, "transaction", "currency")
    amount, amount_text = in_hundredths(find(case, "refund_amount"), currency)
    order_id = order_of(case, "transaction", "reference")
    claim = DisputeClaim(order_id, amount, ident(case, "id") or order_id, state, amount_text)
    return _make_meaning(message, Kind.DISPUTE, claim, ident(case, "transaction", "id"))


def _make_meaning(message: Message, kind: Kind, claim: Claim, *links: str) -> Meaning:
    told = find(message.body, "data")
    at = moment(told, "paid_at", "refunded_at", "created_at", "createdAt", otherwise=message.at)
    return Meaning(kind, claim, at, links=ids(*links), live=text(told, "domain") != "test")


def _event_id(message: Message) -> str:
    """No message has an id. The reminders of one dispute all say the same."""
    told = find(message.body, "data")
    about = ident(told, "id") or ident(told, "refund_reference")
    return f"{text(message.body, 'event')}:{about}" if about else ""


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    transaction = {
        "id": int(sample.digits("transaction", 10)),
        "domain": "live",
        "status": "success",
        "reference": sample.letters("order", 10),
        "amount": sample.total_minor,
        "currency": "NGN",
    }
    customer = {"first_name": sample.first, "last_name": sample.last, "email": sample.email}
    if kind is Kind.REFUND:
        event_type, data = "refund.processed", _draft_refund(sample, transaction, customer)
    elif kind is Kind.DISPUTE:
        event_type, data = "charge.dispute.create", _draft_dispute(sample, transaction, customer, at)
    else:
        event_type, data = "charge.success", _draft_charge(sample, transaction, customer, at)
    body = {"event": event_type, "data": data}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


def _draft_charge(sample: Sample, transaction: dict[str, Any], customer: dict[str, Any], at: Instant) -> dict[str, Any]:
    return transaction | {
        "message": None,
        "gateway_response": "Approved",
        "paid_at": iso(at),
        "created_at": iso(at - 15_000),
        "channel": "card",
        "ip_address": None,
        "metadata": {"order": sample.digits("number", 5)},
        "fees": transaction["amount"] * 15 // 1000,
        "customer": customer
        | {"id": int(sample.digits("customer", 8)), "customer_code": f"CUS_{sample.letters('customer', 15).lower()}"},
        "authorization": {"authorization_code": f"AUTH_{sample.letters('card', 10).lower()}", "last4": "4081"},
        "plan": {},
    }


def _draft_refund(sample: Sample, transaction: Any, customer: Any) -> dict[str, Any]:
    return {
        "status": "processed",
        "transaction_reference": transaction["reference"],
        "refund_reference": sample.digits("refund", 12),
        "amount": str(sample.given_back_minor),
        "currency": "NGN",
        "processor": "mpgs_zen",
        "customer": customer,
        "integration": 412829,
        "domain": "live",
    }


def _draft_dispute(sample: Sample, transaction: Any, customer: Any, at: Instant) -> dict[str, Any]:
    return {
        "id": int(sample.digits("dispute", 7)),
        "refund_amount": transaction["amount"],
        "currency": "NGN",
        "status": "awaiting-merchant-feedback",
        "resolution": None,
        "domain": "live",
        "transaction": transaction,
        "category": "chargeback",
        "customer": customer,
        "dueAt": iso(at + 86_400_000),
        "created_at": iso(at),
    }


PAYSTACK = Provider(
    id="paystack",
    name="Paystack",
    tile="Py",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://dashboard.paystack.com/#/settings/developers",
        menu="Settings › API Keys & Webhooks",
        address_label="Live Webhook URL",
        secret_label="Live Secret Key",
        events=(),
        save="Save changes",
        api_key_prefixes=("pk_live_", "pk_test_"),
        secret_found="On the same page. Paystack signs with it, and whoever has it can also refund and pay out.",
        away="ShopWatch does not know for how long Paystack sends a message again.",
        needs="Amounts in West African francs (XOF) and others without hundredths are shown and not counted.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="x-paystack-signature"),), signed=b"%(body)b", schemes={"": Hmac("sha512", HEX)}
    ),
    event_id=_event_id,
    event_type="event",
    readers={
        "charge.success": _read_sale,
        "refund.processed": _read_refund,
        "charge.dispute.create": _read_dispute,
        "charge.dispute.remind": _read_dispute,
        "charge.dispute.resolve": _read_dispute,
    },
    draft=_draft_message,
    retries_for=None,
)
