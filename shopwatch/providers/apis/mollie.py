"""Mollie's API: payments, of which hints and simple messages name no more than an id, and webhooks. Facts:
docs.mollie.com and mollie/openapi of August 2026 (Get payment, List payments, List profiles, Get a Webhook Event, List
all refunds, List all chargebacks, authentication; List, create, update and delete webhooks)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import (
    Api,
    ApiFailure,
    ApiProblem,
    ApiRequest,
    ApiResponse,
    Asking,
    KeyWords,
    Listed,
    MissedPage,
    Place,
)
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, is_older, objects, raw_of, saying, standing
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
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, pages, refuse, understood
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, in_decimals, moment, text
from shopwatch.providers.senders.mollie import MOLLIE

_HOST = "api.mollie.com"
_BASE = f"https://{_HOST}/v2"
_PAYMENT = "tr_"
_PAID = "payment.paid"
_PAGE = 100
_WEBHOOKS = f"{_BASE}/webhooks"
_LARGE_PAGE = 250
_MOST = 10_000
_OF_PROFILE = ("live_", "test_")
_LISTED = frozenset({"refunds", "chargebacks"})
"""What is asked for by itself only under a payment; a list begins with the one that it is asked from."""


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Of a hint, all that the payment has come to; of a simple message, what it was about."""
    del options
    if event.kind is Kind.PING:
        if not event.id.startswith(_PAYMENT):
            # Orders and subscriptions have payments of their own, which are hinted at, too.
            return ()
        return (yield from _ask_payment_parts(event, (yield from _ask_payment(event.id, key)), key))
    if event.claim is None:
        meaning = understood(MOLLIE, event.type, (yield from _ask_subject(event, key)), event)
        return (meaning,) if meaning is not None and meaning.claim is not None else ()
    return (yield from _ask_payment_parts(event, (yield from _ask_payment(event.claim.order_id, key)), key))[:1]


def _ask_payment(payment_id: str, key: str) -> Asking[dict[str, Any]]:
    told = yield from _ask_one(key, "payments", payment_id)
    return told if text(told, "id") == payment_id else refuse()


def _ask_subject(event: Event, key: str) -> Asking[dict[str, Any]]:
    """The message with all that is in it. Keys of a profile may not see it, but what it was about."""
    what, entity_id = called(event)[-2:]
    if what == "events" or not key.startswith(_OF_PROFILE):
        told = yield from _ask_one(key, "events", event.id)
        return told if find(told, "_embedded", "entity") else refuse()
    if what in _LISTED:
        page = yield from ask(get(address(_BASE, what, limit=1, **{"from": entity_id}), Authorization=bearer(key)))
        entity = next(iter(entries(page, "_embedded", what)), None)
    else:
        entity = yield from _ask_one(key, what, entity_id)
    return {"_embedded": {"entity": entity}} if text(entity, "id") == entity_id else refuse()


def _ask_one(key: str, *steps: str) -> Asking[dict[str, Any]]:
    """One thing by its id. A token of an organization finds what is of the test mode only there; keys of a profile have
    the mode they are of."""
    try:
        return (yield from ask(get(address(_BASE, *steps), Authorization=bearer(key))))
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.NOT_FOUND or key.startswith(_OF_PROFILE):
            raise
    return (yield from ask(get(address(_BASE, *steps, testmode="true"), Authorization=bearer(key))))


def _ask_payment_parts(event: Event, payment: dict[str, Any], key: str) -> Asking[tuple[Meaning, ...]]:
    """The sale, and beside it all that was given back of it so far, and each chargeback."""
    if text(payment, "status") != "paid":
        return ()
    sold = understood(MOLLIE, _PAID, {"_embedded": {"entity": payment}}, event)
    found: tuple[Meaning, ...] = (sold,) if sold is not None else ()
    order_id, live = text(payment, "id"), text(payment, "mode") != "test"
    if back := _more_than_none(payment, "amountRefunded"):
        claim = RefundClaim(order_id, back, order_id, cumulative=True)
        found += (Meaning(Kind.REFUND, claim, event.occurred_at, live=live),)
    if _more_than_none(payment, "amountChargedBack"):
        found += yield from _ask_chargebacks(event, order_id, key, live=live)
    return found


def _ask_chargebacks(event: Event, payment_id: str, key: str, *, live: bool) -> Asking[tuple[Meaning, ...]]:
    """The chargebacks of a payment, which itself says no more than their sum, also of those that were reversed."""
    testmode = None if live or key.startswith(_OF_PROFILE) else "true"
    url = address(_BASE, "payments", payment_id, "chargebacks", limit=_LARGE_PAGE, testmode=testmode)
    listed = entries((yield from ask(get(url, Authorization=bearer(key)))), "_embedded", "chargebacks")
    found = []
    for each in listed:
        reversed_at = find(each, "reversedAt")
        what = "chargeback.reversed" if reversed_at else "chargeback.received"
        body = {"createdAt": reversed_at or find(each, "createdAt"), "_embedded": {"entity": each}}
        found.append(understood(MOLLIE, what, body, event))
    return tuple(replace(each, live=live) for each in found if each is not None)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Payments of a key's own profile, or of each profile of an organization; the newest first, by the time of their
    making. What is given back changes them later."""
    del options
    if key.startswith(_OF_PROFILE) or place.mark.startswith(_PAYMENT):
        return (yield from _ask_payments(place, key, place.mark, None))
    try:
        profiles = sorted((yield from _ask_profiles(key)))
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.KEY_NARROW:
            raise
        return (yield from _bound(place, key))
    profile, _, mark = place.mark.partition("/")
    here = next((each for each in profiles if each >= profile), "")
    if not here:
        return MissedPage(())
    page = yield from _ask_payments(place, key, mark if here == profile else "", here)
    if page.more:
        return MissedPage(page.listed, f"{here}/{page.mark}", more=True)
    following = next((each for each in profiles if each > here), "")
    return MissedPage(page.listed, f"{following}/" if following else "", bool(following))


def _bound(place: Place, key: str) -> Asking[MissedPage]:
    """A token that may not see the profiles may be bound to one of them."""
    try:
        return (yield from _ask_payments(place, key, "", None))
    except ApiFailure as failure:
        if failure.problem is ApiProblem.UNREADABLE:
            raise ApiFailure(ApiProblem.KEY_NARROW) from None
        raise


def _ask_profiles(key: str) -> Asking[list[str]]:
    def page(mark: str | None) -> ApiRequest:
        return get(address(_BASE, "profiles", limit=_LARGE_PAGE, **{"from": mark}), Authorization=bearer(key))

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        mark = _next_page(told)
        return page(mark) if mark else None

    found = objects((yield from pages(page(None), following, "_embedded", "profiles", most=_MOST)))
    return [text(each, "id") or refuse() for each in found]


def _ask_payments(place: Place, key: str, mark: str, profile: str | None) -> Asking[MissedPage]:
    url = address(_BASE, "payments", limit=_PAGE, profileId=profile, **{"from": mark or None})
    told = yield from ask(get(url, Authorization=bearer(key)))
    payments = saying(entries(told, "_embedded", "payments"), "id", "status")
    listed: list[Listed] = []
    for each in payments:
        at = moment(each, "paidAt", "createdAt", otherwise=place.at)
        stands = yield from _ask_payment_parts(Event("", _PAID, Kind.SALE, at), each, key)
        listed += standing(_PAID, stands, raw_of(each))
    following = _next_page(told)
    if not following or is_older(payments[-1], place.since, "createdAt"):
        return MissedPage(tuple(listed))
    return MissedPage(tuple(listed), following, more=True)


def _next_page(told: dict[str, Any]) -> str:
    """The id that the next page begins with; empty on the last one."""
    try:
        return parse_qs(urlsplit(text(told, "_links", "next", "href", most=4_000)).query).get("from", [""])[0]
    except ValueError:
        refuse()


def _more_than_none(payment: dict[str, Any], name: str) -> Money | None:
    amount, _ = in_decimals(find(payment, name, "value"), find(payment, name, "currency"))
    return amount if amount is not None and amount.minor else None


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """Webhooks belong to the organization, of which the keys of a profile may see nothing."""
    del options
    if key.startswith(_OF_PROFILE):
        raise ApiFailure(ApiProblem.KEY_NARROW)
    shown = {"Authorization": bearer(key)}

    def page(mark: str | None) -> ApiRequest:
        return get(address(_WEBHOOKS, limit=_LARGE_PAGE, **{"from": mark}), **shown)

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        mark = _next_page(told)
        return page(mark) if mark else None

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {"name": "ShopWatch", "url": wanted.url, "eventTypes": types}
        told = yield from written(sending("POST", _WEBHOOKS, body, **shown))
        return _read_hook(told, text(told, "webhookSecret") or refuse())

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        """One that is off cannot be switched on, so another one takes its place."""
        if hook.standing is Standing.OFF:
            added = yield from add_hook(wanted, types)
            yield from drop_hook(hook.id)
            return added
        body = {"url": wanted.url, "eventTypes": types}
        return _read_hook((yield from written(sending("PATCH", address(_WEBHOOKS, hook.id), body, **shown))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(_WEBHOOKS, hook_id), shown))

    told = objects((yield from pages(page(None), following, "_embedded", "webhooks", most=_MOST)))
    return EndpointRegister(
        [_read_hook(each) for each in told if text(each, "status") != "deleted"], add_hook, drop_hook, change_hook
    )


def _read_hook(told: dict[str, Any], secret: str = "") -> Hook:
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
            "In Mollie under Developers, API access tokens. For ShopWatch to set its address there by itself, and to "
            "ask for all your profiles, make an advanced access token; an API key (live_) is of one profile."
        ),
        scopes=("payments.read", "profiles.read", "events.read"),
        prefixes=("live_", "test_", "access_"),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
    overlap=14 * DAY,
    pace=120,
    endpoints=endpoints(
        _open_register, MOLLIE.setup.events, shown_once=True, scopes=("webhooks.read", "webhooks.write")
    ),
)
