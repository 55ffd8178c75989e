"""Whop. Facts: @whop/sdk 0.0.42 (webhooks, payments, refunds, disputes) and docs.whop.com ("Webhooks")."""

import json
from decimal import Decimal
from typing import Any

from shopwatch.domain.instant import SECOND, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, in_decimals, moment, order_of, text
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords
from shopwatch.providers.senders.standard_webhooks import standard_recipe

_ENDINGS = {
    "won": DisputeState.WON,
    # A warning that ended without taking money.
    "warning_closed": DisputeState.WON,
    "lost": DisputeState.LOST,
}
_COMPANY = "biz_Bl00mAndStem01"


def _read_sale(message: Message) -> Meaning:
    """`total` is what the shop sees, without the fees that the buyer pays on top."""
    paid = find(message.body, "data")
    amount, amount_text = in_decimals(find(paid, "total"), find(paid, "currency"))
    product = text(paid, "product", "title")
    claim = SaleClaim(
        order_id=order_of(paid, "id"),
        amount=amount,
        name=text(paid, "user", "name"),
        email=text(paid, "user", "email"),
        items=(Item(product, 1, amount),) if product else (),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim, "paid_at")


def _read_refund(message: Message) -> Meaning | None:
    back = find(message.body, "data")
    status = text(back, "status")
    if status not in ("succeeded", "failed", "canceled"):
        return None
    amount, amount_text = in_decimals(find(back, "amount"), find(back, "currency"))
    order_id = order_of(back, "payment", "id")
    failed = status != "succeeded"
    claim = RefundClaim(order_id, amount, ident(back, "id") or order_id, failed=failed, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim, "created_at")


def _read_dispute(message: Message) -> Meaning:
    case = find(message.body, "data")
    amount, amount_text = in_decimals(find(case, "amount"), find(case, "currency"))
    order_id = order_of(case, "payment", "id")
    state = _ENDINGS.get(text(case, "status"), DisputeState.OPEN)
    claim = DisputeClaim(order_id, amount, ident(case, "id") or order_id, state, amount_text)
    return _make_meaning(message, Kind.DISPUTE, claim, "created_at")


def _make_meaning(message: Message, kind: Kind, claim: Claim, made: str) -> Meaning:
    sent = moment(message.body, "timestamp", otherwise=0)
    return Meaning(kind, claim, sent or moment(find(message.body, "data"), made, "created_at", otherwise=message.at))


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    payment = f"pay_{sample.letters('payment', 14)}"
    if kind is Kind.REFUND:
        event_type, data = "refund.created", _draft_refund(sample, at, payment)
    elif kind is Kind.DISPUTE:
        event_type, data = "dispute.created", _draft_dispute(sample, at, payment)
    else:
        event_type, data = "payment.succeeded", _draft_payment(sample, at, payment)
    event_id = f"msg_{sample.letters(f'message {event_type}', 24)}"
    body = {
        "id": event_id,
        "api_version": "v1",
        "api_version_date": "2026-07-20",
        "timestamp": iso(at),
        "type": event_type,
        "company_id": _COMPANY,
        "data": data,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), event_id)


def _draft_payment(sample: Sample, at: Instant, payment: str) -> dict[str, Any]:
    total = _draft_amount(sample.total_minor)
    return {
        "id": payment,
        "status": "paid",
        "substatus": "succeeded",
        "created_at": iso(at),
        "paid_at": iso(at),
        "currency": "usd",
        "total": total,
        "subtotal": total,
        "usd_total": total,
        "tax_amount": 0,
        "refunded_amount": 0,
        "refundable": True,
        "auto_refunded": False,
        "billing_reason": "one_time",
        "payment_method_type": "card",
        "card_brand": "visa",
        "card_last4": "4242",
        "product": {"id": "prod_1", "title": sample.lines[0].name, "route": "flowers", "metadata": None},
        "plan": {"id": f"plan_{sample.letters('plan', 14)}"},
        "membership": {"id": f"mem_{sample.letters('membership', 14)}", "status": "active"},
        "member": {"id": f"mber_{sample.letters('member', 14)}", "phone": None},
        "user": _draft_user(sample),
        "company": {"id": _COMPANY, "title": "Bloom & Stem", "route": "bloom"},
        "metadata": None,
    }


def _draft_refund(sample: Sample, at: Instant, payment: str) -> dict[str, Any]:
    total = _draft_amount(sample.total_minor)
    absent = ("provider_created_at", "reference_status", "reference_type", "reference_value")
    return {
        "id": f"rfnd_{sample.letters('refund', 14)}",
        "amount": _draft_amount(sample.given_back_minor),
        "created_at": iso(at),
        "currency": "usd",
        "provider": "stripe",
        **dict.fromkeys(absent, None),
        "status": "succeeded",
        "payment": {"id": payment, "total": total, "currency": "usd", "user": _draft_user(sample)},
    }


def _draft_dispute(sample: Sample, at: Instant, payment: str) -> dict[str, Any]:
    return {
        "id": f"dspt_{sample.letters('dispute', 14)}",
        "amount": _draft_amount(sample.total_minor),
        "currency": "usd",
        "status": "needs_response",
        "reason": "fraudulent",
        "created_at": iso(at),
        "customer_email_address": sample.email,
        "payment": {"id": payment},
        "visa_rdr": False,
    }


def _draft_user(sample: Sample) -> dict[str, Any]:
    user = f"user_{sample.letters('user', 14)}"
    return {"id": user, "name": sample.name, "username": sample.first.lower(), "email": sample.email}


def _draft_amount(minor: int) -> float:
    """As Whop writes it: a number with a fraction, which JSON says in the fewest digits."""
    return float(Decimal(minor).scaleb(-2))


WHOP = Provider(
    id="whop",
    name="Whop",
    tile="Wh",
    setup=SetupWords(
        does="Payments, refunds and disputes",
        settings_url="https://whop.com/dashboard/developer",
        menu="Developer",
        address_label="Webhook URL",
        secret_label="Webhook secret",
        events=("payment.succeeded", "refund.created", "refund.updated", "dispute.created", "dispute.updated"),
        save="Create Webhook",
        secret_prefixes=("ws_",),
        secret_found="Beside the webhook, once it is made. Use all of it, with “ws_”.",
        away="Whop tries again three times within about a minute, then gives up.",
        needs="Choose the API version v1.",
    ),
    recipe=standard_recipe(v1=HmacSha256(BASE64)),
    event_type="type",
    readers={
        "payment.succeeded": _read_sale,
        "refund.created": _read_refund,
        "refund.updated": _read_refund,
        "dispute.created": _read_dispute,
        "dispute.updated": _read_dispute,
    },
    account=Account(member("company_id", "data.company.id"), "Company ID"),
    draft=_draft_message,
    # 10, 20 and 40 seconds apart.
    retries_for=70 * SECOND,
)
