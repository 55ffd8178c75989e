"""Squarespace's API: orders, of which its messages name no more than the id, and webhook subscriptions. Facts:
developers.squarespace.com ("Authentication and permissions", "Accessing Squarespace APIs using OAuth 2.0", "Announcing
Self-Service OAuth Credential Management", "Retrieve all orders", "Retrieve a specific order", "Making requests"), its
OpenAPI descriptions of the Orders and the Webhook Subscriptions API as api-evangelist/squarespace keeps them, and for
how tokens are renewed several public clients that agree: each refresh token is good for once, and for a week.

Subscriptions take no API key, only a token of OAuth 2.0; orders take both. Whether an address on the owner's own
computer may be registered to return to is not published.
"""

from typing import Any

from shopwatch.domain.instant import SECOND
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, MissedPage, NewKey, Place
from shopwatch.providers.api_kit.consent import Consent, tokens
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import cursor, entries, has_more, iso, raw_of, saying, standing
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    sending,
    words,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, refuse
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    Meaning,
    find,
    ident,
    in_decimals,
    items,
    joined,
    moment,
    quantity,
    text,
)
from shopwatch.providers.senders.squarespace import SQUARESPACE

_HOST, _LOGIN = "api.squarespace.com", "login.squarespace.com"
_ORDERS = f"https://{_HOST}/1.0/commerce/orders"
_SUBSCRIPTIONS = f"https://{_HOST}/1.0/webhook_subscriptions"
_CONSENT = Consent(
    page=f"https://{_LOGIN}/api/1/login/oauth/provider/authorize",
    tokens=f"https://{_LOGIN}/api/1/login/oauth/provider/tokens",
    scopes=("website.orders.read",),
    given=("client ID", "client secret"),
    app_page="https://account.squarespace.com/developer-apps",
    redirect_label="Redirect URI",
    more={"access_type": "offline"},
    in_header=True,
)


def _ask_headers(key: str) -> Asking[str]:
    """The value of Authorization. Of consent a token comes that is for this one asking, and another refresh token."""
    given = key.split(":")
    if len(given) != len((*_CONSENT.given, "refresh token")):
        return bearer(key)
    told = yield from tokens(_CONSENT, given, grant_type="refresh_token", refresh_token=given[-1])
    another = text(told, "refresh_token", most=LONGEST_ANSWER)
    if another and another != given[-1]:
        yield NewKey(":".join((*given[:-1], another)))
    return bearer(told["access_token"])


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The sale, and how much of it was given back so far."""
    del options
    order_id = event.claim.order_id if event.claim is not None else called(event)[-1]
    order = yield from ask(get(address(_ORDERS, order_id), Authorization=(yield from _ask_headers(key))))
    return (
        _read_order(order, moment(order, "createdOn", otherwise=event.occurred_at))
        if _is_order(order, order_id)
        else refuse()
    )


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change, by a cursor, which stands alone."""
    del options
    span = {"modifiedAfter": iso(place.since), "modifiedBefore": iso(max(place.at, place.since + SECOND))}
    url = address(_ORDERS, cursor=place.mark) if place.mark else address(_ORDERS, **span)
    told = yield from ask(get(url, Authorization=(yield from _ask_headers(key))))
    listed = tuple(
        one
        for each in saying(entries(told, "result"), "id")
        for one in standing(
            "order.update", _read_order(each, moment(each, "createdOn", otherwise=place.at)), raw_of(each)
        )
    )
    if not has_more(told, "pagination", "hasNextPage"):
        return MissedPage(listed)
    return MissedPage(listed, cursor(told, "pagination", "nextPageCursor"), more=True)


def _is_order(order: dict[str, Any], order_id: str) -> bool:
    return ident(order, "id") == order_id


def _read_order(order: dict[str, Any], at: int) -> tuple[Meaning, ...]:
    order_id, person = ident(order, "id") or refuse(), find(order, "billingAddress")
    amount, amount_text = _read_money(order, "grandTotal")
    live = find(order, "testmode") is not True
    claim = SaleClaim(
        order_id=order_id,
        amount=amount,
        number=ident(order, "orderNumber"),
        name=joined(text(person, "firstName"), text(person, "lastName")),
        email=text(order, "customerEmail"),
        items=items(find(order, "lineItems"), _read_item),
        amount_text=amount_text,
    )
    sale = Meaning(Kind.SALE, claim, at, live=live)
    if find(order, "refundedTotal") is None:
        return (sale,)
    back, unclear = _read_money(order, "refundedTotal")
    if back is not None and not back.minor:
        return (sale,)
    given = RefundClaim(order_id, back, order_id, cumulative=True, amount_text=unclear)
    return (sale, Meaning(Kind.REFUND, given, at, live=live))


def _read_item(line: dict[str, Any]) -> Item | None:
    name = text(line, "productName")
    return Item(name, quantity(line.get("quantity")), _read_money(line, "unitPricePaid")[0]) if name else None


def _read_money(told: dict[str, Any], name: str) -> tuple[Money | None, str]:
    return in_decimals(find(told, name, "value"), find(told, name, "currency"))


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions that were made by this app. Raises ApiFailure for an API key, which may not see them."""
    del options
    if ":" not in key:
        raise ApiFailure(ApiProblem.KEY_NARROW)
    shown = yield from _ask_headers(key)

    def send_hook(url: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"endpointUrl": wanted.url, "topics": list(types)}
        return _read_hook((yield from written(sending("POST", url, told, Authorization=shown))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_SUBSCRIPTIONS, hook_id), {"Authorization": shown}))

    told = yield from ask(get(_SUBSCRIPTIONS, Authorization=shown))
    return EndpointRegister(
        [_read_hook(each) for each in entries(told, "webhookSubscriptions")],
        lambda wanted, types: send_hook(_SUBSCRIPTIONS, wanted, types),
        drop_hook,
        lambda hook, wanted, types: send_hook(address(_SUBSCRIPTIONS, hook.id), wanted, types),
    )


def _read_hook(told: dict[str, Any]) -> Hook:
    return Hook(
        id=ident(told, "id"),
        url=text(told, "endpointUrl", most=LONGEST_ANSWER),
        types=words(find(told, "topics")),
        secret=text(told, "secret"),
    )


SQUARESPACE_API = Api(
    provider="squarespace",
    key=KeyWords(
        label="API key, or client ID, client secret and refresh token",
        found=(
            "The first under Settings, Developer tools, Developer API keys: make one for orders. The others come of an "
            "app of yours, once you allow it in the browser."
        ),
        scopes=("Orders: Read Only",),
    ),
    hosts=(_HOST, _LOGIN),
    renews=True,
    consent=_CONSENT,
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    endpoints=endpoints(_open_register, SQUARESPACE.readers, shown_once=True),
)
