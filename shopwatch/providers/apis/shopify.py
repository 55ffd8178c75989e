"""Shopify's API: orders that changed, and refunds. Facts: shopify.dev (REST Admin API 2026-07: Order, Refund,
"Paginate results")."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.domain.clock import DAY
from shopwatch.domain.event import Event
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiResponse, Asking, Page, Place
from shopwatch.providers.apis.shopify_access import KEY, allowed
from shopwatch.providers.apis.shopify_endpoints import SHOPIFY_ENDPOINTS
from shopwatch.providers.asking import address, ask, called, get, read_object, understood
from shopwatch.providers.listing import entries, iso, saying, states
from shopwatch.providers.reading import Meaning, find
from shopwatch.providers.shopify import SHOP, SHOPIFY

_PAGE = 50
_NEXT = re.compile(r'<([!-;=?-~]{1,4000})>; rel="next"')


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The refunds of an order: a payment that gives back names none of them, and may be made after its refund."""
    order_id = called(event)[1]
    base, token = yield from allowed(key, options)
    told = yield from ask(get(address(base, "orders", order_id, "refunds.json"), X_Shopify_Access_Token=token))
    refunds = (understood(SHOPIFY, "refunds/create", each, event) for each in entries(told, "refunds"))
    return tuple(each for each in refunds if each is not None)


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders by the time of their last change, with all refunds they have."""
    base, token = yield from allowed(key, options)
    asked: dict[str, str | int] = (
        {"page_info": place.mark}
        if place.mark
        else {"status": "any", "updated_at_min": iso(place.since), "order": "updated_at asc"}
    )
    response = yield get(address(f"{base}/orders.json", limit=_PAGE, **asked), X_Shopify_Access_Token=token)
    orders = saying(entries(read_object(response), "orders"), "id", "updated_at")
    refunds = [refund for order in orders for refund in _refunds(order)]
    told = states(SHOPIFY, "orders/paid", orders, place.at) + states(SHOPIFY, "refunds/create", refunds, place.at)
    mark = _next(response)
    return Page(told, mark, bool(mark))


def _refunds(order: dict[str, Any]) -> list[dict[str, Any]]:
    told = find(order, "refunds")
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _next(response: ApiResponse) -> str:
    """The mark of the page that follows, out of the address in which it comes."""
    found = _NEXT.search(response.headers.get("link", ""))
    marks = parse_qs(urlsplit(found[1]).query).get("page_info", []) if found else []
    return marks[0] if marks else ""


SHOPIFY_API = Api(
    provider="shopify",
    key=KEY,
    own_host=SHOP,
    # Whether a token outlives the next one that is given is not documented, so there is one asking at a time.
    renews=True,
    fetch=_fetch,
    missed=_missed,
    # Older ones need a right that Shopify has to grant.
    keeps=60 * DAY,
    endpoints=SHOPIFY_ENDPOINTS,
)
