"""GoCardless's API: payments, refunds, who paid, and events. Facts: gocardless-nodejs 10.1.2 (Payment, Refund, Mandate,
Customer, Event and their lists; the two hosts; API version 2015-07-06)."""

from typing import Any

from msgspec.structs import replace

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeClaim, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import (
    Api,
    ApiFailure,
    ApiProblem,
    ApiRequest,
    ApiResponse,
    Asking,
    KeyWords,
    MissedPage,
    Place,
)
from shopwatch.providers.api_kit.pagination import entries, iso, messages, objects, saying
from shopwatch.providers.api_kit.requests import address, ask, bearer, called, get, pages, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, in_minor, joined, text
from shopwatch.providers.senders.gocardless import CONFIRMED, FAILED, GOCARDLESS

_LIVE, _SANDBOX = "api.gocardless.com", "api-sandbox.gocardless.com"
_SANDBOX_KEY = "sandbox_"
_PAGE = 500
_MOST = 2_000
_LISTS = ("payments", "refunds")
_RETURNED = frozenset({"refunds.failed", "refunds.funds_returned"})


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    del options
    what, thing_id = called(event)[-2:]
    if what == "refunds":
        return _read_refund(event, key, (yield from _ask_one(key, "refunds", thing_id)))
    if event.claim is None:
        return (yield from _ask_failure(event, key, thing_id))
    payment = yield from _ask_one(key, "payments", thing_id)
    sold = yield from _ask_sale(key, payment)
    if isinstance(event.claim, DisputeClaim):
        case = replace(event.claim, amount=sold.amount, amount_text=sold.amount_text)
        return (_read_meaning(event, key, Kind.DISPUTE, case), _read_meaning(event, key, Kind.SALE, sold))
    course = yield from _ask_history(key, thing_id)
    undone = [RefundClaim(thing_id, None, each, failed=True) for each in _lost(course, before=event.id)]
    return (
        _read_meaning(event, key, Kind.SALE, sold),
        *(_read_meaning(event, key, Kind.REFUND, each) for each in undone),
    )


def _ask_sale(key: str, payment: dict[str, Any]) -> Asking[SaleClaim]:
    amount, amount_text = _read_money(payment)
    person = yield from _ask_customer(key, ident(payment, "links", "mandate"))
    name = joined(text(person, "given_name"), text(person, "family_name")) or text(person, "company_name")
    email = text(person, "email")
    return SaleClaim(ident(payment, "id"), amount, name=name, email=email, amount_text=amount_text)


def _ask_customer(key: str, mandate_id: str) -> Asking[dict[str, Any]]:
    """Who pays by this mandate; nobody where that is told no more."""
    try:
        mandate = (yield from _ask_one(key, "mandates", mandate_id)) if mandate_id else {}
        customer_id = ident(mandate, "links", "customer")
        return (yield from _ask_one(key, "customers", customer_id)) if customer_id else {}
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.NOT_FOUND:
            raise
        return {}


def _read_refund(event: Event, key: str, refund: dict[str, Any]) -> tuple[Meaning, ...]:
    """One that is of no payment, but of a mandate, is of no sale."""
    payment = ident(refund, "links", "payment")
    if not payment:
        return ()
    amount, amount_text = _read_money(refund)
    failed = event.type in _RETURNED
    claim = RefundClaim(payment, amount, ident(refund, "id"), failed=failed, amount_text=amount_text)
    return (_read_meaning(event, key, Kind.REFUND, claim),)


def _ask_failure(event: Event, key: str, payment_id: str) -> Asking[tuple[Meaning, ...]]:
    """A payment that failed after it was confirmed is given back, unless it was tried again and is confirmed now."""
    course = yield from _ask_history(key, payment_id)
    if event.id not in _lost(course):
        return ()
    return (_read_meaning(event, key, Kind.REFUND, RefundClaim(payment_id, None, event.id)),)


def _ask_history(key: str, payment_id: str) -> Asking[list[tuple[str, str]]]:
    """The events of a payment, the first to happen first: id and type."""

    def page_request(mark: str | None) -> ApiRequest:
        return _get_request(key, "events", payment=payment_id, limit=_PAGE, after=mark)

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        mark = _next_page(told)
        return page_request(mark) if mark else None

    told = objects((yield from pages(page_request(None), following, "events", most=_MOST)))
    found = saying(told, "id", "resource_type", "action", "created_at")[::-1]
    ordered = sorted(found, key=lambda each: text(each, "created_at"))
    return [(text(each, "id"), f"{text(each, 'resource_type')}.{text(each, 'action')}") for each in ordered]


def _lost(course: list[tuple[str, str]], before: str = "") -> list[str]:
    """The failures that took back a confirmed payment, and that no later confirmation has made good; with `before`,
    those that the confirmation of this id makes good."""
    lost: list[str] = []
    stands = False
    for event_id, event_type in course:
        if event_type == CONFIRMED:
            if event_id == before:
                return lost
            stands, lost = True, lost if before else []
        elif event_type == FAILED and stands:
            stands = False
            lost.append(event_id)
    return [] if before else lost


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Events of payments, then those of refunds, the newest first."""
    what, _, mark = (place.mark or _LISTS[0]).partition("/")
    if what not in _LISTS:
        refuse()
    since = {"created_at[gte]": iso(place.since)}
    told = yield from ask(_get_request(key, "events", resource_type=what, limit=_PAGE, after=mark or None, **since))
    found = saying(entries(told, "events"), "id", "resource_type", "action")
    listed = messages(GOCARDLESS, ({"events": [each]} for each in found), place.at, options=options)
    if following := _next_page(told):
        return MissedPage(listed, f"{what}/{following}", more=True)
    return MissedPage(listed, _LISTS[1], more=True) if what == _LISTS[0] else MissedPage(listed)


def _ask_one(key: str, what: str, thing_id: str) -> Asking[dict[str, Any]]:
    told = find((yield from ask(_get_request(key, what, thing_id))), what)
    return told if isinstance(told, dict) and ident(told, "id") == thing_id else refuse()


def _get_request(key: str, *steps: str, **query: str | int | None) -> ApiRequest:
    host = _SANDBOX if key.startswith(_SANDBOX_KEY) else _LIVE
    url = address(f"https://{host}", *steps, **query)
    return get(url, Authorization=bearer(key), GoCardless_Version="2015-07-06")


def _next_page(told: dict[str, Any]) -> str:
    """Where the list goes on; empty at its end."""
    return text(told, "meta", "cursors", "after")


def _read_money(told: dict[str, Any]) -> tuple[Money | None, str]:
    """Every currency of GoCardless's has hundredths."""
    return in_minor(told.get("amount"), told.get("currency"))


def _read_meaning(event: Event, key: str, kind: Kind, claim: SaleClaim | RefundClaim | DisputeClaim) -> Meaning:
    return Meaning(kind, claim, event.occurred_at, live=not key.startswith(_SANDBOX_KEY))


GOCARDLESS_API = Api(
    provider="gocardless",
    key=KeyWords(
        label="access token",
        found="In GoCardless under Developers, Create, Access token. Read-only access is enough.",
        prefixes=("live_", _SANDBOX_KEY),
    ),
    hosts=(_LIVE, _SANDBOX),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
)
