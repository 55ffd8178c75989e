"""Shopify's API: orders that changed. Facts: shopify.dev (Admin API: Order, access tokens, "Paginate results")."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.domain.clock import DAY
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiResponse, Asking, KeyWords, Page, Place, host_in
from shopwatch.providers.apis.shopify_endpoints import SHOPIFY_ENDPOINTS
from shopwatch.providers.asking import address, get, read_object, refuse
from shopwatch.providers.listing import entries, iso, saying, states
from shopwatch.providers.reading import find
from shopwatch.providers.shopify import SHOP, SHOPIFY

_VERSION = "2025-10"
_PAGE = 50
_NEXT = re.compile(r'<([!-;=?-~]{1,4000})>; rel="next"')


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders by the time of their last change, with all refunds they have."""
    shop = host_in(options.get(SHOP, "")) or refuse()
    asked: dict[str, str | int] = (
        {"page_info": place.mark}
        if place.mark
        else {"status": "any", "updated_at_min": iso(place.since), "order": "updated_at asc"}
    )
    url = address(f"https://{shop}/admin/api/{_VERSION}/orders.json", limit=_PAGE, **asked)
    response = yield get(url, X_Shopify_Access_Token=key)
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
    key=KeyWords(
        label="Admin API access token",
        found="In Shopify under Settings, Apps, Develop apps: in your app, once it is installed.",
        scopes=("read_orders",),
        prefixes=("shpat_",),
    ),
    own_host=SHOP,
    missed=_missed,
    # Older ones need a right that Shopify has to grant.
    keeps=60 * DAY,
    endpoints=SHOPIFY_ENDPOINTS,
)
