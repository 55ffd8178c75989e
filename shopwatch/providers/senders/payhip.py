"""Payhip. Facts: help.payhip.com, article 115 ("Webhooks").

Its `signature` is the SHA-256 of the account's API key and the same in every message: a secret that is shown, and no
signature of what the message says.
"""

import json
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.kit.bodies import json_object
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    find,
    ident,
    in_hundredths,
    items,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.token import Token
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords


def _shown_secret(request: Request, _options: Options) -> str | None:
    try:
        return text(json_object(request), "signature") or None
    except Unreadable:
        return None


def _with_secret(request: Request, shown: str, _options: Options) -> Request:
    try:
        told = json_object(request)
    except Unreadable:
        return request
    written = json.dumps(told | {"signature": shown}, separators=(",", ":"), default=str)
    return replace(request, body=written.encode())


def _hash_secret(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


_SIGNATURE = Token(_shown_secret, _with_secret, shows=_hash_secret)


def _read_payment(message: Message) -> Meaning:
    paid = message.body
    amount, amount_text = in_hundredths(find(paid, "price"), find(paid, "currency"))
    claim = SaleClaim(
        order_id=order_of(paid, "id"),
        amount=amount,
        email=text(paid, "email"),
        items=items(find(paid, "items"), _read_item),
        amount_text=amount_text,
    )
    return Meaning(Kind.SALE, claim, moment(paid, "date", otherwise=message.at))


def _read_item(line: dict[str, Any]) -> Item | None:
    name = text(line, "product_name")
    return Item(name, quantity(line.get("quantity"))) if name else None


def _read_refund(message: Message) -> Meaning:
    """How much was given back it does not say, nor whether that is all: `price` is that of the order, and `date` its
    time."""
    order_id = order_of(message.body, "id")
    return Meaning(Kind.REFUND, RefundClaim(order_id, None, order_id, partial=True), message.at)


def _event_id(message: Message) -> str:
    about = ident(message.body, "id") or ident(message.body, "subscription_id")
    return f"{text(message.body, 'type')}:{about}" if about else ""


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    body = {
        "id": sample.letters("order", 10),
        "email": sample.email,
        "currency": "USD",
        "price": sample.total_minor,
        "vat_applied": False,
        "ip_address": "192.0.2.1",
        "items": [
            {
                "product_id": sample.digits(f"product {line.name}", 7),
                "product_name": line.name,
                "product_key": sample.letters(f"key {line.name}", 4),
                "product_permalink": f"https://payhip.com/b/{sample.letters(f'key {line.name}', 4)}",
                "quantity": str(line.qty),
                "on_sale": False,
                "used_coupon": False,
                "has_variant": False,
            }
            for line in sample.lines
        ],
        "payment_type": "card",
        "stripe_fee": sample.total_minor * 3 // 100 + 30,
        "payhip_fee": sample.total_minor // 20,
        "unconsented_from_emails": False,
        "is_gift": False,
        "date": at // 1000,
        "type": "paid",
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


PAYHIP = Provider(
    id="payhip",
    name="Payhip",
    tile="Ph",
    setup=SetupWords(
        does="Sales and refunds",
        settings_url="https://payhip.com/developer",
        menu="Settings › Developer",
        address_label="Webhook endpoint",
        secret_label="API Key",
        events=("paid", "refunded"),
        save="Save",
        secret_found="On the same page.",
        away="Payhip tries again once an hour for three hours, then gives up.",
        needs="Payhip does not say how much a refund gave back. Such a sale is not counted.",
    ),
    recipe=_SIGNATURE,
    redact=_SIGNATURE.redact,
    shows=_hash_secret,
    event_id=_event_id,
    event_type="type",
    readers={"paid": _read_payment, "refunded": _read_refund},
    draft=_draft_message,
    practises=(Kind.SALE,),
    assurance=Assurance.TOKEN,
    retries_for=3 * HOUR,
)
