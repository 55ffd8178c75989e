"""Square's API: what an order was of, and events of the last 28 days. Facts: developer.squareup.com (Retrieve order,
Events API, Sandbox, access tokens)."""

import json
from typing import Any

from shopwatch.domain.clock import DAY
from shopwatch.domain.event import Event
from shopwatch.domain.money import from_minor
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, filled, get, list_at, sold
from shopwatch.providers.listing import either, entries, iso, messages
from shopwatch.providers.reading import Meaning, find, items, quantity, text
from shopwatch.providers.square import SQUARE

_HOST, _SANDBOX = "connect.squareup.com", "connect.squareupsandbox.com"
_PAGE = 100
_LONGEST_CURSOR = 4_096


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The lines of the order."""
    del options
    order_id = sold(event).order_id
    host = _HOST if event.live else _SANDBOX
    told = yield from ask(get(address(f"https://{host}/v2/orders", order_id), Authorization=bearer(key)))
    # An order for a bare amount has no lines.
    lines = list_at(told, "order", "line_items") if find(told, "order", "line_items") is not None else []
    return filled(event, SaleClaim(order_id, None, items=items(lines, _item)))


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Events, the oldest first; they are the very messages. Square lets them be searched from when that is wanted."""
    del options

    def page(host: str) -> Asking[dict[str, Any]]:
        if not place.mark:
            yield from ask(_call("PUT", f"https://{host}/v2/events/enable", key, {}))
        told = {"start_at": iso(place.since)}
        query = {
            "filter": {"event_types": list(SQUARE.readers), "created_at": told},
            "sort": {"field": "DEFAULT", "order": "ASC"},
        }
        body = {"limit": _PAGE, "query": query} | ({"cursor": place.mark} if place.mark else {})
        return (yield from ask(_call("POST", f"https://{host}/v2/events", key, body)))

    told, live = yield from either(page, _HOST, _SANDBOX)
    found = entries(told, "events") if find(told, "events") is not None else []
    headers = {"square-environment": "Production" if live else "Sandbox"}
    mark = text(told, "cursor", most=_LONGEST_CURSOR)
    return Page(messages(SQUARE, found, place.at, headers=headers), mark, bool(mark))


def _call(method: str, url: str, key: str, told: dict[str, Any]) -> ApiRequest:
    headers = {"Authorization": bearer(key), "Accept": "application/json", "Content-Type": "application/json"}
    return ApiRequest(method, url, headers, json.dumps(told).encode())


def _item(line: dict[str, Any]) -> Item | None:
    price = line.get("base_price_money")
    unit = from_minor(find(price, "amount"), find(price, "currency"))
    name = text(line, "name") or text(line, "variation_name")
    return Item(name, quantity(line.get("quantity")), unit) if name else None


SQUARE_API = Api(
    provider="square",
    key=KeyWords(
        label="Access token",
        found="In Square's developer console: open your application, then Credentials.",
        scopes=("ORDERS_READ", "PAYMENTS_READ", "DISPUTES_READ"),
        prefixes=("EAAA",),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
    missed=_missed,
    keeps=28 * DAY,
)
