"""Shopify's API: orders that changed, refunds, and disputes. Facts: shopify.dev (REST Admin API 2026-07: Order, Refund,
"Paginate results"; GraphQL Admin API 2026-07: shopifyPaymentsAccount, ShopifyPaymentsDispute, and of the query
`disputes` how it is searched)."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.event import Event
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiResponse, Asking, MissedPage, Place
from shopwatch.providers.api_kit.pagination import cursor, entries, has_more, iso, saying, states
from shopwatch.providers.api_kit.requests import address, ask, called, get, read_object, understood
from shopwatch.providers.apis.shopify_access import KEY, allowed, graphql
from shopwatch.providers.apis.shopify_endpoints import SHOPIFY_ENDPOINTS
from shopwatch.providers.kit.reading import Meaning, find, text
from shopwatch.providers.senders.shopify import SHOP, SHOPIFY

_PAGE = 50
_DISPUTES = "disputes/"
_DISPUTED = (
    "query($first: Int!, $after: String, $since: String) { shopifyPaymentsAccount"
    " { disputes(first: $first, after: $after, query: $since) { nodes { legacyResourceId status initiatedAt finalizedOn"
    " amount { amount currencyCode } order { legacyResourceId } } pageInfo { hasNextPage endCursor } } } }"
)
_DECIDED_IN = 180 * DAY
"""Disputes are searched by the day on which they began, and a bank takes months to decide."""
_NEXT = re.compile(r'<([!-;=?-~]{1,4000})>; rel="next"')


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The refunds of an order: a payment that gives back names none of them, and may be made after its refund."""
    order_id = called(event)[1]
    base, token = yield from allowed(key, options)
    told = yield from ask(get(address(base, "orders", order_id, "refunds.json"), X_Shopify_Access_Token=token))
    refunds = (understood(SHOPIFY, "refunds/create", each, event) for each in entries(told, "refunds"))
    return tuple(each for each in refunds if each is not None)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change, with all refunds they have, and then disputes."""
    base, token = yield from allowed(key, options)
    if place.mark.startswith(_DISPUTES):
        return (yield from _ask_dispute(place, base, token))
    asked: dict[str, str | int] = (
        {"page_info": place.mark}
        if place.mark
        else {"status": "any", "updated_at_min": iso(place.since), "order": "updated_at asc"}
    )
    response = yield get(address(f"{base}/orders.json", limit=_PAGE, **asked), X_Shopify_Access_Token=token)
    orders = saying(entries(read_object(response), "orders"), "id", "updated_at")
    refunds = [refund for order in orders for refund in _read_refunds(order)]
    told = states(SHOPIFY, "orders/paid", orders, place.at) + states(SHOPIFY, "refunds/create", refunds, place.at)
    return MissedPage(told, _next_page(response) or _DISPUTES, more=True)


def _ask_dispute(place: Place, base: str, token: str) -> Asking[MissedPage]:
    """None where the app may not see them, and where the shop is not paid through Shopify Payments."""
    after, since = place.mark.removeprefix(_DISPUTES), f"initiated_at:>='{iso(place.since - _DECIDED_IN)}'"
    try:
        told = yield from graphql(base, token, _DISPUTED, first=_PAGE, after=after or None, since=since)
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.KEY_NARROW:
            raise
        return MissedPage(())
    if "shopifyPaymentsAccount" in told and told["shopifyPaymentsAccount"] is None:
        return MissedPage(())
    found = find(told, "shopifyPaymentsAccount", "disputes")
    cases = saying(entries(found, "nodes"), "legacyResourceId", "status")
    listed = states(SHOPIFY, "disputes/update", cases, place.at, body=_read_dispute_case)
    if not has_more(found, "pageInfo", "hasNextPage"):
        return MissedPage(listed)
    return MissedPage(listed, _DISPUTES + cursor(found, "pageInfo", "endCursor"), more=True)


def _read_dispute_case(dispute: dict[str, Any]) -> dict[str, Any]:
    """As a message tells it."""
    return {
        "id": dispute["legacyResourceId"],
        "order_id": find(dispute, "order", "legacyResourceId"),
        "status": text(dispute, "status").lower(),
        "amount": find(dispute, "amount", "amount"),
        "currency": find(dispute, "amount", "currencyCode"),
        "initiated_at": find(dispute, "initiatedAt"),
        "finalized_on": find(dispute, "finalizedOn"),
    }


def _read_refunds(order: dict[str, Any]) -> list[dict[str, Any]]:
    told = find(order, "refunds")
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _next_page(response: ApiResponse) -> str:
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
    fetch=_fetch_details,
    missed=_ask_missed,
    # Older ones need a right that Shopify has to grant.
    keeps=60 * DAY,
    endpoints=SHOPIFY_ENDPOINTS,
)
