"""Lemon Squeezy's API: all lines of an order, whose message holds the first. Facts: docs.lemonsqueezy.com (List all
order items, requests)."""

from typing import Any

from shopwatch.domain.event import Event
from shopwatch.domain.money import exponent, from_minor
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, filled, get, list_at, sold
from shopwatch.providers.reading import Meaning, find, items, quantity, text

_HOST = "api.lemonsqueezy.com"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The first 100 lines of the order, a page of the largest size."""
    del options
    claim = sold(event)
    asked: dict[str, str | int] = {"filter[order_id]": claim.order_id, "page[size]": 100}
    url = address(f"https://{_HOST}/v1/order-items", **asked)
    told = yield from ask(get(url, Authorization=bearer(key), Accept="application/vnd.api+json"))
    currency = claim.amount.currency if claim.amount else ""
    lines = items(list_at(told, "data"), lambda line: _item(line, currency))
    return filled(event, SaleClaim(claim.order_id, None, items=lines))


def _item(line: dict[str, Any], currency: str) -> Item | None:
    told = line.get("attributes")
    # It is nowhere said how currencies without hundredths are written.
    unit = from_minor(find(told, "price"), currency) if currency and exponent(currency) == 2 else None
    name = text(told, "product_name")
    return Item(name, quantity(find(told, "quantity")), unit) if name else None


LEMONSQUEEZY_API = Api(
    provider="lemonsqueezy",
    key=KeyWords(label="API key", found="In Lemon Squeezy under Settings, API.", prefixes=("eyJ",)),
    hosts=(_HOST,),
    fetch=_fetch,
)
