"""PayPal's API: who paid for what, and events. Facts: developer.paypal.com (authentication, orders v2,
payments v1, webhooks v1: list event notifications)."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from shopwatch.domain.event import Event
from shopwatch.domain.money import from_decimal
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import (
    address,
    ask,
    ask_token,
    basic,
    bearer,
    called,
    filled,
    get,
    parts_of,
    refuse,
    sold,
    understood,
)
from shopwatch.providers.listing import either, entries, iso, messages
from shopwatch.providers.paypal import PAYPAL
from shopwatch.providers.reading import Meaning, find, items, joined, quantity, text

_HOST, _SANDBOX = "api-m.paypal.com", "api-m.sandbox.paypal.com"
_EVENTS = "/v1/notifications/webhooks-events"
_PAGE = 50


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The order of a capture, or the payment of a sale as it was called before."""
    del options
    claim, steps = sold(event), called(event)
    base = f"https://{_HOST if event.live else _SANDBOX}"
    authorization = bearer((yield from _token(base, key)))
    told = yield from ask(get(address(base, *steps), Authorization=authorization))
    if text(told, "id") != steps[-1]:
        refuse()
    fuller = _payment(told) if steps[0] == "v1" else _order(told, event)
    # What was captured is told already, and may be only a part of the order.
    return filled(event, replace(fuller, order_id=claim.order_id, amount=None, amount_text=""))


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Events; they are the very messages."""
    del options

    def page(host: str) -> Asking[dict[str, Any]]:
        base = f"https://{host}"
        authorization = bearer((yield from _token(base, key)))
        url = (
            f"{base}{_EVENTS}?{place.mark}"
            if place.mark
            else address(f"{base}{_EVENTS}", start_time=iso(place.since), page_size=_PAGE)
        )
        return (yield from ask(get(url, Authorization=authorization)))

    told, live = yield from either(page, _HOST, _SANDBOX)
    headers = {} if live else {"PAYPAL-CERT-URL": f"https://{_SANDBOX}/"}
    mark = next((_query(text(link, "href", most=4_000)) for link in _links(told) if text(link, "rel") == "next"), "")
    return Page(messages(PAYPAL, entries(told, "events"), place.at, headers=headers), mark, bool(mark))


def _links(told: dict[str, Any]) -> list[Any]:
    found = find(told, "links")
    return found if isinstance(found, list) else []


def _query(url: str) -> str:
    """The query of the next page, which is asked for at the same place as this one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        refuse()
    return urlencode(parse_qsl(parts.query)) if parts.path == _EVENTS and parts.query else refuse()


def _token(base: str, key: str) -> Asking[str]:
    user, password = parts_of(key, 2)
    form = urlencode({"grant_type": "client_credentials"}).encode()
    headers = {
        "Authorization": basic(user, password),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    told = yield from ask_token(ApiRequest("POST", f"{base}/v1/oauth2/token", headers, form))
    return str(told["access_token"])


def _order(told: dict[str, Any], event: Event) -> SaleClaim:
    meaning = understood(PAYPAL, "CHECKOUT.ORDER.COMPLETED", {"resource": told}, event)
    return meaning.claim if meaning and isinstance(meaning.claim, SaleClaim) else refuse()


def _payment(told: dict[str, Any]) -> SaleClaim:
    listed = find(told, "transactions")
    parts = [part for part in (listed if isinstance(listed, list) else ()) if isinstance(part, dict)]
    payer = find(told, "payer", "payer_info")
    return SaleClaim(
        order_id="",
        amount=None,
        name=joined(text(payer, "first_name"), text(payer, "last_name")),
        email=text(payer, "email"),
        items=tuple(item for part in parts for item in items(find(part, "item_list", "items"), _item)),
    )


def _item(line: dict[str, Any]) -> Item | None:
    name, unit = text(line, "name"), from_decimal(line.get("price"), line.get("currency"))
    return Item(name, quantity(line.get("quantity")), unit) if name else None


PAYPAL_API = Api(
    provider="paypal",
    key=KeyWords(
        label="client ID and secret",
        found="In PayPal's developer dashboard under Apps & Credentials, in your app.",
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
    missed=_missed,
)
