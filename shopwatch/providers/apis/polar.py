"""Polar's API: orders, refunds and endpoints of webhooks. Facts: @polar-sh/sdk 0.49.0 (orders.list, refunds.list,
webhooks.*WebhookEndpoint, which tell an endpoint's secret whenever it is read)."""

from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, is_older, saying, states
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    numbered,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, list_at, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.polar import POLAR

_HOST = "api.polar.sh"
_ENDPOINTS = f"https://{_HOST}/v1/webhooks/endpoints"
_PAGE = 100
_PAID = frozenset({"paid", "refunded", "partially_refunded"})


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders, then refunds, the newest first. By the time of their making, and an order may be paid days later."""
    what, _, number = (place.mark or "orders/1").partition("/")
    if what not in ("orders", "refunds") or not (number.isascii() and number.isdigit()):
        refuse()
    # As its library writes it: with a stroke at the end.
    url = address(f"https://{_HOST}/v1/{what}/", page=int(number), limit=_PAGE, sorting="-created_at")
    told = yield from ask(get(url, Authorization=bearer(key)))
    found = saying(entries(told, "items"), "id", "status")
    paid = found if what == "refunds" else [each for each in found if text(each, "status") in _PAID]
    event_type = "refund.updated" if what == "refunds" else "order.paid"
    listed = states(POLAR, event_type, paid, place.at, body=lambda entry: {"data": entry}, options=options)
    if len(found) == _PAGE and not is_older(found[-1], place.since, "created_at"):
        return MissedPage(listed, f"{what}/{int(number) + 1}", more=True)
    return MissedPage(listed, "refunds/1", more=True) if what == "orders" else MissedPage(listed)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The endpoints that get messages whole; others are of chats."""
    del options
    shown = bearer(key)

    def ask_page(number: int) -> Asking[list[Any]]:
        return list_at(
            (yield from ask(get(address(_ENDPOINTS, page=number, limit=_PAGE), Authorization=shown))), "items"
        )

    def send_hook(method: str, url: str, wanted: Wanted, types: Types, **more: bool | str) -> Asking[Hook]:
        body = {"url": wanted.url, "events": types, "format": "raw", **more}
        return _read_hook((yield from written(sending(method, url, body, Authorization=shown))))

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("POST", _ENDPOINTS, wanted, types, name="ShopWatch")

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("PATCH", address(_ENDPOINTS, hook.id), wanted, types, enabled=True)

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_ENDPOINTS, hook_id), {"Authorization": shown}))

    told = yield from numbered(ask_page, _PAGE)
    return EndpointRegister(
        [_read_hook(each) for each in told if text(each, "format") == "raw"], add_hook, drop_hook, change_hook
    )


def _read_hook(told: Any) -> Hook:
    return Hook(
        id=ident(told, "id"),
        url=text(told, "url", most=LONGEST_ANSWER),
        types=words(find(told, "events")),
        standing=Standing.ON if find(told, "enabled") is True else Standing.OFF,
        secret=text(told, "secret") or refuse(),
    )


POLAR_API = Api(
    provider="polar",
    key=KeyWords(
        label="Organization access token",
        found="In Polar under Settings, Developers: make a new token.",
        scopes=("orders:read", "refunds:read"),
        prefixes=("polar_oat_",),
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=300,
    endpoints=endpoints(_open_register, POLAR.readers, scopes=("webhooks:read", "webhooks:write")),
)
