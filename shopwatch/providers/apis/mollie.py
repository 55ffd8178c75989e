"""Mollie's API: payments, of which hints and simple messages name no more than an id, and webhooks. Facts:
docs.mollie.com (Get payment, List payments, Get a Webhook Event, authentication; List, create, update and delete
webhooks)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopwatch.domain.clock import DAY
from shopwatch.domain.endpoint import Standing
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import DisputeClaim, RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiRequest, ApiResponse, Asking, KeyWords, Page, Place, Problem
from shopwatch.providers.asking import address, ask, bearer, called, get, pages, refuse, understood
from shopwatch.providers.endpoints import Wanted
from shopwatch.providers.listing import entries, is_older, objects, raw_of, saying, standing
from shopwatch.providers.mollie import MOLLIE
from shopwatch.providers.reading import LONGEST_ANSWER, Meaning, find, in_decimals, moment, text
from shopwatch.providers.registering import Hook, Register, Types, deleted, endpoints, sending, words, written

_HOST = "api.mollie.com"
_PAYMENT = "tr_"
_PAID = "payment.paid"
_PAGE = 100
_WEBHOOKS = f"https://{_HOST}/v2/webhooks"
_WEBHOOKS_PAGE = 250
_MOST_WEBHOOKS = 10_000
_OF_PROFILE = ("live_", "test_")
_PING = "hook.ping"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Of a hint, all that the payment has come to; of a simple message, what it was about."""
    del options
    if event.kind is Kind.PING:
        if not event.id.startswith(_PAYMENT):
            # Orders and subscriptions have payments of their own, which are hinted at, too.
            return ()
        return _whole(event, (yield from _payment(event.id, key)))
    if event.claim is None:
        told = yield from ask(get(address(f"https://{_HOST}/v2/events", called(event)[-1]), Authorization=bearer(key)))
        return _only(understood(MOLLIE, event.type, told, event))
    return _whole(event, (yield from _payment(event.claim.order_id, key)))[:1]


def _payment(payment_id: str, key: str) -> Asking[dict[str, Any]]:
    told = yield from ask(get(address(f"https://{_HOST}/v2/payments", payment_id), Authorization=bearer(key)))
    return told if text(told, "id") == payment_id else refuse()


def _whole(event: Event, payment: dict[str, Any]) -> tuple[Meaning, ...]:
    """The sale, and beside it all that was given back and charged back of it so far."""
    if text(payment, "status") != "paid":
        return ()
    found = _only(understood(MOLLIE, _PAID, {"_embedded": {"entity": payment}}, event))
    order_id, live = text(payment, "id"), text(payment, "mode") != "test"
    if back := _more_than_none(payment, "amountRefunded"):
        claim = RefundClaim(order_id, back, order_id, cumulative=True)
        found += (Meaning(Kind.REFUND, claim, event.occurred_at, live=live),)
    if charged := _more_than_none(payment, "amountChargedBack"):
        case = DisputeClaim(order_id, charged, order_id)
        found += (Meaning(Kind.DISPUTE, case, event.occurred_at, live=live),)
    return found


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Payments, the newest first. By the time of their making, and what is given back changes them later."""
    del options
    url = address(f"https://{_HOST}/v2/payments", limit=_PAGE, **{"from": place.mark or None})
    told = yield from ask(get(url, Authorization=bearer(key)))
    payments = saying(entries(told, "_embedded", "payments"), "id", "status")
    listed = tuple(one for each in payments for one in standing(_PAID, _stands(each, place), raw_of(each)))
    mark = _next(text(told, "_links", "next", "href", most=4_000))
    if not mark or is_older(payments[-1], place.since, "createdAt"):
        return Page(listed)
    return Page(listed, mark, more=True)


def _stands(payment: dict[str, Any], place: Place) -> tuple[Meaning, ...]:
    """The sale, and what was given back of it. Disputes have ids of their own, which are not told here."""
    at = moment(payment, "paidAt", "createdAt", otherwise=place.at)
    told = _whole(Event("", _PAID, Kind.SALE, at), payment)
    return tuple(each for each in told if each.kind is not Kind.DISPUTE)


def _next(url: str) -> str:
    try:
        return parse_qs(urlsplit(url).query).get("from", [""])[0]
    except ValueError:
        refuse()


def _only(meaning: Meaning | None) -> tuple[Meaning, ...]:
    return (meaning,) if meaning is not None and meaning.claim is not None else refuse()


def _more_than_none(payment: dict[str, Any], name: str) -> Money | None:
    amount, _ = in_decimals(find(payment, name, "value"), find(payment, name, "currency"))
    return amount if amount is not None and amount.minor else None


def _opened(key: str, options: Options) -> Asking[Register]:
    """Webhooks belong to the organization, of which the keys of a profile may see nothing."""
    del options
    if key.startswith(_OF_PROFILE):
        raise ApiFailure(Problem.KEY_NARROW)
    shown = {"Authorization": bearer(key)}

    def page(mark: str | None) -> ApiRequest:
        return get(address(_WEBHOOKS, limit=_WEBHOOKS_PAGE, **{"from": mark}), **shown)

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        mark = _next(text(told, "_links", "next", "href", most=4_000))
        return page(mark) if mark else None

    def add(wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {"name": "ShopWatch", "url": wanted.url, "eventTypes": types}
        told = yield from written(sending("POST", _WEBHOOKS, body, **shown))
        return _hook(told, text(told, "webhookSecret") or refuse())

    def change(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        """One that is off cannot be switched on, so another one takes its place."""
        if hook.standing is Standing.OFF:
            added = yield from add(wanted, types)
            yield from drop(hook.id)
            return added
        body = {"url": wanted.url, "eventTypes": types}
        return _hook((yield from written(sending("PATCH", address(_WEBHOOKS, hook.id), body, **shown))))

    def drop(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_WEBHOOKS, hook_id), shown))

    told = objects((yield from pages(page(None), following, "_embedded", "webhooks", most=_MOST_WEBHOOKS)))
    return Register([_hook(each) for each in told if text(each, "status") != "deleted"], add, drop, change)


def _hook(told: dict[str, Any], secret: str = "") -> Hook:
    return Hook(
        id=text(told, "id"),
        url=text(told, "url", most=LONGEST_ANSWER),
        types=words(find(told, "eventTypes")),
        standing=Standing.ON if text(told, "status") == "enabled" else Standing.OFF,
        secret=secret,
    )


MOLLIE_API = Api(
    provider="mollie",
    key=KeyWords(
        label="API key",
        found=(
            "In Mollie under Developers, API access tokens. For ShopWatch to set its address there by itself, make "
            "an advanced access token."
        ),
        scopes=("payments.read",),
        prefixes=("live_", "test_", "access_"),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
    missed=_missed,
    overlap=14 * DAY,
    pace=120,
    endpoints=endpoints(
        _opened,
        (each for each in MOLLIE.readers if each != _PING),
        shown_once=True,
        scopes=("webhooks.read", "webhooks.write"),
    ),
)
