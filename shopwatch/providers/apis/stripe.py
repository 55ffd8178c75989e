"""Stripe's API: what a checkout sold, which invoice a payment is of, events of the last 30 days, and endpoints. Facts:
docs.stripe.com (checkout/sessions/line_items, invoice-payment/list, events/list, webhook_endpoints, pagination,
errors), and the types of stripe-python 16.1."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY, SECOND
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, has_more, last_id, messages, objects
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, deleted, endpoints, words, written
from shopwatch.providers.api_kit.requests import address, ask, bearer, filled, get, pages, refuse, sold
from shopwatch.providers.kit.reading import LONGEST_ANSWER, MOST_ITEMS, Meaning, find, ident, items, quantity, text
from shopwatch.providers.senders.stripe import STRIPE, money_of

_HOST = "api.stripe.com"
_PAGE = 100
_MOST_ENDPOINTS = 1_000
# Pinned for what answers look like, and for the messages of endpoints that are made here. An event in the list looks as
# the account's own version had it when it was made, whatever is pinned (docs.stripe.com/api/events), so all are read.
_VERSION = "2025-07-30.basil"
_TYPES = urlencode([("types[]", each) for each in STRIPE.setup.events])
_ENDPOINTS = f"https://{_HOST}/v1/webhook_endpoints"


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """What `event` lacks: the lines of a checkout, or the invoice of a payment that something was given back of."""
    del options
    if isinstance(event.claim, SaleClaim):
        return (yield from _ask_lines(event, key))
    return (yield from _whose(event, key))


def _whose(event: Event, key: str) -> Asking[tuple[Meaning, ...]]:
    """The same claim, of the invoice too; nothing where the payment is of none."""
    intent = find(dict(parse_qsl(event.needs_fetch.partition("?")[2])), "payment[payment_intent]")
    asked = {"payment[type]": "payment_intent", "payment[payment_intent]": intent or refuse(), "limit": _PAGE}
    told = yield from ask(get(address(f"https://{_HOST}/v1/invoice_payments", **asked), **_key_headers(key)))
    invoices = [ident(each, "invoice") for each in entries(told, "data")]
    return filled(event, event.claim or refuse(), *invoices) if any(invoices) else ()


def _ask_lines(event: Event, key: str) -> Asking[tuple[Meaning, ...]]:
    session = sold(event).order_id

    def page_request(after: str | None) -> ApiRequest:
        url = address(f"https://{_HOST}/v1/checkout/sessions", session, "line_items", limit=_PAGE, starting_after=after)
        return get(url, **_key_headers(key))

    def next_request(found: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        if found.get("has_more") is not True:
            return None
        lines = found["data"]
        last = ident(lines[-1], "id") if lines else ""
        return page_request(last) if last else refuse()

    lines = yield from pages(page_request(None), next_request, "data", most=MOST_ITEMS)
    return filled(event, SaleClaim(order_id=session, amount=None, items=items(lines, _read_item)))


def _read_item(line: dict[str, Any]) -> Item | None:
    name, qty = text(line, "description"), quantity(line.get("quantity"))
    whole = money_of(line.get("amount_subtotal"), line.get("currency"))
    unit = Money(whole.minor // qty, whole.currency) if whole and qty and whole.minor % qty == 0 else None
    return Item(name, qty, unit) if name else None


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Events of the types that are read, the newest first; they are the very messages."""
    asked: dict[str, str | int | None] = {
        "created[gte]": place.since // SECOND,
        "limit": _PAGE,
        "starting_after": place.mark or None,
    }
    url = f"{address(f'https://{_HOST}/v1/events', **asked)}&{_TYPES}"
    told = yield from ask(get(url, **_key_headers(key)))
    found = entries(told, "data")
    more = has_more(told, "has_more")
    return MissedPage(messages(STRIPE, found, place.at, options=options), last_id(found, "id") if more else "", more)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The endpoints of the account, in the mode that the key is of."""
    del options

    def page_request(after: str | None) -> ApiRequest:
        return get(address(_ENDPOINTS, limit=_PAGE, starting_after=after), **_key_headers(key))

    def next_request(found: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        return page_request(last_id(entries(found, "data"), "id")) if has_more(found, "has_more") else None

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = [("api_version", _VERSION), ("description", "ShopWatch")]
        made = yield from written(_form_request(_ENDPOINTS, [*told, *_told(wanted, types)], key, repeatable=False))
        return _read_hook(made, text(made, "secret") or refuse())

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = [("disabled", "false"), *_told(wanted, types)]
        return _read_hook((yield from written(_form_request(address(_ENDPOINTS, hook.id), told, key))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_ENDPOINTS, hook_id), get("", **_key_headers(key)).headers))

    listed = yield from pages(page_request(None), next_request, "data", most=_MOST_ENDPOINTS)
    return EndpointRegister([_read_hook(each) for each in objects(listed)], add_hook, drop_hook, change_hook)


def _read_hook(told: dict[str, Any], secret: str = "") -> Hook:
    types = words(told.get("enabled_events"))
    standing = Standing.OFF if text(told, "status") == "disabled" else Standing.ON
    every = frozenset(STRIPE.setup.events) if "*" in types else types
    return Hook(ident(told, "id"), text(told, "url", most=LONGEST_ANSWER), every, standing, secret)


def _told(wanted: Wanted, types: Types) -> list[tuple[str, str]]:
    return [("url", wanted.url), *(("enabled_events[]", each) for each in types)]


def _form_request(url: str, told: list[tuple[str, str]], key: str, *, repeatable: bool = True) -> ApiRequest:
    headers = get("", Content_Type="application/x-www-form-urlencoded", **_key_headers(key)).headers
    return ApiRequest("POST", url, headers, urlencode(told).encode(), repeatable)


def _key_headers(key: str) -> dict[str, str]:
    return {"Authorization": bearer(key), "Stripe_Version": _VERSION}


STRIPE_API = Api(
    provider="stripe",
    key=KeyWords(
        label="Restricted key",
        found="In Stripe under Developers, API keys: make a restricted key.",
        scopes=("Checkout Sessions: Read", "Invoices: Read", "Events: Read"),
        prefixes=("rk_live_", "rk_test_", "sk_live_", "sk_test_"),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
    keeps=30 * DAY,
    endpoints=endpoints(_open_register, STRIPE.setup.events, shown_once=True, scopes=("Webhook Endpoints: Write",)),
)
