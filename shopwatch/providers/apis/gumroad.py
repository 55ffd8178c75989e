"""Gumroad's API: sales. Facts: gumroad.com/api (sales, scopes), and the sender itself (antiwork/gumroad: its sales
controller and purchases)."""

from typing import Any

from msgspec.structs import replace

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, iso, raw_of, standing
from shopwatch.providers.api_kit.requests import address, bearer, get, read_object, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, ids, in_minor, moment, quantity, text
from shopwatch.providers.senders.gumroad import CURRENCY, gift

_HOST = "api.gumroad.com"
_SALES = f"https://{_HOST}/v2/sales"
_TOO_SLOW = "timed out"


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Whether a membership's first purchase was charged, and how much of a sale was given back."""
    del options
    order_id = event.claim.order_id if event.claim is not None else refuse()
    told = yield from _ask_json(get(address(_SALES, order_id), Authorization=bearer(key)))
    if find(told, "success") is False:
        raise ApiFailure(ApiProblem.NOT_FOUND)
    sold = find(told, "sale")
    if not isinstance(sold, dict) or ident(sold, "id") != order_id:
        refuse()
    found = _read_meanings(sold, event.occurred_at)
    return tuple(replace(each, occurred_at=event.occurred_at) for each in found if each.kind is event.kind)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Sales by the day on which they were made, with what became of them."""
    del options
    url = address(_SALES, after=iso(place.since - DAY)[:10], page_key=place.mark or None)
    told = yield from _ask_json(get(url, Authorization=bearer(key)))
    listed = tuple(
        each
        for sold in entries(told, "sales")
        for each in standing("sale", _read_meanings(sold, place.at), raw_of(sold))
    )
    mark = ident(told, "next_page_key")
    return MissedPage(listed, mark, bool(mark))


def _ask_json(request: ApiRequest) -> Asking[dict[str, Any]]:
    """It says with 400 also that it had no time to look through all its sales."""
    response = yield request
    if response.status == 400 and _TOO_SLOW.encode() in response.body:
        raise ApiFailure(ApiProblem.AWAY)
    return read_object(response)


def _read_meanings(sold: dict[str, Any], otherwise: Instant) -> tuple[Meaning, ...]:
    """The sale, and what was given back and disputed of it. Parts of a bundle are told by the bundle."""
    order_id, at = ident(sold, "id") or refuse(), moment(sold, "created_at", otherwise=otherwise)
    if find(sold, "is_bundle_product_purchase") is True:
        return ()
    amount, unclear = _read_price(sold)
    name = text(sold, "product_name")
    claim = SaleClaim(
        order_id,
        amount,
        number=ident(sold, "order_id"),
        name=text(sold, "full_name"),
        email=text(sold, "email") or text(sold, "purchase_email"),
        items=(Item(name, quantity(find(sold, "quantity"))),) if name else (),
        amount_text="" if amount else text(sold, "formatted_total_price") or unclear,
    )
    called = ""
    if find(sold, "is_gift_sender_purchase") is True:
        called = gift(text(sold, "gifter_email"), text(sold, "giftee_email"), text(sold, "product_id"), at)
    found = [Meaning(Kind.SALE, claim, at, links=ids(called))]
    if amount is not None and not amount.minor:
        return tuple(found)
    if find(sold, "partially_refunded") is True or find(sold, "refunded") is True:
        found.append(Meaning(Kind.REFUND, _read_refund(order_id, sold, amount), at))
    if find(sold, "disputed") is True or find(sold, "chargedback") is True:
        state = DisputeState.WON if find(sold, "dispute_won") is True else DisputeState.OPEN
        found.append(Meaning(Kind.DISPUTE, DisputeClaim(order_id, amount, order_id, state), at))
    return tuple(found)


def _read_price(sold: dict[str, Any]) -> tuple[Money | None, str]:
    """Nothing while a membership is on trial: what is charged afterwards is a sale of its own."""
    if text(sold, "free_trial_ends_on") and find(sold, "recurring_charge") is not True:
        return Money(0, CURRENCY), ""
    return in_minor(find(sold, "price"), CURRENCY)


def _read_refund(order_id: str, sold: dict[str, Any], price: Money | None) -> RefundClaim:
    """How much is told by what is left to give back, and that only in the currency of the product, which newer servers
    name."""
    whole = find(sold, "refunded") is True
    left = from_decimal(text(sold, "amount_refundable_in_currency").replace(",", ""), find(sold, "currency"))
    if whole or price is None or left is None or left.currency != CURRENCY or not 0 < left.minor < price.minor:
        return RefundClaim(order_id, None, order_id, partial=not whole)
    return RefundClaim(order_id, Money(price.minor - left.minor, CURRENCY), order_id, cumulative=True)


GUMROAD_API = Api(
    provider="gumroad",
    key=KeyWords(
        label="Access token",
        found="In Gumroad under Settings, Advanced: make an application, then generate an access token.",
        scopes=("view_sales",),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=120,
)
