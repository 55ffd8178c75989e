"""WooCommerce's API, at the shop's own host: orders that changed. Facts: WooCommerce REST API reference (orders,
authentication)."""

from typing import Any

from shopwatch.domain.clock import SECOND
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place, host_in
from shopwatch.providers.asking import address, ask_list, basic, get, parts_of, refuse
from shopwatch.providers.listing import following, iso, last_moment, objects, states, step
from shopwatch.providers.reading import text
from shopwatch.providers.woocommerce import SHOP, WOOCOMMERCE

_PAGE = 50
_SOLD = frozenset({"processing", "completed", "refunded"})


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Orders by the time of their last change. Of an order with refunds its message tells only those, so that it was
    paid is told beside them."""
    user, password = parts_of(key, 2)
    shop, here = host_in(options.get(SHOP, "")) or refuse(), step(place)
    url = address(
        f"https://{shop}/wp-json/wc/v3/orders",
        modified_after=iso(here[0] - SECOND),
        dates_are_gmt="true",
        orderby="modified",
        order="asc",
        per_page=_PAGE,
        page=here[1],
    )
    orders = objects((yield from ask_list(get(url, Authorization=basic(user, password)))))
    told = states(WOOCOMMERCE, "order.updated", orders, place.at, body=_as_paid)
    told += states(WOOCOMMERCE, "order.updated", orders, place.at)
    if len(orders) < _PAGE:
        return Page(told)
    return Page(told, following(here, last_moment(orders, "date_modified_gmt")), more=True)


def _as_paid(order: dict[str, Any]) -> dict[str, Any]:
    paid = {"status": "completed"} if text(order, "status") in _SOLD else {}
    return order | {"refunds": []} | paid


WOOCOMMERCE_API = Api(
    provider="woocommerce",
    key=KeyWords(
        label="consumer key and consumer secret",
        found="In your WordPress under WooCommerce, Settings, Advanced, REST API: add a key.",
        scopes=("Read",),
        prefixes=("ck_",),
        parts=2,
    ),
    own_host=SHOP,
    missed=_missed,
)
