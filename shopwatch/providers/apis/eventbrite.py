"""Eventbrite's API: orders, which its messages only hint at, and webhooks. Facts: Eventbrite's own description of its
API v3 (eventbriteapiv3public.apib, as vishalsachdev/eventbrite-mcp 1385813 keeps it: "Retrieve Order by ID", "List
Orders by Organization ID", "List your Organizations", the order, the attendee and their costs; "Refund Request
Fields", "Refund Item Fields" and the expansion refund_requests; webhooks created, listed and deleted; pagination,
common errors).

Which words an order's status has beside those of an order on its way is not published. Whether a ticket was given back
is said of each attendee, and how much of the order in its refund requests; whether those are there for what an
organizer gives back without being asked, is not said.
"""

from collections import Counter
from typing import Any

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, RefundClaim, SaleClaim
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
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, has_more, iso, objects, raw_of, saying, standing
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
from shopwatch.providers.api_kit.requests import address, bearer, get, pages, read_object, refuse
from shopwatch.providers.kit.reading import (
    LONGEST_ANSWER,
    MOST_ITEMS,
    Meaning,
    Unreadable,
    find,
    ident,
    in_minor,
    moment,
    parse,
    quantity,
    text,
)
from shopwatch.providers.senders.eventbrite import EVENTBRITE, ORDERS, PLACED

_HOST = "www.eventbriteapi.com"
_EXPANDED = "attendees,refund_requests"
_MOST = 10_000
_LONGEST_TOKEN = 4_096
_NO_KEY = frozenset({"INVALID_AUTH", "INVALID_AUTH_HEADER"})


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """All that the order has come to. Anybody can hint at an order of others, which is none of ours: it is as good as
    not there."""
    del options
    order_id = event.claim.order_id if event.claim is not None else event.id
    try:
        order = yield from _ask_json(key, _list_url("orders", order_id, expand=_EXPANDED))
    except ApiFailure as failure:
        if failure.problem is ApiProblem.KEY_NARROW:
            raise ApiFailure(ApiProblem.NOT_FOUND) from None
        raise
    if ident(order, "id") != order_id or not text(order, "status"):
        refuse()
    return _read_order(order, moment(order, "created", otherwise=event.occurred_at))


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders that changed since then, of one organization after another."""
    del options
    organization, _, token = place.mark.partition("/")
    organizations = yield from _ask_organizations(key)
    here = next((each for each in organizations if each >= organization), "")
    if not here:
        return MissedPage(())
    asked = {"changed_since": iso(place.since), "expand": _EXPANDED}
    if token and here == organization:
        asked["continuation"] = token
    told = yield from _ask_json(key, _list_url("organizations", here, "orders", **asked))
    orders = saying(entries(told, "orders"), "id", "status")
    listed = tuple(
        one
        for each in orders
        for one in standing(PLACED, _read_order(each, moment(each, "created", otherwise=place.at)), raw_of(each))
    )
    if following := _next_page(told):
        return MissedPage(listed, f"{here}/{following}", more=True) if following != token else refuse()
    others = [each for each in organizations if each > here]
    return MissedPage(listed, others[0] if others else "", bool(others))


def _ask_organizations(key: str) -> Asking[list[str]]:
    """Those that the key's owner is a member of, in order."""
    told = yield from _ask_listed(key, "organizations", "users", "me", "organizations")
    return sorted({ident(each, "id") for each in saying(told, "id")})


def _ask_listed(key: str, name: str, *steps: str) -> Asking[list[dict[str, Any]]]:
    """The objects under `name` on all pages."""

    def page_request(token: str | None) -> ApiRequest:
        return get(_list_url(*steps, continuation=token), Authorization=bearer(key))

    def following(told: dict[str, Any], _: ApiResponse) -> ApiRequest | None:
        token = _next_page(told)
        return page_request(token) if token else None

    return objects((yield from _try_fitting(pages(page_request(None), following, name, most=_MOST))))


def _next_page(told: dict[str, Any]) -> str:
    """What the next page is asked for by; empty on the last one."""
    if not has_more(told, "pagination", "has_more_items"):
        return ""
    return text(told, "pagination", "continuation", most=_LONGEST_TOKEN) or refuse()


def _ask_json(key: str, url: str) -> Asking[dict[str, Any]]:
    def one() -> Asking[dict[str, Any]]:
        return read_object((yield get(url, Authorization=bearer(key))))

    return (yield from _try_fitting(one()))


def _try_fitting[T](asking: Asking[T]) -> Asking[T]:
    """The same, but that a key which is none is answered 400."""
    step = next(asking)
    while True:
        response = yield step
        if response.status == 400 and _api_error(response) in _NO_KEY:
            raise ApiFailure(ApiProblem.KEY_REFUSED)
        try:
            step = asking.send(response)
        except StopIteration as ended:
            found: T = ended.value
            return found


def _api_error(response: ApiResponse) -> str:
    try:
        return text(parse(response.body), "error")
    except Unreadable:
        return ""


def _list_url(*steps: str, **query: str | None) -> str:
    """Its addresses end in a slash; without it the answer is another address."""
    return address(f"{address(f'https://{_HOST}/v3', *steps)}/", **query)


def _read_order(order: dict[str, Any], at: Instant) -> tuple[Meaning, ...]:
    """The sale, and beside it what was given back."""
    order_id = ident(order, "id")
    found: list[Meaning] = []
    tickets = _read_tickets(order)
    if text(order, "status") == "placed":
        amount, unclear = _read_gross(order)
        claim = SaleClaim(
            order_id=order_id,
            amount=amount,
            name=text(order, "name"),
            email=text(order, "email"),
            items=_read_items(tickets),
            amount_text=unclear,
        )
        found.append(Meaning(Kind.SALE, claim, at))
    back = [each for each in tickets if each.get("refunded") is True]
    given = _given_back(order, len(back))
    if given is not None:
        found.append(Meaning(Kind.REFUND, RefundClaim(order_id, given, order_id, cumulative=True), at))
    elif back:
        refund = RefundClaim(order_id, None, order_id, partial=len(back) < len(tickets))
        found.append(Meaning(Kind.REFUND, refund, at))
    return tuple(found)


def _given_back(order: dict[str, Any], tickets: int) -> Money | None:
    """All that went back so far; None where nothing did, or not all of it is told: it must account for each of the
    `tickets` that were given back."""
    told = find(order, "refund_requests")
    requests = told if isinstance(told, list) else [told]
    items = [each for request in requests for each in _read_entries(request, "items")]
    done = [each for each in items if text(each, "status") == "processed"]
    sums = [_read_amount(find(each, "amount_processed"))[0] for each in done]
    known = [each for each in sums if each is not None]
    whole = any(text(each, "item_type") == "order" for each in done)
    counted = sum(quantity(each.get("quantity_processed")) for each in done if text(each, "item_type") == "attendee")
    sure = len(known) == len(sums) and len({each.currency for each in known}) == 1 and (whole or counted >= tickets)
    return Money(sum(each.minor for each in known), known[0].currency) if sure else None


def _read_entries(told: Any, name: str) -> list[dict[str, Any]]:
    listed = find(told, name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _read_tickets(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Each attendee has one."""
    return _read_entries(order, "attendees")


def _read_items(tickets: list[dict[str, Any]]) -> tuple[Item, ...]:
    sold = Counter((text(each, "ticket_class_name"), _read_gross(each)[0]) for each in tickets)
    return tuple(Item(name, count, unit) for (name, unit), count in sold.items() if name)[:MOST_ITEMS]


def _read_gross(told: dict[str, Any]) -> tuple[Money | None, str]:
    """All that the buyer was charged, in the smallest units of ISO 4217."""
    return _read_amount(find(told, "costs", "gross"))


def _read_amount(told: Any) -> tuple[Money | None, str]:
    return in_minor(find(told, "value"), find(told, "currency"))


def _open_register(key: str, options: Options) -> Asking[tuple[EndpointRegister, ...]]:
    """The webhooks of each organization. None can be changed."""
    del options
    registers = []
    for organization in (yield from _ask_organizations(key)):
        register = yield from _open_register_of(organization, key)
        registers.append(register)
    return tuple(registers)


def _open_register_of(organization: str, key: str) -> Asking[EndpointRegister]:
    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {"endpoint_url": wanted.url, "actions": ",".join(types)}
        url = _list_url("organizations", organization, "webhooks")
        return _read_hook((yield from written(sending("POST", url, body, Authorization=bearer(key)))))

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", _list_url("webhooks", hook_id), {"Authorization": bearer(key)}))

    told = yield from _ask_listed(key, "webhooks", "organizations", organization, "webhooks")
    return EndpointRegister([_read_hook(each) for each in told], add_hook, drop_hook)


def _read_hook(told: dict[str, Any]) -> Hook:
    """One that is for a single event tells nothing of the others."""
    types = words(find(told, "actions")) if not ident(told, "event_id") else frozenset[str]()
    return Hook(ident(told, "id"), text(told, "endpoint_url", most=LONGEST_ANSWER), types)


EVENTBRITE_API = Api(
    provider=EVENTBRITE.id,
    key=KeyWords(
        label="Private token",
        found="In Eventbrite under Account Settings, Developer Links, API Keys: the private token of a key.",
    ),
    hosts=(_HOST,),
    needed=True,
    fetch=_fetch_details,
    missed=_ask_missed,
    endpoints=endpoints(_open_register, ORDERS),
)
