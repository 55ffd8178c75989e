"""Squarespace's API: orders, of which its messages name no more than the id. Facts: developers.squarespace.com
("Authentication and permissions", "Retrieve all orders", "Retrieve a specific order", "Making requests"), and its
OpenAPI description of the Orders API as api-evangelist/squarespace keeps it.

Its API of webhook subscriptions takes no API key, only a token of OAuth 2.0.
"""

from typing import Any

from shopwatch.domain.clock import SECOND
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, called, get, refuse
from shopwatch.providers.listing import cursor, entries, has_more, iso, raw_of, saying, standing
from shopwatch.providers.reading import Meaning, find, ident, in_decimals, items, joined, moment, quantity, text

_HOST = "api.squarespace.com"
_ORDERS = f"https://{_HOST}/1.0/commerce/orders"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The sale, and how much of it was given back so far."""
    del options
    order_id = event.claim.order_id if event.claim is not None else called(event)[-1]
    order = yield from ask(get(address(_ORDERS, order_id), Authorization=bearer(key)))
    return _whole(order, moment(order, "createdOn", otherwise=event.occurred_at)) if _is(order, order_id) else refuse()


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders by the time of their last change, by a cursor, which stands alone."""
    del options
    span = {"modifiedAfter": iso(place.since), "modifiedBefore": iso(max(place.at, place.since + SECOND))}
    url = address(_ORDERS, cursor=place.mark) if place.mark else address(_ORDERS, **span)
    told = yield from ask(get(url, Authorization=bearer(key)))
    listed = tuple(
        one
        for each in saying(entries(told, "result"), "id")
        for one in standing("order.update", _whole(each, moment(each, "createdOn", otherwise=place.at)), raw_of(each))
    )
    if not has_more(told, "pagination", "hasNextPage"):
        return Page(listed)
    return Page(listed, cursor(told, "pagination", "nextPageCursor"), more=True)


def _is(order: dict[str, Any], order_id: str) -> bool:
    return ident(order, "id") == order_id


def _whole(order: dict[str, Any], at: int) -> tuple[Meaning, ...]:
    order_id, person = ident(order, "id") or refuse(), find(order, "billingAddress")
    amount, amount_text = _money(order, "grandTotal")
    live = find(order, "testmode") is not True
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=ident(order, "orderNumber"),
        name=joined(text(person, "firstName"), text(person, "lastName")),
        email=text(order, "customerEmail"),
        items=items(find(order, "lineItems"), _item),
        amount_text=amount_text,
    )
    sale = Meaning(Kind.SALE, claim, at, live=live)
    if find(order, "refundedTotal") is None:
        return (sale,)
    back, unclear = _money(order, "refundedTotal")
    if back is not None and not back.minor:
        return (sale,)
    given = RefundClaim(order_id, back, order_id, cumulative=True, amount_text=unclear)
    return (sale, Meaning(Kind.REFUND, given, at, live=live))


def _item(line: dict[str, Any]) -> Item | None:
    name = text(line, "productName")
    return Item(name, quantity(line.get("quantity")), _money(line, "unitPricePaid")[0]) if name else None


def _money(told: dict[str, Any], name: str) -> tuple[Money | None, str]:
    return in_decimals(find(told, name, "value"), find(told, name, "currency"))


SQUARESPACE_API = Api(
    provider="squarespace",
    key=KeyWords(
        label="API key",
        found="In Squarespace under Settings, Developer tools, Developer API keys: make one for orders.",
        scopes=("Orders: Read Only",),
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch,
    missed=_missed,
)
