"""WooCommerce. Facts: class-wc-webhook.php and class-wc-order.php of WooCommerce 10.9, and its REST API reference."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason, Rejected
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.account import Account, header
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import (
    Meaning,
    Message,
    Told,
    find,
    in_decimals,
    items,
    joined,
    moment,
    order_of,
    quantity,
    text,
)
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal
from shopwatch.providers.kit.signature import BASE64, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

SHOP = "shop"
"""The option that names the shop's own host, where its API is."""

_SIGNATURE = "X-WC-Webhook-Signature"
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")
# WooCommerce itself says when an order was paid as soon as it comes to one of these; all of the last went back.
_PAID = frozenset({"processing", "completed", "refunded"})
_CURRENCY = "EUR"


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Rejected | None:
    """Saving the webhook sends its number, unsigned, and wants exactly 200."""
    if request.method != "POST" or request.headers.only(_SIGNATURE) or not _PING.fullmatch(request.body):
        return None
    return Rejected(Reason.PING)


def _read_order(message: Message) -> Told:
    """The order as it is now. Money given back is told in it as well: first what went back, then the sale itself, of
    which nothing may be known yet."""
    order = message.body
    status, told = text(order, "status"), find(order, "refunds")
    refunds = told if isinstance(told, list) else []
    # Whatever became of it since, an order of which something goes back was paid if it says when.
    paid = status in _PAID or (bool(refunds) and bool(text(order, "date_paid_gmt")))
    sale = (_read_sale(message),) if paid else ()
    back = (_read_refund(message, refunds),) if refunds or status == "refunded" else ()
    return (*back, *sale)


def _read_sale(message: Message) -> Meaning:
    order = message.body
    currency = find(order, "currency")
    amount, amount_text = in_decimals(find(order, "total"), currency)
    person = find(order, "billing")
    claim = SaleClaim(
        order_id=order_of(order, "id"),
        amount=amount,
        number=text(order, "number"),
        name=joined(text(person, "first_name"), text(person, "last_name")),
        email=text(person, "email"),
        items=items(find(order, "line_items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    times = ("date_paid_gmt", "date_modified_gmt", "date_created_gmt")
    return Meaning(Kind.SALE, claim, moment(order, *times, otherwise=message.at))


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name = _plain_name(text(line, "name"))
    return Item(name, quantity(line.get("quantity")), from_decimal(str(line.get("price")), currency)) if name else None


def _plain_name(name: str) -> str:
    """A name in which letters may be written as in web pages: "Ship Your Idea &ndash; Color" in the REST reference."""
    if "&" not in name:
        return name
    from html import unescape  # noqa: PLC0415 - brings a table of all names of letters

    return text(unescape(name))


def _read_refund(message: Message, refunds: list[Any]) -> Meaning:
    """Each message lists all refunds of the order so far; an order set to refunded by hand lists none."""
    order = message.body
    order_id, currency = order_of(order, "id"), find(order, "currency")
    amount, amount_text = (
        (_sum_amounts(refunds, currency), "") if refunds else in_decimals(find(order, "total"), currency)
    )
    # Once all of it was given back, WooCommerce itself sets the order to refunded.
    partial = amount is None and text(order, "status") != "refunded"
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=partial, amount_text=amount_text)
    return Meaning(Kind.REFUND, claim, moment(order, "date_modified_gmt", otherwise=message.at))


def _sum_amounts(refunds: list[Any], currency: Any) -> Money | None:
    """What all refunds give back; their totals are written below zero."""
    given = [from_decimal(find(each, "total"), currency) for each in refunds]
    known = [amount for amount in given if amount is not None and amount.minor <= 0]
    return Money(-sum(amount.minor for amount in known), known[0].currency) if len(known) == len(given) else None


def _draft_message(kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    when = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    body = _draft_order(sample, when)
    if kind is Kind.REFUND:
        total = f"-{decimal(sample.given_back_minor)}"
        body["refunds"] = [{"id": int(sample.digits("refund", 6)), "reason": "arrived wilted", "total": total}]
    headers = {
        "User-Agent": "WooCommerce/10.9.0 Hookshot (WordPress/6.9)",
        "X-WC-Webhook-Source": "https://bloom-and-stem.example/",
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Resource": "order",
        "X-WC-Webhook-Event": "updated",
        "X-WC-Webhook-ID": "7",
    }
    delivery = sample.uuid(f"delivery {kind}").replace("-", "")
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), delivery, headers)


def _draft_order(sample: Sample, when: str) -> dict[str, Any]:
    number = sample.digits("order", 6)
    return {
        "id": int(number),
        "parent_id": 0,
        "status": "processing",
        "currency": _CURRENCY,
        "version": "10.9.0",
        "prices_include_tax": False,
        "date_created": when,
        "date_created_gmt": when,
        "date_modified_gmt": when,
        "discount_total": "0.00",
        "shipping_total": "0.00",
        "total": decimal(sample.total_minor),
        "total_tax": "0.00",
        "customer_id": 0,
        "order_key": f"wc_order_{sample.letters('key', 13)}",
        "billing": {
            "first_name": sample.first,
            "last_name": sample.last,
            "company": "",
            "country": "DE",
            "email": sample.email,
            "phone": "",
        },
        "payment_method": "bacs",
        "transaction_id": "",
        "date_paid_gmt": when,
        "number": number,
        "line_items": [
            {
                "id": int(sample.digits(f"line {line.name}", 6)),
                "name": line.name,
                "product_id": int(sample.digits(f"product {line.name}", 4)),
                "variation_id": 0,
                "quantity": line.qty,
                "subtotal": decimal(line.minor),
                "total": decimal(line.minor),
                "total_tax": "0.00",
                "sku": "",
                "price": float(decimal(line.unit_minor)),
            }
            for line in sample.lines
        ],
        "refunds": [],
        "currency_symbol": "€",
    }


WOOCOMMERCE = Provider(
    id="woocommerce",
    name="WooCommerce",
    tile="Wo",
    setup=SetupWords(
        does="Orders and refunds of your own shop",
        # It is part of each shop's own WordPress.
        settings_url="",
        # woocommerce.com/document/webhooks.
        menu="WooCommerce › Settings › Advanced › Webhooks",
        address_label="Delivery URL",
        secret_label="Secret",
        events=("Order created", "Order updated"),
        save="Save webhook",
        api_key_prefixes=("ck_", "cs_"),
        secret_found="In your WordPress, you choose it yourself in the webhook.",
        away="WooCommerce sends each message only once, and stops sending after more than five failures in a row.",
        needs="You need one webhook for each of the two topics, both with the Status “Active” and the same secret.",
        secret_length=32,
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature=_SIGNATURE, id="X-WC-Webhook-Delivery-ID", type="X-WC-Webhook-Topic"),),
        signed=b"%(body)b",
        schemes={"": HmacSha256(BASE64)},
    ),
    readers={"order.created": _read_order, "order.updated": _read_order, "order.restored": _read_order},
    handshake=_answer_handshake,
    options=(Option(SHOP, "Shop address", "Needed with an API key: such as shop.example.com."),),
    # Whoever copies a shop copies its webhooks too, which then sign as the real one.
    account=Account(header("X-WC-Webhook-Source"), "Shop address"),
    draft=_draft_message,
    practises=(Kind.SALE, Kind.REFUND),
    retries_for=0,
)
