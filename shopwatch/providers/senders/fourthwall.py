"""Fourthwall. Facts: docs.fourthwall.com ("Signature verification", "Webhook event types", "Retry policies") and its
OpenAPI description of the Platform API (orders, donations, gift purchases, memberships).

What is given back it nowhere tells, nor what members pay after they have joined.
"""

import json
from typing import Any

from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.providers.kit.account import Account, member
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    find,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    quantity,
    said,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Line, Sample, iso
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_NOT_BOUGHT = frozenset({"SAMPLES_ORDER", "TWITCH_GIFT_REDEMPTION", "GIVEAWAY_LINKS"})
"""Orders that nobody pays for with them: the shop's own samples, and gifts, which were paid when they were given."""


def _read_order(message: Message) -> Meaning | None:
    order = find(message.body, "data")
    if text(order, "source", "type") in _NOT_BOUGHT:
        return None
    name = text(order, "billing", "address", "name") or text(order, "shipping", "address", "name")
    return _read_sale(message, name or text(order, "username"), items(find(order, "offers"), _read_item))


def _read_item(offer: dict[str, Any]) -> Item | None:
    name, variant = text(offer, "name") or text(offer, "variant", "name"), find(offer, "variant")
    return Item(name, quantity(find(variant, "quantity")), _read_money(find(variant, "unitPrice"))[0]) if name else None


def _read_donation(message: Message) -> Meaning | None:
    donation = find(message.body, "data")
    if text(donation, "status") not in ("COMPLETED", ""):
        return None
    return _read_sale(message, text(donation, "username"))


def _read_gifts(message: Message) -> Meaning:
    """Several of one thing, bought for others."""
    bought = find(message.body, "data")
    name = text(bought, "offer", "name")
    return _read_sale(
        message, text(bought, "username"), (Item(name, quantity(find(bought, "quantity"))),) if name else ()
    )


def _read_sale(message: Message, name: str, lines: tuple[Item, ...] = ()) -> Meaning:
    sold = find(message.body, "data")
    at = _event_time(message)
    if find(message.body, "testMode") is True:
        return Meaning(Kind.TEST, None, at, live=False)
    amount, amount_text = _read_money(find(sold, "amounts", "total"))
    claim = SaleClaim(
        order_id=order_of(sold, "id"),
        amount=amount,
        number=text(sold, "friendlyId"),
        name=name,
        email=text(sold, "email"),
        items=lines,
        amount_text=amount_text,
    )
    return Meaning(Kind.SALE, claim, at)


def _read_membership(message: Message) -> Meaning:
    """It names the price of the membership, and not what was paid for it."""
    joins = find(message.body, "data")
    price = find(joins, "subscription", "variant", "amount")
    interval = text(joins, "subscription", "variant", "interval")
    told = joined(said(find(price, "value")), text(price, "currency"), in_words(interval))
    return notice(
        message,
        phrase("New member"),
        told,
        name=text(joins, "nickname"),
        email=text(joins, "email"),
        at=_event_time(message),
    )


def _read_money(told: Any) -> tuple[Money | None, str]:
    return in_decimals(find(told, "value"), find(told, "currency"))


def _event_time(message: Message) -> Instant:
    made = moment(find(message.body, "data"), "createdAt", otherwise=message.at)
    return moment(message.body, "createdAt", otherwise=made)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    total, nothing = _draft_money(sample.total_minor), _draft_money(0)
    address = {
        "name": sample.name,
        "address1": "Main Street 1",
        "city": "San Francisco",
        "state": "CA",
        "country": "US",
        "zip": "12345",
    }
    order = {
        "id": sample.uuid("order"),
        "shopId": _SHOP,
        "friendlyId": sample.letters("number", 8).upper(),
        "checkoutId": f"ch_{sample.letters('checkout', 22)}",
        "status": "CONFIRMED",
        "email": sample.email,
        "emailMarketingOptIn": False,
        "username": sample.first.lower(),
        "message": "",
        "amounts": {
            "subtotal": total,
            "shipping": nothing,
            "tax": nothing,
            "donation": nothing,
            "discount": nothing,
            "giftCards": [],
            "total": total,
        },
        "billing": {"address": address},
        "shipping": {"address": address},
        "offers": [_draft_offer(sample, line) for line in sample.lines],
        "source": {"type": "ORDER"},
        "createdAt": iso(at),
        "updatedAt": iso(at),
    }
    event_id = f"weve_{sample.letters('event', 22)}"
    body = {
        "testMode": False,
        "id": event_id,
        "webhookId": f"wcon_{sample.letters('webhook', 22)}",
        "shopId": _SHOP,
        "type": "ORDER_PLACED",
        "apiVersion": "V1",
        "createdAt": iso(at),
        "data": order,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), event_id)


_SHOP = "sh_c689d374-22ca-43d3-8d29-9ef0805cc4cb"


def _draft_offer(sample: Sample, line: Line) -> dict[str, Any]:
    return {
        "id": sample.uuid(f"offer {line.name}"),
        "name": line.name,
        "slug": line.name.lower().replace(" ", "-"),
        "variant": {
            "id": sample.uuid(f"variant {line.name}"),
            "name": line.name,
            "sku": sample.letters(f"sku {line.name}", 10).upper(),
            "unitPrice": _draft_money(line.unit_minor),
            "price": _draft_money(line.minor),
            "quantity": line.qty,
        },
    }


def _draft_money(minor: int) -> dict[str, Any]:
    return {"value": minor / 100, "currency": "USD"}


FOURTHWALL = Provider(
    id="fourthwall",
    name="Fourthwall",
    tile="Fw",
    setup=SetupWords(
        does="Orders, donations, gifts and new members",
        settings_url="https://my-shop.fourthwall.com/admin/dashboard/settings/for-developers",
        menu="Settings › For Developers",
        address_label="URL",
        secret_label="Secret",
        events=("ORDER_PLACED", "DONATION", "GIFT_PURCHASE", "SUBSCRIPTION_PURCHASED"),
        save="Save",
        secret_found="In your site’s settings under For Developers, beside the webhook.",
        away="Fourthwall tries five times, and does not promise that a message arrives.",
        needs="Fourthwall does not tell what is given back, nor what members pay. Such sums are not in ShopWatch.",
    ),
    recipe=Recipe(
        # Apps have a header of their own, with the same in it.
        headers=(
            HeaderNames(signature="X-Fourthwall-Hmac-SHA256"),
            HeaderNames(signature="X-Fourthwall-Hmac-Apps-SHA256"),
        ),
        signed=b"%(body)b",
        schemes={"": HmacSha256(BASE64)},
    ),
    event_id="id",
    event_type="type",
    readers={
        "ORDER_PLACED": _read_order,
        "DONATION": _read_donation,
        "GIFT_PURCHASE": _read_gifts,
        "SUBSCRIPTION_PURCHASED": _read_membership,
    },
    account=Account(member("shopId", "data.shopId"), "Shop ID"),
    draft=_draft_message,
    practises=(Kind.SALE,),
    # Five attempts; how long it waits between them it does not say.
    retries_for=None,
)
