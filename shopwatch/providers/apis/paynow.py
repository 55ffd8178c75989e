"""PayNow's API: orders since a time, what was given back, what could not be delivered, and endpoints. Facts:
docs.paynow.gg (Management API: orders, payments, webhooks; flake ids; authentication), and the definitions of
@paynow-gg/typescript-sdk."""

from dataclasses import dataclass, field
from typing import Any

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, Listed, MissedPage, Place
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, last_id, objects, of_ours, raw_of, standing, states
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, deleted, endpoints, sending, written
from shopwatch.providers.api_kit.requests import address, ask, ask_list, get, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, Meaning, find, ident, moment, text
from shopwatch.providers.senders.paynow import PAYNOW

_HOST = "api.paynow.gg"
_PAGE = 50
_EPOCH: Instant = 1_645_568_542_000
_ORDER, _REFUND = "ON_ORDER_COMPLETED", "ON_REFUND"
# Payments come as orders as well, and the steps of a chargeback are in no published list of what can be subscribed to.
_TYPES = PAYNOW.setup.events
_JSON = "json_v1"
_GIVEN_BACK = {"refunded": _REFUND, "chargeback": "ON_CHARGEBACK"}
"""The states of a payment that went back, and the message that would have told."""
_FAILED = "failed"
_MAY_GO_BACK = 120 * DAY
"""For so long after it was made a payment is looked at again."""
_MOST_FAILED = 10
"""Pages of failed messages of one subscription that are read in one look."""


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders, then payments that went back, then messages that PayNow could not deliver. The first two are known by
    their ids, which tell when they were begun; to be paid, or given back, may take its time.

    The mark says which of the three, and where in it; of orders only the id of the last one.
    """
    store, token = parts_of(key, 2)
    of_ours(PAYNOW, store, options)
    shop = _Shop(address(f"https://{_HOST}/v1/stores", store), f"APIKey {token}")
    what, *where = place.mark.split("/")
    if what in _GIVEN_BACK and len(where) == 1:
        return (yield from _went_back(place, shop, what, where[0]))
    if what == _FAILED and len(where) == 2:
        return (yield from _ask_undelivered(place, shop, *where))
    return (yield from _ask_orders(place, shop))


@dataclass(frozen=True, slots=True)
class _Shop:
    url: str
    shown: str = field(repr=False)

    def call(self, *steps: str, **query: str | int | None) -> ApiRequest:
        return get(address(self.url, *steps, **query), Authorization=self.shown)


def _ask_orders(place: Place, shop: _Shop) -> Asking[MissedPage]:
    """How many come at most is nowhere said, so the end is where none come."""
    after = place.mark or _begun(place.since)
    orders = objects((yield from ask_list(shop.call("orders", limit=_PAGE, after=after, asc="true"))))
    told = states(PAYNOW, _ORDER, orders, place.at, body=lambda order: {"body": order})
    for order in orders:
        if text(order, "status") == "refunded":
            told += yield from _given_back(order, place, shop)
    return MissedPage(told, str(_last_number(orders, above=_flake_number(after))) if orders else "refunded/", more=True)


def _given_back(order: dict[str, Any], place: Place, shop: _Shop) -> Asking[tuple[Listed, ...]]:
    """The order says that it was given back, but neither when nor how much; its payments say both."""
    order_id = ident(order, "id") or refuse()
    payments = yield from _if_allowed(ask_list(shop.call("payments", limit=_PAGE, order_id=order_id)), [])
    if told := tuple(each for payment in objects(payments) for each in _read_refunds(payment, place)):
        return told
    at = moment(order, "completed_at", "created_at", otherwise=place.at)
    meaning = Meaning(Kind.REFUND, RefundClaim(order_id, None, order_id), at)
    return standing(_REFUND, (meaning,), raw_of(order))


def _went_back(place: Place, shop: _Shop, what: str, before: str) -> Asking[MissedPage]:
    """Payments of one state, the newest first."""
    asked = shop.call("payments", limit=_PAGE, status=what, before=before or None, asc="false")
    payments = objects((yield from _if_allowed(ask_list(asked), [])))
    if what == "refunded":
        told = tuple(each for payment in payments for each in _read_refunds(payment, place))
    else:
        told = states(PAYNOW, _GIVEN_BACK[what], payments, place.at, body=lambda payment: {"body": payment})
    last = _last_number(payments, below=_flake_number(before) if before else None) if payments else 0
    if last > int(_begun(place.since - _MAY_GO_BACK)):
        return MissedPage(told, f"{what}/{last}", more=True)
    return MissedPage(told, "chargeback/" if what == "refunded" else f"{_FAILED}//", more=True)


def _read_refunds(payment: dict[str, Any], place: Place) -> tuple[Listed, ...]:
    """Refunds name their payment, and it names the order."""
    told = find(payment, "refunds")
    refunds = [each for each in (told if isinstance(told, list) else ()) if isinstance(each, dict)]
    order = {"order_id": find(payment, "order_id")}
    return states(PAYNOW, _REFUND, refunds, place.at, body=lambda refund: {"body": refund | order})


def _ask_undelivered(place: Place, shop: _Shop, hook: str, number: str) -> Asking[MissedPage]:
    """One page of what could not be delivered to one subscription, and then to the next one. In which order it comes is
    nowhere said, nor by which number pages begin, so all of it is read, and each page is told by the one before it."""
    found = objects((yield from _if_allowed(ask_list(shop.call("webhooks")), [])))
    hooks = sorted(ident(each, "id") for each in found if text(each, "type") == _JSON)
    if not hook and not hooks:
        return MissedPage(())
    hook = hook or hooks[0]
    asked = shop.call("webhooks", hook, "history", state="failed", page=number or None)
    told = yield from _if_allowed(ask(asked), {"history": []})
    history, page = entries(told, "history"), find(told, "page")
    listed = tuple(one for each in history for one in _read_message(each, place))
    if history and type(page) is int and number in ("", str(page)) and 0 <= page < _MOST_FAILED:
        return MissedPage(listed, f"{_FAILED}/{hook}/{page + 1}", more=True)
    following = next((each for each in hooks if each > hook), "")
    return MissedPage(listed, f"{_FAILED}/{following}/", more=True) if following else MissedPage(listed)


def _read_message(entry: dict[str, Any], place: Place) -> tuple[Listed, ...]:
    """What the message would have told. Whether its payload is all of it, or what it is about, is nowhere said."""
    event_type, payload = text(entry, "event").upper(), find(entry, "payload")
    if event_type not in PAYNOW.readers or not isinstance(payload, dict):
        return ()
    about = payload.get("body", payload)
    at = moment(entry, "created_at", otherwise=place.at)
    return states(PAYNOW, event_type, (about,), at, body=lambda each: {"body": each}) if isinstance(about, dict) else ()


def _if_allowed[T](asking: Asking[T], otherwise: T) -> Asking[T]:
    """`otherwise` where the key may not see it: what it adds to the orders may come by itself."""
    try:
        return (yield from asking)
    except ApiFailure as failure:
        if failure.problem not in (ApiProblem.KEY_NARROW, ApiProblem.NOT_FOUND):
            raise
        return otherwise


def _last_number(told: list[dict[str, Any]], *, above: int | None = None, below: int | None = None) -> int:
    """The id of the last entry, after which the list goes on. A list that does not is none that can be followed."""
    found = _flake_number(last_id(told, "id"))
    if (above is not None and found <= above) or (below is not None and found >= below):
        refuse()
    return found


def _flake_number(flake: str) -> int:
    return int(flake) if flake.isascii() and flake.isdigit() else refuse()


def _begun(at: Instant) -> str:
    """The smallest id of that time."""
    return str(max(0, at - _EPOCH) << 22)


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions of the store, each of one type of event. They have no state, and nothing in them is changed:
    what is not right is made anew, with another secret."""
    del options
    store, token = parts_of(key, 2)
    url, shown = address(f"https://{_HOST}/v1/stores", store, "webhooks"), f"APIKey {token}"

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"url": wanted.url, "subscribed_to": _event_name(types[0]), "type": _JSON}
        made = _read_hook((yield from written(sending("POST", url, told, Authorization=shown))))
        return made if made.secret else refuse()

    def drop_hook(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"Authorization": shown}))

    found = objects((yield from ask_list(get(url, Authorization=shown))))
    return EndpointRegister([_read_hook(each) for each in found if text(each, "type") == _JSON], add_hook, drop_hook)


def _read_hook(told: dict[str, object]) -> Hook:
    named = text(told, "subscribed_to")
    return Hook(
        ident(told, "id") or refuse(),
        text(told, "url", most=LONGEST_ANSWER),
        # What it is subscribed to is spelt in another way than what its messages say.
        frozenset(each for each in _TYPES if named in (each, _event_name(each))),
        secret=text(told, "secret"),
    )


def _event_name(event_type: str) -> str:
    return "".join(part.capitalize() for part in event_type.split("_"))


PAYNOW_API = Api(
    provider="paynow",
    key=KeyWords(
        label="store ID and API key",
        found="Both are in PayNow’s dashboard: the store ID in the settings, the key under API keys.",
        scopes=("Orders: read", "Payments: read", "Webhooks: read"),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_ask_missed,
    overlap=DAY,
    endpoints=endpoints(_open_register, _TYPES, each=True, scopes=("Webhooks: create, delete",)),
)
