"""Ecwid's API: orders, which its messages only hint at. Facts: github.com/Ecwid/ecwid-api-docs (4de13da: "Search
orders", "Get order details", "Get store profile", "Access scopes"), of 2020; that the token may stand in a header
instead of the address, Pipedream's connector of today."""

from typing import Any

from shopwatch.domain.instant import SECOND
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, of_ours, raw_of, saying, standing
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, parts_of, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, in_decimals, items, moment, quantity, text
from shopwatch.providers.senders.ecwid import ECWID, GIVEN_BACK, PAID

_HOST = "app.ecwid.com"
_PAGE = 100


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The sale, and how much of it was given back so far. Whatever shop the message names, only the key's own is
    asked."""
    del options
    store, token = parts_of(key, 2)
    number = event.claim.order_id if event.claim is not None else refuse()
    url = address(f"https://{_HOST}/api/v3", store, "orders", number)
    order = yield from ask(get(url, Authorization=bearer(token)))
    if called(event)[2] != store:
        raise ApiFailure(ApiProblem.OTHER_ACCOUNT)
    if ident(order, "orderNumber") != number:
        refuse()
    currency = yield from _ask_currency(store, token)
    return _read_order(order, currency, moment(order, "createTimestamp", otherwise=event.occurred_at), event.kind)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders that were changed since. Of what order they come in nothing is said, so all of them are read."""
    store, token = parts_of(key, 2)
    of_ours(ECWID, store, options)
    offset = int(place.mark) if place.mark.isascii() and place.mark.isdigit() else 0 if not place.mark else refuse()
    url = address(
        f"https://{_HOST}/api/v3", store, "orders", updatedFrom=place.since // SECOND, offset=offset, limit=_PAGE
    )
    told = yield from ask(get(url, Authorization=bearer(token)))
    orders = saying(entries(told, "items"), "orderNumber", "paymentStatus")
    currency = (yield from _ask_currency(store, token)) if orders else ""
    listed = tuple(
        one
        for each in orders
        for one in standing(
            "order.updated",
            _read_order(each, currency, moment(each, "createTimestamp", otherwise=place.at)),
            raw_of(each),
        )
    )
    total, known = find(told, "total"), offset + len(orders)
    if type(total) is not int:
        refuse()
    if not orders or known >= total:
        return MissedPage(listed)
    return MissedPage(listed, str(known), more=True)


def _ask_currency(store: str, token: str) -> Asking[str]:
    """The shop's own, which all of its orders are in."""
    told = yield from ask(get(address(f"https://{_HOST}/api/v3", store, "profile"), Authorization=bearer(token)))
    return text(told, "formatsAndUnits", "currency") or refuse()


def _read_order(order: dict[str, Any], currency: str, at: int, kind: Kind = Kind.SALE) -> tuple[Meaning, ...]:
    status, order_id = text(order, "paymentStatus"), ident(order, "orderNumber")
    if status != PAID and status not in GIVEN_BACK:
        return ()
    amount, amount_text = in_decimals(find(order, "total"), currency)
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=text(order, "vendorOrderNumber"),
        name=text(order, "billingPerson", "name"),
        email=text(order, "email"),
        items=items(find(order, "items"), lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )
    sale = Meaning(Kind.SALE, claim, at)
    if status == PAID and kind is not Kind.REFUND:
        return (sale,)
    return (sale, Meaning(Kind.REFUND, _read_refund(order, currency, order_id, status), at))


def _read_refund(order: dict[str, Any], currency: str, order_id: str, status: str) -> RefundClaim:
    """The sum is told of payments by Ecwid's own service alone; of others there is only the state. Of what is paid and
    not given back nothing is, whatever a message said."""
    told = 0 if status == PAID else find(order, "refundedAmount")
    back, unclear = in_decimals(told, currency) if told is not None else (None, "")
    if back is not None and not back.minor and status != PAID:
        back = None
    return RefundClaim(
        order_id, back, order_id, cumulative=True, partial=status == "PARTIALLY_REFUNDED", amount_text=unclear
    )


def _read_item(line: dict[str, Any], currency: str) -> Item | None:
    name = text(line, "name")
    unit: Money | None = in_decimals(find(line, "price"), currency)[0]
    return Item(name, quantity(line.get("quantity")), unit) if name else None


ECWID_API = Api(
    provider="ecwid",
    key=KeyWords(
        label="store ID and access token",
        found="Both are on the page of your Ecwid app; the token begins with “secret_”.",
        scopes=("read_orders", "read_store_profile"),
        parts=2,
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
)
