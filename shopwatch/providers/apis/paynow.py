"""PayNow's API: orders since a time, and endpoints. Facts: docs.paynow.gg (Management API: orders, webhooks; flake ids;
authentication), and the definitions of @paynow-gg/typescript-sdk."""

from shopwatch.domain.clock import DAY, Instant
from shopwatch.domain.event import Kind
from shopwatch.domain.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, Listed, Page, Place
from shopwatch.providers.asking import address, ask_list, get, parts_of, refuse
from shopwatch.providers.endpoints import Wanted
from shopwatch.providers.listing import last_id, objects, raw_of, standing, states
from shopwatch.providers.paynow import PAYNOW
from shopwatch.providers.reading import LONGEST_ANSWER, Meaning, ident, moment, text
from shopwatch.providers.registering import Hook, Register, Types, deleted, endpoints, sending, written

_HOST = "api.paynow.gg"
_PAGE = 50
_EPOCH: Instant = 1_645_568_542_000
_ORDER = "ON_ORDER_COMPLETED"
# Payments come as orders as well, and the steps of a chargeback are in no published list of what can be subscribed to.
_TYPES = PAYNOW.setup.events
_JSON = "json_v1"


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders in the order of their ids, which tell when they were begun; to be paid may take its time."""
    del options
    store, token = parts_of(key, 2)
    after = place.mark or str(max(0, place.since - _EPOCH) << 22)
    url = address(f"https://{_HOST}/v1/stores", store, "orders", limit=_PAGE, after=after, asc="true")
    orders = objects((yield from ask_list(get(url, Authorization=f"APIKey {token}"))))
    paid = states(PAYNOW, _ORDER, orders, place.at, body=lambda order: {"body": order})
    refunded = tuple(each for order in orders if text(order, "status") == "refunded" for each in _refund(order, place))
    # How many come at most is nowhere said, so the end is where none come.
    return Page(paid + refunded, last_id(orders, "id") if orders else "", bool(orders))


def _refund(order: dict[str, object], place: Place) -> tuple[Listed, ...]:
    """The order says that it was given back, but neither when nor how much."""
    order_id = ident(order, "id") or refuse()
    claim = RefundClaim(order_id, None, order_id)
    at = moment(order, "completed_at", "created_at", otherwise=place.at)
    return standing("ON_REFUND", (Meaning(Kind.REFUND, claim, at),), raw_of(order))


def _opened(key: str, options: Options) -> Asking[Register]:
    """The subscriptions of the store, each of one type of event. They have no state, and nothing in them is changed:
    what is not right is made anew, with another secret."""
    del options
    store, token = parts_of(key, 2)
    url, shown = address(f"https://{_HOST}/v1/stores", store, "webhooks"), f"APIKey {token}"

    def add(wanted: Wanted, types: Types) -> Asking[Hook]:
        told = {"url": wanted.url, "subscribed_to": _named(types[0]), "type": _JSON}
        made = _hook((yield from written(sending("POST", url, told, Authorization=shown))))
        return made if made.secret else refuse()

    def drop(hook_id: str) -> Asking[None]:
        return deleted(ApiRequest("DELETE", address(url, hook_id), {"Authorization": shown}))

    found = objects((yield from ask_list(get(url, Authorization=shown))))
    return Register([_hook(each) for each in found if text(each, "type") == _JSON], add, drop)


def _hook(told: dict[str, object]) -> Hook:
    named = text(told, "subscribed_to")
    return Hook(
        ident(told, "id") or refuse(),
        text(told, "url", most=LONGEST_ANSWER),
        # What it is subscribed to is spelt in another way than what its messages say.
        frozenset(each for each in _TYPES if named in (each, _named(each))),
        secret=text(told, "secret"),
    )


def _named(event_type: str) -> str:
    return "".join(part.capitalize() for part in event_type.split("_"))


PAYNOW_API = Api(
    provider="paynow",
    key=KeyWords(
        label="store ID and API key",
        found="Both are in PayNow's dashboard: the store ID in the settings, the key under API keys.",
        scopes=("Orders: read",),
        parts=2,
    ),
    hosts=(_HOST,),
    missed=_missed,
    overlap=DAY,
    endpoints=endpoints(_opened, _TYPES, each=True, scopes=("Webhooks: read, create, delete",)),
)
