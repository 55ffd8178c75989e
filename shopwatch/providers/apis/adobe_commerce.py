"""Adobe Commerce's and Magento's API, at the shop's own host: orders that changed. Facts: Magento 2's Sales module
(OrderInterface: what an order is told with, times in UTC without a zone, `total_paid` and `total_refunded` in the
currency of the order, and the same with `base_` in that of the shop) and developer.adobe.com/commerce/webapi ("Search
using REST endpoints"; "Token-based authentication": what the shop has to allow).

Beyond the last page it tells the last one again.
"""

from decimal import Decimal
from typing import Any

from shopwatch.domain.instant import DAY
from shopwatch.domain.messages.delivery import Headers
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import currency_code
from shopwatch.domain.sales.sale import RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Listed, MissedPage, Place, host_in
from shopwatch.providers.api_kit.pagination import entries, following, iso, moments, raw_of, saying, standing, step
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, refuse
from shopwatch.providers.kit.reading import Meaning, Message, find, in_decimals, moment
from shopwatch.providers.senders.adobe_commerce import SHOP, told

_PAGE = 50
_LISTED = "order"
_USUAL = {
    "order": "increment_id",
    "amount": "grand_total",
    "currency": "order_currency_code",
    "email": "customer_email",
    "items": "items",
}
_OTHERS = {
    "order": frozenset({"entity_id"}),
    "amount": frozenset({"base_grand_total"}),
    "currency": frozenset({"base_currency_code"}),
}
"""Members of an order that the owner's hook may tell instead of the usual ones."""
_BASE = "base_"


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Orders by the time of their last change."""
    when, number = here = step(place)
    since = iso(when)[:-1].replace("T", " ")
    asked = {
        "searchCriteria[filterGroups][0][filters][0][field]": "updated_at",
        "searchCriteria[filterGroups][0][filters][0][conditionType]": "gteq",
        "searchCriteria[filterGroups][0][filters][0][value]": since,
        "searchCriteria[sortOrders][0][field]": "updated_at",
        "searchCriteria[sortOrders][0][direction]": "ASC",
        "searchCriteria[sortOrders][1][field]": "entity_id",
        "searchCriteria[sortOrders][1][direction]": "ASC",
        "searchCriteria[pageSize]": str(_PAGE),
        "searchCriteria[currentPage]": str(number),
    }
    shop = host_in(options.get(SHOP, "")) or refuse()
    found = yield from ask(get(address(f"https://{shop}/rest/V1/orders", **asked), Authorization=bearer(key)))
    orders, total = (
        saying(entries(found, "items"), "increment_id", "entity_id", "updated_at"),
        find(found, "total_count"),
    )
    if type(total) is not int:
        refuse()
    names = _names(options)
    listed = tuple(one for each in orders for one in _read_order(each, names, place))
    if len(orders) < _PAGE or number * _PAGE >= total:
        return MissedPage(listed)
    return MissedPage(listed, following(here, *moments(orders, "updated_at")), more=True)


def _names(options: Options) -> Options:
    """Where in an order stands what the owner's hook tells: by the same names, and by the usual ones where that is not
    known."""
    last = {name: options.get(name, "").strip().rpartition(".")[2] for name in _USUAL}
    names = {name: last[name] if last[name] in _OTHERS.get(name, ()) else usual for name, usual in _USUAL.items()}
    fixed = currency_code(options.get("currency", ""))
    return names | ({"currency": fixed} if fixed else {})


def _read_order(order: dict[str, Any], names: Options, place: Place) -> tuple[Listed, ...]:
    """What is paid in full, as of the time when it was ordered, for when it was paid is not told; and all that was
    given back of it so far."""
    if not _is_paid(order):
        return ()
    at = moment(order, "created_at", otherwise=place.at)
    sold = told(Message(order, Headers(), _LISTED, at, options=names))
    if sold is None or not isinstance(sold.claim, SaleClaim):
        return ()
    return standing(_LISTED, (sold, _given_back(order, names, sold.claim.order_id, place)), raw_of(order))


def _is_paid(order: dict[str, Any]) -> bool:
    paid, wanted = _read_number(order.get("total_paid")), _read_number(order.get("grand_total"))
    return paid is not None and wanted is not None and paid >= wanted > 0


def _given_back(order: dict[str, Any], names: Options, order_id: str, place: Place) -> Meaning | None:
    base = _BASE if names["amount"].startswith(_BASE) else ""
    back = order.get(f"{base}total_refunded")
    if not _read_number(back):
        return None
    currency = order.get("base_currency_code" if base else "order_currency_code")
    amount, unclear = in_decimals(back, currency_code(names["currency"]) or currency)
    claim = RefundClaim(order_id, amount, order_id, cumulative=True, partial=amount is None, amount_text=unclear)
    return Meaning(Kind.REFUND, claim, moment(order, "updated_at", otherwise=place.at))


def _read_number(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


ADOBE_COMMERCE_API = Api(
    provider="adobe-commerce",
    key=KeyWords(
        label="access token of an integration",
        found="In your shop’s admin under System, Integrations: add one that may see Sales, and activate it.",
        scopes=("Sales",),
        refused=(
            "Since version 2.4.4 the shop has to allow such tokens by themselves: under Stores, Configuration, "
            "Services, OAuth, Consumer Settings."
        ),
    ),
    own_host=SHOP,
    missed=_ask_missed,
    # In which time zone a shop takes the time that is asked by, depends on its server.
    overlap=DAY,
)
