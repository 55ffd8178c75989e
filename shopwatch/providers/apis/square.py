"""Square's API: what an order was of, events of the last 28 days, and endpoints. Facts: developer.squareup.com
(Retrieve order, Events API, Webhook Subscriptions API, Sandbox, access tokens) and npm's square 43.2."""

from dataclasses import replace
from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import from_minor
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import either, entries, iso, messages, objects, of_ours
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, bearer, filled, get, list_at, pages, refuse, sold
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, ident, items, quantity, text
from shopwatch.providers.senders.square import SQUARE

_HOST, _SANDBOX = "connect.squareup.com", "connect.squareupsandbox.com"
_PAGE = 100
_LONGEST_CURSOR = 4_096
_BESIDE = frozenset({"cursor", "metadata"})
_MOST_ENDPOINTS = 1_000
# Pinned, so that messages look the same whatever the application's own version is.
_VERSION = "2025-10-16"
# The older name of one that is there; it is not given to new subscriptions.
_FORMER = "dispute.state.changed"


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The lines of the order."""
    del options
    order_id = sold(event).order_id
    host = _HOST if event.live else _SANDBOX
    told = yield from ask(get(address(f"https://{host}/v2/orders", order_id), Authorization=bearer(key)))
    # An order for a bare amount has no lines.
    lines = list_at(told, "order", "line_items") if find(told, "order", "line_items") is not None else []
    return filled(event, SaleClaim(order_id, None, items=items(lines, _read_item)))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Events, the oldest first; they are the very messages. Square lets them be searched from when that is wanted."""

    def page(host: str) -> Asking[dict[str, Any]]:
        if not place.mark:
            yield from ask(replace(get(f"https://{host}/v2/events/enable", Authorization=bearer(key)), method="PUT"))
        told = {"start_at": iso(place.since)}
        query = {
            "filter": {"event_types": list(SQUARE.readers), "created_at": told},
            "sort": {"field": "DEFAULT", "order": "ASC"},
        }
        body = {"limit": _PAGE, "query": query} | ({"cursor": place.mark} if place.mark else {})
        search = sending("POST", f"https://{host}/v2/events", body, Authorization=bearer(key))
        return (yield from ask(replace(search, repeatable=True)))

    told, live = yield from either(page, _HOST, _SANDBOX)
    # Where there is nothing, not even the list is told.
    found = entries(told, "events") if set(told) - _BESIDE else []
    for each in found[:1]:
        of_ours(SQUARE, ident(each, "merchant_id"), options)
    headers = {"square-environment": "Production" if live else "Sandbox"}
    mark = text(told, "cursor", most=_LONGEST_CURSOR)
    return MissedPage(messages(SQUARE, found, place.at, headers=headers, options=options), mark, bool(mark))


def _read_item(line: dict[str, Any]) -> Item | None:
    price = line.get("base_price_money")
    unit = from_minor(find(price, "amount"), find(price, "currency"))
    name = text(line, "name") or text(line, "variation_name")
    return Item(name, quantity(line.get("quantity")), unit) if name else None


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions of the application."""
    del options
    shown = bearer(key)

    def ask_listed(host: str) -> Asking[tuple[str, list[Any]]]:
        url = f"https://{host}/v2/webhooks/subscriptions"

        def page(cursor: str | None) -> ApiRequest:
            asked = address(url, include_disabled="true", limit=_PAGE, cursor=cursor)
            return get(asked, Authorization=shown)

        def next_request(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
            cursor = text(told, "cursor", most=_LONGEST_CURSOR)
            return page(cursor) if cursor else None

        return url, (yield from pages(page(None), next_request, "subscriptions", most=_MOST_ENDPOINTS, absent=True))

    (url, found), _ = yield from either(ask_listed, _HOST, _SANDBOX)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"subscription": _told(wanted, types) | {"name": "ShopWatch", "api_version": _VERSION}}
        made = _read_hook(find((yield from written(sending("POST", url, told, Authorization=shown))), "subscription"))
        return made if made.secret else refuse()

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"subscription": _told(wanted, types)}
        changed = yield from written(sending("PUT", address(url, hook.id), told, Authorization=shown))
        return replace(_read_hook(find(changed, "subscription")), secret=hook.secret)

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), get("", Authorization=shown).headers))

    return EndpointRegister([_read_hook(each) for each in objects(found)], add_hook, drop_hook, change_hook)


def _read_hook(told: Any) -> Hook:
    return Hook(
        ident(told, "id") or refuse(),
        text(told, "notification_url", most=LONGEST_ANSWER),
        words(find(told, "event_types")),
        Standing.OFF if find(told, "enabled") is False else Standing.ON,
        text(told, "signature_key"),
    )


def _told(wanted: Wanted, types: Types) -> dict[str, Any]:
    return {"enabled": True, "event_types": list(types), "notification_url": wanted.url}


SQUARE_API = Api(
    provider="square",
    key=KeyWords(
        label="Access token",
        found="In Square’s developer console: open your application, then Credentials.",
        scopes=("ORDERS_READ", "PAYMENTS_READ", "DISPUTES_READ"),
        prefixes=("EAAA",),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch_details,
    missed=_ask_missed,
    # 28 days; what is asked for just at their end would be too old by the time it arrives.
    keeps=28 * DAY - HOUR,
    endpoints=endpoints(_open_register, (each for each in SQUARE.readers if each != _FORMER)),
)
