"""PayNow's API: orders since a time. Facts: docs.paynow.gg (Management API: orders; flake ids; authentication)."""

from shopwatch.domain.clock import DAY, Instant
from shopwatch.domain.event import Kind
from shopwatch.domain.sale import RefundClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Listed, Page, Place
from shopwatch.providers.asking import address, ask_list, get, parts_of, refuse
from shopwatch.providers.listing import last_id, objects, raw_of, standing, states
from shopwatch.providers.paynow import PAYNOW
from shopwatch.providers.reading import Meaning, ident, moment, text

_HOST = "api.paynow.gg"
_PAGE = 50
_EPOCH: Instant = 1_645_568_542_000
_ORDER = "ON_ORDER_COMPLETED"


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
)
