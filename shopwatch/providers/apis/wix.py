"""Wix's API: orders, of which the message of a refund names no currency. Facts: @wix/auto_sdk_ecom_orders 1.0.300
(`getOrder`, `searchOrders` and their paths at www.wixapis.com, `Order`, `CursorPagingMetadata`), @wix/sdk-runtime
1.0.25 (a cursor stands alone), and dev.wix.com/docs ("Make API Calls with an API Key").

What a message names is the installation of the owner's app, and a key is of a site, so neither shows whether they
belong together; of another site's orders Wix says that there is none.
"""

from dataclasses import replace
from typing import Any

from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Event
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import cursor, entries, has_more, iso, saying, states
from shopwatch.providers.api_kit.registering import sending
from shopwatch.providers.api_kit.requests import address, ask, called, get, parts_of, refuse
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, meanings
from shopwatch.providers.senders.wix import PAYMENT_STATUS, WIX, order_told

_HOST = "www.wixapis.com"
_ORDERS = f"https://{_HOST}/ecom/v1/orders"
_PAGE = 100


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """All that was given back of the order so far, and the sale."""
    del options
    order_id = called(event)[-1]
    order = find((yield from ask(get(address(_ORDERS, order_id), **_key_headers(key)))), "order")
    if ident(order, "id") != order_id:
        refuse()
    return meanings(order_told(Message(_read_body(order), Headers(), PAYMENT_STATUS, event.occurred_at)))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change, by a cursor, which stands alone."""
    search: dict[str, Any] = {
        "filter": {"updatedDate": {"$gte": iso(place.since)}},
        "sort": [{"fieldName": "updatedDate", "order": "ASC"}],
        "cursorPaging": {"limit": _PAGE},
    }
    if place.mark:
        search = {"cursorPaging": {"limit": _PAGE, "cursor": place.mark}}
    request = sending("POST", f"{_ORDERS}/search", {"search": search}, **_key_headers(key))
    told = yield from ask(replace(request, repeatable=True))
    found = saying(entries(told, "orders"), "id", "paymentStatus")
    listed = states(WIX, PAYMENT_STATUS, found, place.at, body=_read_body, options=options)
    if not has_more(told, "metadata", "hasNext"):
        return MissedPage(listed)
    return MissedPage(listed, cursor(told, "metadata", "cursors", "next"), more=True)


def _read_body(order: dict[str, Any]) -> dict[str, Any]:
    return {"event": {"actionEvent": {"body": {"order": order}}}}


def _key_headers(key: str) -> dict[str, str]:
    site, token = parts_of(key, 2)
    return {"Authorization": token, "wix_site_id": site}


WIX_API = Api(
    provider="wix",
    key=KeyWords(
        label="site ID and API key",
        found=(
            "Make a key at manage.wix.com/account/api-keys for this site. The site ID stands in the address of the "
            "site’s dashboard, behind “dashboard”."
        ),
        scopes=("Read Orders",),
        parts=2,
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
)
