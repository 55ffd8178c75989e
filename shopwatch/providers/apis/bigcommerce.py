"""BigCommerce's API: orders, whose messages name no more than a number, and endpoints. Facts: docs.bigcommerce.com
(orders v2, order products, order refunds, API accounts, webhooks v3)."""

from email.utils import parsedate_to_datetime
from typing import Any

from shopwatch.domain.clock import Instant
from shopwatch.domain.endpoint import Standing
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import from_decimal
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, ask_list, called, filled, get, list_at, pages, parts_of, refuse
from shopwatch.providers.bigcommerce import BIGCOMMERCE, GIVEN_BACK, PAID
from shopwatch.providers.endpoints import Wanted
from shopwatch.providers.listing import following, iso, objects, of_ours, raw_of, standing, step
from shopwatch.providers.reading import (
    LONGEST_ANSWER,
    MOST_ITEMS,
    Meaning,
    api_call,
    find,
    ident,
    in_decimals,
    items,
    joined,
    quantity,
    text,
)
from shopwatch.providers.registering import Hook, Register, Types, deleted, endpoints, sending, written

_HOST = "api.bigcommerce.com"
_PAGE = 100
_MOST_ENDPOINTS = 1_000


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The order with its lines, or the refund."""
    del options
    store, token = called(event)[1], parts_of(key, 2)[1]

    def of(version: str, *steps: str, **query: int) -> ApiRequest:
        return get(address(f"https://{_HOST}/stores", store, version, "orders", *steps, **query), X_Auth_Token=token)

    match event.claim:
        case SaleClaim(order_id=order_id):
            order = yield from ask(of("v2", order_id))
            lines = yield from ask_list(of("v2", order_id, "products", limit=MOST_ITEMS))
            return filled(event, _sale(order, order_id, lines))
        case RefundClaim(order_id=order_id) as claim:
            currency = text((yield from ask(of("v2", order_id))), "currency_code")
            told = yield from ask(of("v3", order_id, "payment_actions", "refunds"))
            return tuple(
                meaning
                for refund in list_at(told, "data")
                for meaning in filled(event, _refund(refund, order_id, currency))
                if ident(refund, "id") == claim.refund_id or claim.refund_id == order_id
            )
    refuse()


def _sale(order: dict[str, Any], order_id: str, lines: list[Any]) -> SaleClaim:
    if ident(order, "id") != order_id:
        refuse()
    currency, person = find(order, "currency_code"), find(order, "billing_address")
    amount, amount_text = in_decimals(find(order, "total_inc_tax"), currency)
    return SaleClaim(
        order_id=order_id,
        amount=amount,
        name=joined(text(person, "first_name"), text(person, "last_name")),
        email=text(person, "email"),
        items=items(lines, lambda line: _item(line, currency)),
        amount_text=amount_text,
    )


def _item(line: dict[str, Any], currency: Any) -> Item | None:
    name, unit = text(line, "name"), from_decimal(str(line.get("price_inc_tax")), currency)
    return Item(name, quantity(line.get("quantity")), unit) if name else None


def _refund(refund: Any, order_id: str, currency: str) -> RefundClaim:
    amount, amount_text = in_decimals(find(refund, "total_amount"), currency)
    return RefundClaim(order_id, amount, ident(refund, "id") or refuse(), amount_text=amount_text)


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders by the time of their last change, with how much was given back of each. Their lines are asked for."""
    store, token = parts_of(key, 2)
    of_ours(BIGCOMMERCE, store, options)
    here = step(place)
    url = address(
        f"https://{_HOST}/stores",
        store,
        "v2",
        "orders",
        min_date_modified=iso(here[0]),
        sort="date_modified:asc",
        limit=_PAGE,
        page=here[1],
    )
    orders = objects((yield from ask_list(get(url, X_Auth_Token=token))))
    listed = tuple(
        one for each in orders for one in standing("store/order/statusUpdated", _told(each, store, place), raw_of(each))
    )
    if len(orders) < _PAGE:
        return Page(listed)
    return Page(listed, following(here, *(_moment(orders[at], "date_modified") for at in (0, -1))), more=True)


def _told(order: dict[str, Any], store: str, place: Place) -> tuple[Meaning, ...]:
    order_id, at = ident(order, "id") or refuse(), _moment(order, "date_created") or place.at
    back, unclear = in_decimals(find(order, "refunded_amount"), find(order, "currency_code"))
    given = back is None or back.minor > 0
    status = find(order, "status_id")
    if type(status) is not int or status not in (PAID | GIVEN_BACK if given else PAID):
        return ()
    call = api_call("GET /stores/{}/v2/orders/{}", store, order_id)
    sale = Meaning(Kind.SALE, _sale(order, order_id, []), at, needs_fetch=call)
    claim = RefundClaim(order_id, back, order_id, cumulative=True, amount_text=unclear)
    return (sale, Meaning(Kind.REFUND, claim, at)) if back is not None and given else (sale,)


def _moment(order: dict[str, Any], name: str) -> Instant | None:
    """Times are written as in e-mails."""
    try:
        return round(parsedate_to_datetime(text(order, name)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _opened(key: str, options: Options) -> Asking[Register]:
    """The hooks that this API account made, each of one scope; they are signed by the account's client secret."""
    del options
    store, token = parts_of(key, 2)
    url = address(f"https://{_HOST}/stores", store, "v3", "hooks")

    def page(number: int) -> ApiRequest:
        return get(address(url, limit=_PAGE, page=number), X_Auth_Token=token)

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        here, last = (find(told, "meta", "pagination", name) for name in ("current_page", "total_pages"))
        return page(here + 1) if type(here) is int and type(last) is int and here < last else None

    def add(wanted: Wanted, types: Types) -> Asking[Hook]:
        return (yield from put("POST", url, wanted, types))

    def change(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return (yield from put("PUT", address(url, hook.id), wanted, types))

    def put(method: str, at: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"scope": types[0], "destination": wanted.url, "is_active": True}
        return _hook(find((yield from written(sending(method, at, told, X_Auth_Token=token))), "data"))

    def drop(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"X-Auth-Token": token}))

    found = yield from pages(page(1), following, "data", most=_MOST_ENDPOINTS)
    return Register([_hook(each) for each in objects(found)], add, drop, change)


def _hook(told: Any) -> Hook:
    return Hook(
        ident(told, "id") or refuse(),
        text(told, "destination", most=LONGEST_ANSWER),
        frozenset((text(told, "scope"),)),
        Standing.OFF if find(told, "is_active") is False else Standing.ON,
    )


BIGCOMMERCE_API = Api(
    provider="bigcommerce",
    key=KeyWords(
        label="store hash and access token",
        found=(
            "The hash is in the API path that is shown, once, with the token, when you make the API account under "
            "Settings, API, Store-level API accounts."
        ),
        parts=2,
        scopes=("Orders: read-only",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
    missed=_missed,
    endpoints=endpoints(_opened, BIGCOMMERCE.readers, each=True),
)
