"""PayPal's API: who paid for what, events, and endpoints. Facts: developer.paypal.com (authentication, orders v2,
payments v1, invoicing v2, webhooks v1: list event notifications; create, list, update and delete webhooks)."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec.structs import replace

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import from_decimal
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import either, entries, iso, messages
from shopwatch.providers.api_kit.published import Published, file_at
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, deleted, endpoints, sending, written
from shopwatch.providers.api_kit.requests import (
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
from shopwatch.providers.kit.certificates import valid_until
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, ident, items, joined, quantity, text
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.paypal_signature import HOSTS, ISSUERS, is_own_certificate, is_trusted, issuer_of

_HOST, _SANDBOX = "api-m.paypal.com", "api-m.sandbox.paypal.com"
_EVENTS = "/v1/notifications/webhooks-events"
_WEBHOOKS = "/v1/notifications/webhooks"
_PAGE = 50


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The order of a capture, the payment of a sale as it was called before, or an invoice."""
    del options
    steps = called(event)
    base = f"https://{_HOST if event.live else _SANDBOX}"
    authorization = bearer((yield from _ask_token(base, key)))
    told = yield from ask(get(address(base, *steps), Authorization=authorization))
    if text(told, "id") != steps[-1]:
        refuse()
    if steps[1] == "invoicing":
        return _read_invoice(told, event)
    claim = sold(event)
    fuller = _read_payment(told) if steps[0] == "v1" else _read_order(told, event)
    # What was captured is told already, and may be only a part of the order.
    return filled(event, replace(fuller, order_id=claim.order_id, amount=None, amount_text=""))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Events; they are the very messages."""

    def ask_page(host: str) -> Asking[dict[str, Any]]:
        base = f"https://{host}"
        authorization = bearer((yield from _ask_token(base, key)))
        url = (
            f"{base}{_EVENTS}?{place.mark}"
            if place.mark
            else address(f"{base}{_EVENTS}", start_time=iso(place.since), page_size=_PAGE)
        )
        return (yield from ask(get(url, Authorization=authorization)))

    told, live = yield from either(ask_page, _HOST, _SANDBOX)
    headers = {} if live else {"PAYPAL-CERT-URL": f"https://{_SANDBOX}/"}
    mark = next(
        (_parse_query(text(link, "href", most=4_000)) for link in _read_links(told) if text(link, "rel") == "next"), ""
    )
    return MissedPage(
        messages(PAYPAL, entries(told, "events"), place.at, headers=headers, options=options), mark, bool(mark)
    )


def _read_links(told: dict[str, Any]) -> list[Any]:
    found = find(told, "links")
    return found if isinstance(found, list) else []


def _parse_query(url: str) -> str:
    """The query of the next page, which is asked for at the same place as this one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        refuse()
    return urlencode(parse_qsl(parts.query)) if parts.path == _EVENTS and parts.query else refuse()


def _ask_certificate(url: str, _key: str) -> Asking[str]:
    return (yield from file_at(url)).decode("ascii", "replace") or refuse()


def _is_usable(pem: str, at: Instant) -> bool:
    end = valid_until(pem)
    return end is not None and end > at


def _ask_token(base: str, key: str) -> Asking[str]:
    user, password = parts_of(key, 2)
    form = urlencode({"grant_type": "client_credentials"}).encode()
    headers = {
        "Authorization": basic(user, password),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    told = yield from ask_token(ApiRequest("POST", f"{base}/v1/oauth2/token", headers, form))
    return str(told["access_token"])


def _read_order(told: dict[str, Any], event: Event) -> SaleClaim:
    meaning = understood(PAYPAL, "CHECKOUT.ORDER.COMPLETED", {"resource": told}, event)
    return meaning.claim if meaning and isinstance(meaning.claim, SaleClaim) else refuse()


def _read_invoice(told: dict[str, Any], event: Event) -> tuple[Meaning, ...]:
    """What it says of itself; while it is paid in parts, each of them."""
    listed = find(told, "payments", "transactions")
    several = isinstance(listed, list) and text(told, "status") == "PARTIALLY_PAID" and event.kind is Kind.SALE
    parts = [told | {"payments": {"transactions": [each]}} for each in listed] if several else [told]
    found = [understood(PAYPAL, event.type, {"resource": part}, event) for part in parts]
    return tuple(replace(each, live=event.live) for each in found if each is not None)


def _read_payment(told: dict[str, Any]) -> SaleClaim:
    listed = find(told, "transactions")
    parts = [part for part in (listed if isinstance(listed, list) else ()) if isinstance(part, dict)]
    payer = find(told, "payer", "payer_info")
    return SaleClaim(
        order_id="",
        amount=None,
        name=joined(text(payer, "first_name"), text(payer, "last_name")),
        email=text(payer, "email"),
        items=tuple(item for part in parts for item in items(find(part, "item_list", "items"), _read_item)),
    )


def _read_item(line: dict[str, Any]) -> Item | None:
    name, unit = text(line, "name"), from_decimal(line.get("price"), line.get("currency"))
    return Item(name, quantity(line.get("quantity")), unit) if name else None


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The webhooks of the app, on one page. What they sign by is their id; that they are off is told nowhere."""
    del options

    def listed(host: str) -> Asking[tuple[str, str, list[dict[str, Any]]]]:
        shown = bearer((yield from _ask_token(f"https://{host}", key)))
        url = f"https://{host}{_WEBHOOKS}"
        return url, shown, entries((yield from ask(get(url, Authorization=shown))), "webhooks")

    (url, shown, found), _ = yield from either(listed, _HOST, _SANDBOX)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"url": wanted.url, "event_types": _named(types)}
        return _read_hook((yield from written(sending("POST", url, told, Authorization=shown))))

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        """Only what differs: that nothing is new is refused."""
        told: list[dict[str, Any]] = []
        if hook.url != wanted.url:
            told.append({"op": "replace", "path": "/url", "value": wanted.url})
        if not hook.types >= set(types):
            told.append({"op": "replace", "path": "/event_types", "value": _named(types)})
        return _read_hook((yield from written(sending("PATCH", address(url, hook.id), told, Authorization=shown))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"Authorization": shown}))

    return EndpointRegister([_read_hook(each) for each in found], add_hook, drop_hook, change_hook)


def _read_hook(told: dict[str, Any]) -> Hook:
    hook_id = ident(told, "id") or refuse()
    types = frozenset(text(each, "name") for each in entries(told, "event_types"))
    every = frozenset(PAYPAL.readers) if "*" in types else types
    return Hook(hook_id, text(told, "url", most=LONGEST_ANSWER), every, secret=hook_id)


def _named(types: Types) -> list[dict[str, str]]:
    return [{"name": each} for each in types]


PAYPAL_API = Api(
    provider="paypal",
    key=KeyWords(
        label="client ID and secret",
        found=(
            "In PayPal’s developer dashboard under Apps & Credentials, in your app. If you send invoices, tick "
            "Invoicing among its features."
        ),
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch_details,
    missed=_ask_missed,
    endpoints=endpoints(_open_register, PAYPAL.readers),
    published=Published(
        hosts=HOSTS,
        is_own=is_own_certificate,
        ask=_ask_certificate,
        usable=_is_usable,
        believed=is_trusted,
        hosts_above=ISSUERS,
        above=issuer_of,
    ),
)
