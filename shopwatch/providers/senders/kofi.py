"""Ko-fi. Facts: the page ko-fi.com/manage/webhooks, which says what it sends and shows a sample of it.

It shows its token in every message and signs nothing, so what a message says is as safe as the way here.
"""

import json
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import from_decimal
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.kit.bodies import json_in_form
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Unreadable,
    as_sent,
    find,
    items,
    moment,
    not_negative,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.sample import Sample, decimal, iso
from shopwatch.providers.kit.token import Token
from shopwatch.providers.provider import Assurance, PracticeDraft, Provider, SetupWords

_READ = json_in_form("data")
# The page sends its samples under this one number; nobody paid for them.
_SAMPLE = "00000000-1111-2222-3333-444444444444"


def _shown_token(request: Request, _options: Options) -> str | None:
    try:
        return text(_READ(request), "verification_token") or None
    except Unreadable:
        return None


def _with_token(request: Request, secret: str, _options: Options) -> Request:
    try:
        data = _READ(request)
    except Unreadable:
        return request
    # Numbers are written as text by Ko-fi itself; `str` is for what a stranger has sent in their place.
    told = json.dumps(data | {"verification_token": secret}, separators=(",", ":"), default=str)
    return replace(request, body=urlencode({"data": told}).encode())


_TOKEN = Token(_shown_token, _with_token)


def _read_sale(message: Message) -> Meaning:
    paid = message.body
    order_id = order_of(paid, "kofi_transaction_id")
    sent, currency = find(paid, "amount"), find(paid, "currency")
    amount = not_negative(from_decimal(sent, currency))
    claim = SaleClaim(
        order_id,
        amount,
        name=text(paid, "from_name"),
        email=text(paid, "email"),
        items=items(find(paid, "shop_items"), _read_item),
        amount_text="" if amount else as_sent(sent, currency, minor=False),
    )
    return Meaning(Kind.SALE, claim, moment(paid, "timestamp", otherwise=message.at), live=order_id != _SAMPLE)


def _read_item(line: dict[str, Any]) -> Item | None:
    """Shop items come without name and price; their code is all that tells them apart."""
    code = text(line, "direct_link_code")
    return Item(code, quantity(line.get("quantity"))) if code else None


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    transaction = sample.uuid("order")
    data = {
        "verification_token": "",
        "message_id": sample.uuid("message"),
        "timestamp": iso(at),
        "type": "Shop Order",
        "is_public": True,
        "from_name": sample.name,
        "message": None,
        "amount": decimal(sample.total_minor),
        "url": f"https://ko-fi.com/Home/CoffeeShop?txid={transaction}",
        "email": sample.email,
        "currency": "USD",
        "is_subscription_payment": False,
        "is_first_subscription_payment": False,
        "kofi_transaction_id": transaction,
        "shop_items": [
            {
                "direct_link_code": sample.letters(f"code {line.name}", 10).lower(),
                "variation_name": line.name,
                "quantity": line.qty,
            }
            for line in sample.lines
        ],
        "tier_name": None,
        "shipping": None,
    }
    body = urlencode({"data": json.dumps(data, separators=(",", ":"))}).encode()
    return PracticeDraft(body, sample.uuid("message"), content_type="application/x-www-form-urlencoded")


KOFI = Provider(
    id="kofi",
    name="Ko-fi",
    tile="Kf",
    setup=SetupWords(
        does="Donations, memberships and shop orders",
        settings_url="https://ko-fi.com/manage/webhooks",
        menu="Webhooks",
        address_label="Webhook URL",
        secret_label="Verification token",
        events=(),
        save="Update",
        secret_found="On the same page, under Advanced.",
        away="Ko-fi sends a message again when nobody answers, but does not say for how long.",
    ),
    recipe=_TOKEN,
    redact=_TOKEN.redact,
    reads=_READ,
    event_id="message_id",
    event_type="type",
    readers={"Donation": _read_sale, "Subscription": _read_sale, "Commission": _read_sale, "Shop Order": _read_sale},
    practises=(Kind.SALE,),
    draft=_draft_message,
    assurance=Assurance.TOKEN,
    # "A reasonable number of times".
    retries_for=None,
)
