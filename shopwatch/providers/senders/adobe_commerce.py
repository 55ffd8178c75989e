"""Adobe Commerce and Magento, the module of webhooks. Facts: AdobeDocs/commerce-extensibility (webhooks: hooks,
signature verification, responses).

A hook's message holds just what the shop's own definition of the hook names, so its owner says what stands where. The
shop waits for the answer, and its signature is off until a key pair is made.
"""

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer
from shopwatch.domain.sales.money import currency_code
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.pem import RsaSha256
from shopwatch.providers.kit.reading import Meaning, Message, find, in_decimals, items, order_of, quantity, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, decimal
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

SHOP = "shop"
"""The option that names the shop's own host, where its API is."""

_OPTIONS = (
    Option("order", "Number of the order", "Where it stands in your hook’s message, such as order.increment_id."),
    Option("amount", "Amount", "Where it stands, such as order.grand_total."),
    Option("currency", "Currency", "Where it stands, such as order.order_currency_code, or always one, such as EUR."),
    Option("email", "E-mail", "Where it stands, such as order.customer_email."),
    Option("items", "List of items", "Where it stands, such as order.items; of each: name, qty_ordered, price."),
    Option(SHOP, "Shop address", "Needed with an API key: such as shop.example.com."),
)


def _signed_bytes(request: Request, _timestamp: str) -> Iterable[bytes]:
    """The text of the body in base64 is signed, and not the body."""
    return (b64encode(request.body),)


def told(message: Message) -> Meaning | None:
    """A sale, where the owner says which member is its number; without that, genuine, and nothing to book."""
    options = message.options
    if not options.get("order"):
        return None
    fixed = currency_code(options.get("currency", ""))
    currency = fixed or _at(message.body, options, "currency")
    amount, amount_text = in_decimals(_at(message.body, options, "amount"), currency)
    claim = SaleClaim(
        order_id=order_of(_at(message.body, options, "order")),
        amount=amount,
        email=text(_at(message.body, options, "email")),
        items=items(_at(message.body, options, "items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    return Meaning(Kind.SALE, claim, message.at)


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name, ordered = text(line, "name"), line.get("qty_ordered")
    whole = int(ordered) if isinstance(ordered, Decimal) and ordered == ordered.to_integral_value() else ordered
    return Item(name, quantity(whole), in_decimals(line.get("price"), currency)[0]) if name else None


def _at(body: dict[str, Any], options: Options, name: str) -> Any:
    place = options.get(name, "").strip()
    return find(body, *place.split(".")) if place else None


class AdobeCommerce(Provider):
    """The provider whose practice is written as the owner says that messages are."""

    __slots__ = ()

    def described(self, options: Options) -> Provider:
        return replace(self, draft=partial(_draft_message, options))


def _draft_message(options: Options, _kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    usual = {
        "order": "order.increment_id",
        "amount": "order.grand_total",
        "currency": "order.order_currency_code",
        "email": "order.customer_email",
        "items": "order.items",
    }
    lines = [
        {"name": line.name, "qty_ordered": line.qty, "price": _draft_amount(line.unit_minor)} for line in sample.lines
    ]
    values = {
        "order": f"{sample.digits('order', 9)}",
        "amount": _draft_amount(sample.total_minor),
        "currency": "USD",
        "email": sample.email,
        "items": lines,
    }
    body: dict[str, Any] = {}
    for name, value in values.items():
        place = options.get(name, "").strip() or usual[name]
        if name != "currency" or not currency_code(place):
            _put_at(body, place.split("."), value)
    return PracticeDraft(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), "")


def _put_at(body: dict[str, Any], place: list[str], value: Any) -> None:
    for step in place[:-1]:
        inner = body.get(step)
        body[step] = body = inner if isinstance(inner, dict) else {}
    body[place[-1]] = value


def _draft_amount(minor: int) -> float:
    return float(decimal(minor))


ADOBE_COMMERCE = AdobeCommerce(
    id="adobe-commerce",
    name="Adobe Commerce",
    tile="AC",
    setup=SetupWords(
        does="Orders of an Adobe Commerce or Magento shop, as its own hook tells them",
        settings_url="",
        menu="Stores › Configuration › Adobe Services › Webhooks",
        address_label="URL",
        secret_label="Public key",
        events=(),
        save="Save Config",
        secret_found="On the same page: switch the signature on, choose “Regenerate key pair”, copy the public key.",
        away="The shop waits for an answer. While ShopWatch is closed, its checkout may wait or fail.",
        needs="You need a hook of your own in the shop that tells of each order once it is paid. Refunds are seen only "
        "with an API key, by which ShopWatch asks for orders and refunds every half hour.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="x-adobe-commerce-webhook-signature"),),
        signed=_signed_bytes,
        schemes={"": RsaSha256()},
    ),
    readers={},
    otherwise=told,
    draft=partial(_draft_message, {}),
    practises=(Kind.SALE,),
    signs_alone=True,
    answer=Answer(200, b'{"op":"success"}', "application/json"),
    options=_OPTIONS,
)
