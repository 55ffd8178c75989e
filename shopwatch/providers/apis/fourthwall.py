"""Fourthwall's API: orders, donations and webhooks. Facts: the OpenAPI description of its Platform API (list-orders,
list-donations, webhooks) and docs.fourthwall.com ("Managing Webhooks via API", which shows that the secret is told of
what is made)."""

from typing import Any

from shopwatch.domain.instant import SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, is_older, iso, saying, states
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
from shopwatch.providers.api_kit.requests import address, ask, basic, get, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.fourthwall import FOURTHWALL

_HOST = "api.fourthwall.com"
_BASE = f"https://{_HOST}/open-api/v1.0"
_PAGE = 50
_LISTS = {"order": "ORDER_PLACED", "donations": "DONATION"}


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders of the time, then all donations there are. In which order they come is nowhere said; of orders those that
    are newer than the first page are left out, so that no page is moved by them.

    What was cancelled meanwhile is not told any more.
    """
    what, _, number = (place.mark or "order/0").partition("/")
    if what not in _LISTS or not (number.isascii() and number.isdigit()):
        refuse()
    asked: dict[str, str | int | None] = {"page": int(number), "size": _PAGE}
    if what == "order":
        until = iso(place.until + SECOND) if place.until else None
        asked |= {"createdAt[gt]": iso(place.since - SECOND), "createdAt[lt]": until}
    told = yield from ask(get(address(_BASE, what, **asked), Authorization=_key_headers(key)))
    found = saying(entries(told, "results"), "id", "status")
    kept = [
        each for each in found if text(each, "status") != "CANCELLED" and not is_older(each, place.since, "createdAt")
    ]
    listed = states(FOURTHWALL, _LISTS[what], kept, place.at, body=lambda entry: {"data": entry}, options=options)
    last = find(told, "totalPages")
    if found and (int(number) + 1 < last if type(last) is int else True):
        return MissedPage(listed, f"{what}/{int(number) + 1}", more=True)
    return MissedPage(listed, "donations/0", more=True) if what == "order" else MissedPage(listed)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """All webhooks, which come at once."""
    del options
    base, shown = f"{_BASE}/webhooks", _key_headers(key)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {"url": wanted.url, "allowedTypes": types}
        told = yield from written(sending("POST", base, body, Authorization=shown))
        return _read_hook(told, text(told, "secret") or refuse())

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {"url": wanted.url, "allowedTypes": types}
        return _read_hook((yield from written(sending("PUT", address(base, hook.id), body, Authorization=shown))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(base, hook_id), {"Authorization": shown}))

    told = yield from ask(get(base, Authorization=shown))
    return EndpointRegister([_read_hook(each) for each in entries(told, "results")], add_hook, drop_hook, change_hook)


def _key_headers(key: str) -> str:
    return basic(*parts_of(key, 2))


def _read_hook(told: Any, secret: str = "") -> Hook:
    return Hook(
        id=ident(told, "id"),
        url=text(told, "url", most=LONGEST_ANSWER),
        types=words(find(told, "allowedTypes")),
        secret=secret,
    )


FOURTHWALL_API = Api(
    provider="fourthwall",
    key=KeyWords(
        label="username and password",
        found="In Fourthwall’s site settings under For Developers, Open API: create an API user.",
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    pace=300,
    endpoints=endpoints(_open_register, FOURTHWALL.readers, shown_once=True),
)
