"""BigCommerce's API: orders, whose messages name no more than a number, and endpoints. Facts: docs.bigcommerce.com
(order products, API accounts, webhooks v3) and its API descriptions orders.v2.oas2.yml and orders.v3.yml of 2026-04:
an order's `refunded_amount` is always 0, and its `currency_code` is that of the prices as shown, not as paid."""

from email.utils import parsedate_to_datetime
from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money, from_decimal
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, ApiResponse, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import following, iso, objects, of_ours, raw_of, saying, standing, step
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, deleted, endpoints, sending, written
from shopwatch.providers.api_kit.requests import (
    address,
    ask,
    ask_list,
    called,
    filled,
    get,
    list_at,
    pages,
    parts_of,
    refuse,
)
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    MOST_ITEMS,
    Meaning,
    api_call,
    find,
    ident,
    in_decimals,
    items,
    joined,
    moment,
    not_negative,
    quantity,
    text,
)
from shopwatch.providers.senders.bigcommerce import BIGCOMMERCE, PAID, PART_REFUNDED, REFUNDED

_HOST = "api.bigcommerce.com"
_PAGE = 100
_MOST_LISTED = 10_000


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The order with its lines, or the refund."""
    del options
    store, token = called(event)[1], parts_of(key, 2)[1]

    def api_request(version: str, *steps: str, **query: int) -> ApiRequest:
        return get(address(f"https://{_HOST}/stores", store, version, "orders", *steps, **query), X_Auth_Token=token)

    match event.claim:
        case SaleClaim(order_id=order_id):
            order = yield from ask(api_request("v2", order_id))
            lines = yield from ask_list(api_request("v2", order_id, "products", limit=MOST_ITEMS))
            refunds: list[Any] = []
            if find(order, "status_id") in (REFUNDED, PART_REFUNDED):
                refunds = list_at((yield from ask(api_request("v3", order_id, "payment_actions", "refunds"))), "data")
            return *filled(event, _read_sale(order, order_id, lines)), *_given_back(order, refunds, event.occurred_at)
        case RefundClaim(order_id=order_id) as claim:
            order = yield from ask(api_request("v2", order_id))
            told = yield from ask(api_request("v3", order_id, "payment_actions", "refunds"))
            return tuple(
                meaning
                for refund in objects(list_at(told, "data"))
                for meaning in filled(event, _read_refund(refund, order_id, _read_currency(order)))
                if ident(refund, "id") == claim.refund_id or claim.refund_id == order_id
            )
    refuse()


def _read_sale(order: dict[str, Any], order_id: str, lines: list[Any]) -> SaleClaim:
    if ident(order, "id") != order_id:
        refuse()
    currency, person = _read_currency(order), find(order, "billing_address")
    amount, amount_text = in_decimals(find(order, "total_inc_tax"), currency)
    return SaleClaim(
        order_id=order_id,
        amount=amount,
        name=joined(text(person, "first_name"), text(person, "last_name")),
        email=text(person, "email"),
        items=items(lines, lambda line: _read_item(line, currency)),
        amount_text=amount_text,
    )


def _read_currency(order: dict[str, Any]) -> str:
    """The one that the customer paid in."""
    return text(order, "default_currency_code")


def _read_item(line: dict[str, Any], currency: Any) -> Item | None:
    name, unit = text(line, "name"), from_decimal(str(line.get("price_inc_tax")), currency)
    return Item(name, quantity(line.get("quantity")), unit) if name else None


def _read_refund(refund: dict[str, Any], order_id: str, currency: str) -> RefundClaim:
    """What of the refund was not declined: the payments that give it back are made later."""
    told = find(refund, "payments")
    declined = [each for each in told if find(each, "is_declined") is True] if isinstance(told, list) else []
    amount, amount_text = in_decimals(find(refund, "total_amount"), currency)
    for payment in declined:
        lost = in_decimals(find(payment, "amount"), currency)[0]
        amount = not_negative(Money(amount.minor - lost.minor, amount.currency)) if amount and lost else None
    failed = bool(declined) and amount is not None and amount.minor == 0
    return RefundClaim(order_id, amount, ident(refund, "id") or refuse(), failed=failed, amount_text=amount_text)


def _given_back(order: dict[str, Any], refunds: list[Any], at: Instant) -> tuple[Meaning, ...]:
    """All that went back of an order; what only its state tells is told without an amount."""
    order_id, status = ident(order, "id"), find(order, "status_id")
    told = [
        Meaning(Kind.REFUND, _read_refund(each, order_id, _read_currency(order)), moment(each, "created", otherwise=at))
        for each in objects(refunds)
    ]
    if not told and status in (REFUNDED, PART_REFUNDED):
        claim = RefundClaim(order_id, None, order_id, partial=status == PART_REFUNDED)
        return (Meaning(Kind.REFUND, claim, at),)
    return tuple(told)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change, with what was given back of each. Their lines are asked for."""
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
    back = yield from _ask_refunds(store, token, saying(orders, "id"))
    listed = tuple(
        one
        for each in orders
        for one in standing("store/order/statusUpdated", _read_order(each, back, store, place), raw_of(each))
    )
    if len(orders) < _PAGE:
        return MissedPage(listed)
    return MissedPage(listed, following(here, *(_read_time(orders[at], "date_modified") for at in (0, -1))), more=True)


def _ask_refunds(store: str, token: str, orders: list[dict[str, Any]]) -> Asking[dict[str, list[Any]]]:
    """All refunds of these orders, by the number of the order."""
    found: dict[str, list[Any]] = {}
    if orders:
        asked: dict[str, str | int] = {"order_id:in": ",".join(ident(each, "id") for each in orders), "limit": _PAGE}
        url = address(f"https://{_HOST}/stores", store, "v3", "orders", "payment_actions", "refunds")
        for each in objects((yield from _ask_paged(url, token, **asked))):
            found.setdefault(ident(each, "order_id") or refuse(), []).append(each)
    return found


def _ask_paged(url: str, token: str, **asked: str | int) -> Asking[list[Any]]:
    """What is on all pages of a list of version 3."""

    def page_request(number: int) -> ApiRequest:
        return get(address(url, **asked, page=number), X_Auth_Token=token)

    def next_request(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        here, last = (find(told, "meta", "pagination", name) for name in ("current_page", "total_pages"))
        return page_request(here + 1) if type(here) is int and type(last) is int and here < last else None

    return (yield from pages(page_request(1), next_request, "data", most=_MOST_LISTED))


def _read_order(order: dict[str, Any], back: dict[str, list[Any]], store: str, place: Place) -> tuple[Meaning, ...]:
    order_id, at = ident(order, "id"), _read_time(order, "date_created") or place.at
    status = find(order, "status_id")
    refunds = back.get(order_id, [])
    if type(status) is not int or (status not in PAID and not refunds):
        return ()
    call = api_call("GET /stores/{}/v2/orders/{}", store, order_id)
    sale = Meaning(Kind.SALE, _read_sale(order, order_id, []), at, needs_fetch=call)
    return sale, *_given_back(order, refunds, _read_time(order, "date_modified") or at)


def _read_time(order: dict[str, Any], name: str) -> Instant | None:
    """Times are written as in e-mails."""
    try:
        return round(parsedate_to_datetime(text(order, name)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The hooks that this API account made, each of one scope; they are signed by the account's client secret."""
    del options
    store, token = parts_of(key, 2)
    url = address(f"https://{_HOST}/stores", store, "v3", "hooks")

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return (yield from send_hook("POST", url, wanted, types))

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return (yield from send_hook("PUT", address(url, hook.id), wanted, types))

    def send_hook(method: str, at: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"scope": types[0], "destination": wanted.url, "is_active": True}
        return _read_hook(find((yield from written(sending(method, at, told, X_Auth_Token=token))), "data"))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"X-Auth-Token": token}))

    found = yield from _ask_paged(url, token, limit=_PAGE)
    return EndpointRegister([_read_hook(each) for each in objects(found)], add_hook, drop_hook, change_hook)


def _read_hook(told: Any) -> Hook:
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
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    endpoints=endpoints(_open_register, BIGCOMMERCE.readers, each=True),
)
