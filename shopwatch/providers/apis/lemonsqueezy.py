"""Lemon Squeezy's API: all lines of an order, whose message holds the first, orders, and webhooks. Facts:
docs.lemonsqueezy.com (List all order items, orders, subscription invoices, stores, webhooks; retrieve a subscription
invoice, a subscription, a user; create, update and delete a webhook; requests)."""

from typing import Any

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import exponent, from_minor
from shopwatch.domain.sales.sale import Item, SaleClaim
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
from shopwatch.providers.api_kit.requests import (
    address,
    ask,
    bearer,
    called,
    filled,
    get,
    list_at,
    refuse,
    sold,
    understood,
)
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, ident, items, quantity, text
from shopwatch.providers.senders.lemonsqueezy import INVOICES, LEMONSQUEEZY

_HOST = "api.lemonsqueezy.com"
_JSON = "application/vnd.api+json"
_PAGE = 100
_LISTS = {
    "orders": ("order_created", "order_refunded"),
    "subscription-invoices": ("subscription_payment_success", "subscription_payment_refunded"),
}
_SOLD = frozenset({"paid", "refunded", "partial_refund"})


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The first 100 lines of the order, a page of the largest size; or the order whose first payment went back."""
    del options
    if event.needs_fetch.startswith(f"GET {INVOICES}/"):
        return (yield from _first_back(event, key))
    claim = sold(event)
    asked: dict[str, str | int] = {"filter[order_id]": claim.order_id, "page[size]": 100}
    url = address(f"https://{_HOST}/v1/order-items", **asked)
    told = yield from ask(get(url, Authorization=bearer(key), Accept=_JSON))
    currency = claim.amount.currency if claim.amount else ""
    lines = items(list_at(told, "data"), lambda line: _read_item(line, currency))
    return filled(event, SaleClaim(claim.order_id, None, items=lines))


def _first_back(event: Event, key: str) -> Asking[tuple[Meaning, ...]]:
    """The invoice names its subscription, and that its order."""
    invoice = yield from _ask_one("subscription-invoices", called(event)[-1], key)
    bought = yield from _ask_one("subscriptions", ident(invoice, "subscription_id") or refuse(), key)
    back = {"data": {"id": ident(bought, "order_id") or refuse(), "attributes": invoice}}
    meaning = understood(LEMONSQUEEZY, "order_refunded", back, event)
    return (meaning,) if meaning is not None else ()


def _ask_one(what: str, wanted: str, key: str) -> Asking[dict[str, Any]]:
    told = yield from ask(get(address(f"https://{_HOST}/v1", what, wanted), Authorization=bearer(key), Accept=_JSON))
    attributes = find(told, "data", "attributes")
    return attributes if ident(told, "data", "id") == wanted and isinstance(attributes, dict) else refuse()


def _read_item(line: dict[str, Any], currency: str) -> Item | None:
    told = line.get("attributes")
    # It is nowhere said how currencies without hundredths are written.
    unit = from_minor(find(told, "price"), currency) if currency and exponent(currency) == 2 else None
    name = text(told, "product_name")
    return Item(name, quantity(find(told, "quantity")), unit) if name else None


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders, then invoices of subscriptions, the newest first. By the time of their making, and what is given back
    changes them later."""
    what, _, number = (place.mark or "orders/1").partition("/")
    if what not in _LISTS or not number.isdigit():
        refuse()
    asked: dict[str, str | int] = {"page[size]": _PAGE, "page[number]": int(number), "sort": "-createdAt"}
    told = yield from ask(get(address(f"https://{_HOST}/v1", what, **asked), Authorization=bearer(key), Accept=_JSON))
    found = saying(entries(told, "data"), "id", "attributes.status")
    sold, refunded = _LISTS[what]
    paid = [each for each in found if _read_status(each) in _SOLD]
    # "Issue a refund" shows an order that is still paid after a part of it was given back.
    back = [each for each in paid if _read_status(each) != "paid" or find(each, "attributes", "refunded_amount")]
    listed = states(LEMONSQUEEZY, sold, paid, place.at, body=_as_paid, options=options)
    listed += states(LEMONSQUEEZY, refunded, back, place.at, body=lambda each: {"data": each}, options=options)
    if len(found) == _PAGE and not is_older(find(found[-1], "attributes") or {}, place.since, "created_at"):
        return MissedPage(listed, f"{what}/{int(number) + 1}", more=True)
    return MissedPage(listed, "subscription-invoices/1", more=True) if what == "orders" else MissedPage(listed)


def _read_status(entry: dict[str, Any]) -> str:
    return text(entry, "attributes", "status")


def _as_paid(entry: dict[str, Any]) -> dict[str, Any]:
    return {"data": entry | {"attributes": entry["attributes"] | {"status": "paid"}}}


def _open_register(key: str, options: Options) -> Asking[tuple[EndpointRegister, ...]]:
    """The webhooks of each store, of the mode that the key is of: live, or test."""
    del options
    shown = {"Authorization": bearer(key), "Accept": _JSON}

    def all_of(what: str) -> Asking[list[dict[str, Any]]]:
        def ask_page(number: int) -> Asking[list[Any]]:
            asked: dict[str, int] = {"page[size]": _PAGE, "page[number]": number}
            return list_at((yield from ask(get(address(f"https://{_HOST}/v1", what, **asked), **shown))), "data")

        return (yield from numbered(ask_page, _PAGE))

    me = yield from ask(get(f"https://{_HOST}/v1/users/me", **shown))
    test = find(me, "meta", "test_mode") is True
    stores = yield from all_of("stores")
    webhooks = yield from all_of("webhooks")
    ours = [each for each in webhooks if (find(each, "attributes", "test_mode") is True) is test]
    return tuple(_make_register(ident(store, "id"), ours, shown, test=test) for store in stores)


def _make_register(
    store: str, webhooks: list[dict[str, Any]], shown: dict[str, str], *, test: bool
) -> EndpointRegister:
    base = f"https://{_HOST}/v1/webhooks"

    def send_hook(
        method: str, url: str, wanted: Wanted, types: Types, more: dict[str, Any], **attributes: bool
    ) -> Asking[Hook]:
        told = {"url": wanted.url, "events": types, "secret": wanted.secret, **attributes}
        body = {"data": {"type": "webhooks", "attributes": told, **more}}
        answer = yield from written(sending(method, url, body, Content_Type=_JSON, **shown))
        return _read_hook(find(answer, "data"), wanted.secret)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        belongs = {"relationships": {"store": {"data": {"type": "stores", "id": store}}}}
        return send_hook("POST", base, wanted, types, belongs, test_mode=test)

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook("PATCH", address(base, hook.id), wanted, types, {"id": hook.id})

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(base, hook_id), shown))

    mine = [_read_hook(each) for each in webhooks if ident(each, "attributes", "store_id") == store]
    return EndpointRegister(mine, add_hook, drop_hook, change_hook)


def _read_hook(told: Any, secret: str = "") -> Hook:
    """It is nowhere said whether one is off or fails."""
    return Hook(
        id=ident(told, "id"),
        url=text(told, "attributes", "url", most=LONGEST_ANSWER),
        types=words(find(told, "attributes", "events")),
        secret=secret,
    )


LEMONSQUEEZY_API = Api(
    provider="lemonsqueezy",
    key=KeyWords(label="API key", found="In Lemon Squeezy under Settings, API.", prefixes=("eyJ",)),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=120,
    endpoints=endpoints(_open_register, LEMONSQUEEZY.readers, chosen_secret=True),
)
