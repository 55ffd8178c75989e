"""Paddle Billing. Facts: developer.paddle.com (webhooks, transactions, adjustments), and paddle-python-sdk 1.16 for the
signature."""

import json
from typing import Any

from shopwatch.domain.instant import DAY, SECOND, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import from_minor
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    api_call,
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
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_DISPUTES = {
    "chargeback": DisputeState.OPEN,
    "chargeback_warning": DisputeState.OPEN,
    "chargeback_reverse": DisputeState.WON,
    "chargeback_warning_reverse": DisputeState.WON,
}


def _read_transaction(message: Message) -> Meaning | None:
    """A transaction is told when it is paid and once more when it is completed, under one id."""
    sold = find(message.body, "data")
    if text(sold, "status") not in ("paid", "completed"):
        return None
    currency = find(sold, "currency_code")
    amount, amount_text = in_minor(find(sold, "details", "totals", "grand_total"), currency)
    claim = SaleClaim(
        order_id=order_of(sold, "id"),
        amount=amount,
        number=text(sold, "invoice_number"),
        items=items(find(sold, "details", "line_items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    return _make_meaning(message, Kind.SALE, claim, api_call("GET /customers/{}", ident(sold, "customer_id")))


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name, unit = text(line, "product", "name"), find(line, "unit_totals", "total")
    return Item(name, quantity(line.get("quantity")), from_minor(unit, currency)) if name else None


def _read_adjustment(message: Message) -> Meaning | None:
    """Refunds count once approved. Credits lower what is still owed, so nothing goes back by them."""
    told = find(message.body, "data")
    action = text(told, "action")
    state = _DISPUTES.get(action)
    if text(told, "status") != "approved" or (state is None and action != "refund"):
        return None
    order_id = order_of(told, "transaction_id")
    amount, amount_text = in_minor(find(told, "totals", "total"), find(told, "currency_code"))
    if state is not None:
        # A reversal is an adjustment of its own, so all that is disputed of one transaction is one dispute.
        return _make_meaning(message, Kind.DISPUTE, DisputeClaim(order_id, amount, order_id, state, amount_text))
    claim = RefundClaim(order_id, amount, ident(told, "id") or order_id, amount_text=amount_text)
    return _make_meaning(message, Kind.REFUND, claim)


def _make_meaning(message: Message, kind: Kind, claim: Claim, needs_fetch: str = "") -> Meaning:
    at = moment(message.body, "occurred_at", otherwise=message.at)
    if text(message.body, "event_id").startswith("ntfsimevt_"):
        # Made by Paddle's own webhook simulator.
        return Meaning(Kind.TEST, None, at, live=False)
    return Meaning(kind, claim, at, needs_fetch=needs_fetch)


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    when = iso(at)
    event_type = "transaction.completed" if kind is Kind.SALE else "adjustment.updated"
    event_id = f"evt_{_draft_id(sample, f'event {kind}')}"
    body = {
        "event_id": event_id,
        "event_type": event_type,
        "occurred_at": when,
        "notification_id": f"ntf_{_draft_id(sample, f'notification {kind}')}",
        "data": _draft_transaction(sample, when) if kind is Kind.SALE else _draft_adjustment(kind, sample),
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), event_id, {"User-Agent": "Paddle"})


def _draft_transaction(sample: Sample, when: str) -> dict[str, Any]:
    total = str(sample.total_minor)
    prices = [f"pri_{_draft_id(sample, f'price {line.name}')}" for line in sample.lines]
    return {
        "id": f"txn_{_draft_id(sample, 'transaction')}",
        "status": "completed",
        "customer_id": f"ctm_{_draft_id(sample, 'customer')}",
        "address_id": None,
        "currency_code": "USD",
        "origin": "web",
        "collection_mode": "automatic",
        "invoice_number": f"{sample.digits('store', 3)}-{sample.digits('invoice', 5)}",
        "subscription_id": None,
        "custom_data": None,
        "created_at": when,
        "billed_at": when,
        "items": [
            {
                "price": {
                    "id": price,
                    "name": line.name,
                    "description": line.name,
                    "unit_price": {"amount": str(line.unit_minor), "currency_code": "USD"},
                },
                "quantity": line.qty,
                "proration": None,
            }
            for price, line in zip(prices, sample.lines, strict=True)
        ],
        "details": {
            "totals": {
                "subtotal": total,
                "discount": "0",
                "tax": "0",
                "total": total,
                "grand_total": total,
                "credit": "0",
                "balance": "0",
                "currency_code": "USD",
                "earnings": total,
                "fee": "0",
            },
            "line_items": [
                {
                    "id": f"txnitm_{_draft_id(sample, f'item {line.name}')}",
                    "price_id": price,
                    "quantity": line.qty,
                    "product": {"id": f"pro_{_draft_id(sample, f'product {line.name}')}", "name": line.name},
                    "unit_totals": {
                        "subtotal": str(line.unit_minor),
                        "total": str(line.unit_minor),
                        "tax": "0",
                        "discount": "0",
                    },
                    "totals": {"total": str(line.minor)},
                }
                for price, line in zip(prices, sample.lines, strict=True)
            ],
        },
    }


def _draft_adjustment(kind: Kind, sample: Sample) -> dict[str, Any]:
    refund = kind is Kind.REFUND
    total = str(sample.given_back_minor if refund else sample.total_minor)
    return {
        "id": f"adj_{_draft_id(sample, f'adjustment {kind}')}",
        "action": "refund" if refund else "chargeback",
        "status": "approved",
        "type": "partial" if refund and sample.given_back_minor < sample.total_minor else "full",
        "transaction_id": f"txn_{_draft_id(sample, 'transaction')}",
        "customer_id": f"ctm_{_draft_id(sample, 'customer')}",
        "reason": "arrived wilted" if refund else "product_not_received",
        "currency_code": "USD",
        "totals": {"subtotal": total, "tax": "0", "total": total, "currency_code": "USD"},
    }


def _draft_id(sample: Sample, purpose: str) -> str:
    return f"01{sample.letters(purpose, 24).lower()}"


PADDLE = Provider(
    id="paddle",
    name="Paddle",
    tile="Pa",
    setup=SetupWords(
        does="Payments, refunds and chargebacks",
        settings_url="https://vendors.paddle.com/notifications",
        menu="Notifications",
        address_label="URL",
        secret_label="Secret key",
        events=("transaction.completed", "adjustment.created", "adjustment.updated"),
        save="Save destination",
        secret_prefixes=("pdl_ntfset_",),
        api_key_prefixes=("pdl_live_apikey_", "pdl_sdbx_apikey_"),
        secret_found="Open the destination’s menu there and choose Edit destination; the secret key is shown in it.",
        away="Paddle tries again for up to three days.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="Paddle-Signature"),),
        signed=b"%(timestamp)b:%(body)b",
        schemes={"h1": HmacSha256(HEX)},
        between=";",
        timestamp_entry="ts",
        # Paddle's libraries allow 5 s; the timestamp is cut to whole seconds, so the last of them may be nearly over.
        past=6 * SECOND,
        future=6 * SECOND,
    ),
    event_id="event_id",
    event_type="event_type",
    readers={
        "transaction.paid": _read_transaction,
        "transaction.completed": _read_transaction,
        "adjustment.created": _read_adjustment,
        "adjustment.updated": _read_adjustment,
    },
    draft=_draft_message,
    # Live; for its sandbox 15 minutes.
    retries_for=3 * DAY,
    order_url="https://vendors.paddle.com/transactions-v2/{order_id}",
    addresses=(
        "34.232.58.13",
        "34.195.105.136",
        "34.237.3.244",
        "35.155.119.135",
        "52.11.166.252",
        "34.212.5.7",
        # Its sandbox.
        "34.194.127.46",
        "54.234.237.108",
        "3.208.120.145",
        "44.226.236.210",
        "44.241.183.62",
        "100.20.172.113",
    ),
)
