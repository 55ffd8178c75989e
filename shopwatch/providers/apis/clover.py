"""Clover's API: payments, of which messages name no more than the id, and refunds. Facts: Clover's description of its
Platform REST API v3 ("Get a single payment", what it can expand; the payment and the order), as api-evangelist/clover
keeps it, and docs.clover.com ("Get all payments", "Get all refunds for a merchant": what can be searched by, and that
they go back 90 days; "Apply filters to API requests"; "Add pagination requests").

Its lists hold what was paid at the shop's own tills as well, and do not tell it from what Hosted Checkout took.
"""

from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.pagination import either, entries, of_ours, raw_of, saying, standing
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, parts_of, refuse, sold
from shopwatch.providers.kit.reading import Meaning, find, ident, in_minor, moment, text
from shopwatch.providers.senders.clover import CLOVER

_HOST, _SANDBOX = "api.clover.com", "apisandbox.dev.clover.com"
_PAID = frozenset({"SUCCESS", "VOIDED"})
_EXPANDED = "order,refunds"
_PAYMENTS, _REFUNDS = "payments", "refunds"
_LISTS = {_PAYMENTS: 100, _REFUNDS: 20}
"""How many at a time; the payment of each refund is asked for as well, because a refund does not say its currency."""


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The payment in the currency of its order, and what was given back of it so far."""
    del options
    if called(event)[2:3] != parts_of(key, 2)[:1]:
        raise ApiFailure(ApiProblem.OTHER_ACCOUNT)
    payment_id = sold(event).order_id
    told, live = yield from either(lambda host: _ask_payment(host, key, payment_id), _HOST, _SANDBOX)
    result = text(told, "result")
    if result == "FAIL":
        return ()
    if result not in _PAID:
        refuse()  # an authorisation or what is under way is no money yet, and the message said that it is approved
    return _read_meanings(told, event.occurred_at, *event.links, live=live)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Payments that changed, and then refunds, whose payments may not have changed by them."""
    of_ours(CLOVER, parts_of(key, 2)[0], options)
    what, _, mark = (place.mark or _PAYMENTS).partition("/")
    start = int(mark or 0) if what in _LISTS and (mark or "0").isascii() and (mark or "0").isdigit() else refuse()
    told, live = yield from either(lambda host: _ask_list(host, key, what, place.since, start), _HOST, _SANDBOX)
    found = saying(entries(told, "elements"), "id", "result" if what == _PAYMENTS else "createdTime")
    payments, host = found, _HOST if live else _SANDBOX
    if what == _REFUNDS:
        of = dict.fromkeys(ident(each, "payment", "id") for each in found)
        payments = []
        for payment_id in filter(None, of):
            payments.append((yield from _ask_payment(host, key, payment_id)))
    listed = tuple(one for each in payments for one in _read_standing(each, place.at, live=live))
    if len(found) >= _LISTS[what]:
        return MissedPage(listed, f"{what}/{start + len(found)}", more=True)
    return MissedPage(listed, _REFUNDS, more=True) if what == _PAYMENTS else MissedPage(listed)


def _read_standing(payment: dict[str, Any], at: Instant, *, live: bool) -> tuple[Listed, ...]:
    if text(payment, "result") not in _PAID:
        return ()
    when = moment(payment, "createdTime", otherwise=at)
    return standing("PAYMENT", _read_meanings(payment, when, live=live), raw_of(payment))


def _read_meanings(told: dict[str, Any], at: Instant, *links: str, live: bool) -> tuple[Meaning, ...]:
    payment_id, currency = ident(told, "id"), find(told, "order", "currency")
    amount, amount_text = in_minor(find(told, "amount"), currency)
    claim = SaleClaim(payment_id, amount, number=ident(told, "externalReferenceId"), amount_text=amount_text)
    found = [Meaning(Kind.SALE, claim, at, links=links, live=live)]
    for refund in _read_refunds(told):
        back, unclear = in_minor(find(refund, "amount"), currency)
        given = RefundClaim(payment_id, back, ident(refund, "id") or payment_id, amount_text=unclear)
        found.append(Meaning(Kind.REFUND, given, moment(refund, "createdTime", otherwise=at), live=live))
    if text(told, "result") == "VOIDED":
        found.append(Meaning(Kind.REFUND, RefundClaim(payment_id, None, payment_id), at, live=live))
    return tuple(found)


def _ask_payment(host: str, key: str, payment_id: str) -> Asking[dict[str, Any]]:
    merchant, token = parts_of(key, 2)
    url = address(f"https://{host}/v3/merchants", merchant, _PAYMENTS, payment_id, expand=_EXPANDED)
    told = yield from ask(get(url, Authorization=bearer(token)))
    return told if ident(told, "id") == payment_id else refuse()


def _ask_list(host: str, key: str, what: str, since: Instant, start: int) -> Asking[dict[str, Any]]:
    merchant, token = parts_of(key, 2)
    payments = what == _PAYMENTS
    asked: dict[str, str | int | None] = {
        "filter": f"{'modifiedTime' if payments else 'createdTime'}>={since}",
        "expand": _EXPANDED if payments else None,
        "limit": _LISTS[what],
        "offset": start,
    }
    url = address(f"https://{host}/v3/merchants", merchant, what, **asked)
    return (yield from ask(get(url, Authorization=bearer(token))))


def _read_refunds(payment: dict[str, Any]) -> list[dict[str, Any]]:
    """Expanded fields stand within `elements`."""
    found = find(payment, "refunds", "elements")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


CLOVER_API = Api(
    provider="clover",
    key=KeyWords(
        label="merchant ID and API token",
        found="In Clover’s dashboard under Settings, View all settings, Business operations, API tokens.",
        scopes=("Payments: read", "Orders: read"),
        parts=2,
    ),
    hosts=(_HOST, _SANDBOX),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    keeps=90 * DAY,
)
