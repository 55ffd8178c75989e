"""Stripe's API: what a checkout sold, and events of the last 30 days. Facts: docs.stripe.com
(checkout/sessions/line_items, events/list, pagination, errors)."""

from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.clock import DAY, SECOND
from shopwatch.domain.event import Event
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, filled, get, pages, refuse, sold
from shopwatch.providers.listing import entries, has_more, last_id, messages
from shopwatch.providers.reading import MOST_ITEMS, Meaning, ident, items, quantity, text
from shopwatch.providers.stripe import STRIPE, money_of

_HOST = "api.stripe.com"
_PAGE = 100
# Pinned, so that the account's own version, which its owner may change, does not change what the answers look like.
_VERSION = "2025-07-30.basil"
_TYPES = urlencode([("types[]", each) for each in STRIPE.readers])


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The lines of the checkout session that `event` is about."""
    del options
    session = sold(event).order_id

    def page(after: str | None) -> ApiRequest:
        url = address(f"https://{_HOST}/v1/checkout/sessions", session, "line_items", limit=_PAGE, starting_after=after)
        return get(url, Authorization=bearer(key), Stripe_Version=_VERSION)

    def following(found: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        if found.get("has_more") is not True:
            return None
        lines = found["data"]
        last = ident(lines[-1], "id") if lines else ""
        return page(last) if last else refuse()

    lines = yield from pages(page(None), following, "data", most=MOST_ITEMS)
    return filled(event, SaleClaim(order_id=session, amount=None, items=items(lines, _item)))


def _item(line: dict[str, Any]) -> Item | None:
    name, qty = text(line, "description"), quantity(line.get("quantity"))
    whole = money_of(line.get("amount_subtotal"), line.get("currency"))
    unit = Money(whole.minor // qty, whole.currency) if whole and qty and whole.minor % qty == 0 else None
    return Item(name, qty, unit) if name else None


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Events of the types that are read, the newest first; they are the very messages."""
    del options
    asked: dict[str, str | int | None] = {
        "created[gte]": place.since // SECOND,
        "limit": _PAGE,
        "starting_after": place.mark or None,
    }
    url = f"{address(f'https://{_HOST}/v1/events', **asked)}&{_TYPES}"
    told = yield from ask(get(url, Authorization=bearer(key), Stripe_Version=_VERSION))
    found = entries(told, "data")
    more = has_more(told, "has_more")
    return Page(messages(STRIPE, found, place.at), last_id(found, "id") if more else "", more)


STRIPE_API = Api(
    provider="stripe",
    key=KeyWords(
        label="Restricted key",
        found="In Stripe under Developers, API keys: make a restricted key.",
        scopes=("Checkout Sessions: Read", "Events: Read"),
        prefixes=("rk_live_", "rk_test_", "sk_live_", "sk_test_"),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
    missed=_missed,
    keeps=30 * DAY,
)
