"""Zettle's API: purchases, and subscriptions. Facts: iZettle/api-documentation 333074c (authorization.md, "Assertion
Grant"; purchase.adoc, "Fetch a list of purchases"; pusher-api/api-reference.md and troubleshooting.md), of 2022.

A purchase is known by `purchaseUUID1` in the list and by `purchaseUuid` in a message: both are the same UUID.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import cursor, entries, iso, objects, of_ours, saying, states
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
from shopwatch.providers.api_kit.requests import (
    address,
    ask,
    ask_list,
    ask_token,
    bearer,
    get,
    list_at,
    parts_of,
    refuse,
)
from shopwatch.providers.kit.account import accounts_in
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.zettle import EMAIL, PURCHASE, ZETTLE

_TOKENS, _PURCHASES, _PUSHER = "oauth.zettle.com", "purchase.izettle.com", "pusher.izettle.com"
_SUBSCRIPTIONS = f"https://{_PUSHER}/organizations/self/subscriptions"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PAGE = 1_000
_STANDINGS = {"ACTIVE": Standing.ON, "FAILING": Standing.FAILING}


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Purchases by their own time, and money given back, which is a purchase too."""
    token = yield from _ask_access(key)
    if not place.mark and accounts_in(options):
        me = yield from ask(get(f"https://{_TOKENS}/users/self", Authorization=bearer(token)))
        of_ours(ZETTLE, ident(me, "organizationUuid") or refuse(), options)
    since = f"{iso(place.since)[:-1]}.000Z"
    asked: dict[str, str | int | None] = {"startDate": since, "limit": _PAGE, "lastPurchaseHash": place.mark or None}
    url = address(f"https://{_PURCHASES}", "purchases", "v2", **asked)
    told = yield from ask(get(url, Authorization=bearer(token)))
    found = saying(entries(told, "purchases"), "purchaseUUID1")
    listed = states(ZETTLE, PURCHASE, found, place.at, body=_read_body, options=options)
    if not found or not list_at(told, "linkUrls"):
        return MissedPage(listed)
    mark = cursor(told, "lastPurchaseHash")
    return MissedPage(listed, mark, more=True) if mark != place.mark else refuse()


def _read_body(purchase: dict[str, Any]) -> dict[str, Any]:
    return {"payload": purchase | {"purchaseUuid": purchase["purchaseUUID1"]}}


def _ask_access(key: str) -> Asking[str]:
    """A token, which is for this one asking, and is another one each time."""
    client, assertion = parts_of(key, 2)
    form = urlencode({"grant_type": _GRANT, "client_id": client, "assertion": assertion}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    told = yield from ask_token(ApiRequest("POST", f"https://{_TOKENS}/token", headers, form))
    return str(told["access_token"])


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions that were made by this API key."""
    token = yield from _ask_access(key)
    shown = bearer(token)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {
            "uuid": _subscription_id(token, wanted.url),
            "transportName": "WEBHOOK",
            "eventNames": types,
            "destination": wanted.url,
            "contactEmail": options.get(EMAIL) or refuse(),
        }
        return _read_hook((yield from written(sending("POST", _SUBSCRIPTIONS, body, Authorization=shown))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_SUBSCRIPTIONS, hook_id), {"Authorization": shown}))

    told = objects((yield from ask_list(get(_SUBSCRIPTIONS, Authorization=shown))))
    return EndpointRegister([_read_hook(each) for each in told], add_hook, drop_hook)


def _subscription_id(token: str, url: str) -> str:
    """A UUID of version 1 for one subscription, as the token and so each asking has another."""
    return str(UUID(bytes=hashlib.sha256(f"{token} {url}".encode()).digest()[:16], version=1))


def _read_hook(told: Any) -> Hook:
    return Hook(
        id=ident(told, "uuid"),
        url=text(told, "destination", most=LONGEST_ANSWER),
        types=words(find(told, "eventNames")),
        standing=_STANDINGS.get(text(told, "status"), Standing.OFF),
        secret=text(told, "signingKey") or refuse(),
    )


ZETTLE_API = Api(
    provider="zettle",
    key=KeyWords(
        label="client ID and API key",
        found="At my.zettle.com under Integrations, API Keys: create one. Both are shown then, and not again.",
        scopes=("READ:PURCHASE",),
        parts=2,
    ),
    hosts=(_TOKENS, _PURCHASES, _PUSHER),
    missed=_ask_missed,
    keeps=3 * 365 * DAY,
    # A till that has no connection tells of its sales later.
    overlap=DAY,
    endpoints=endpoints(_open_register, ZETTLE.readers),
)
