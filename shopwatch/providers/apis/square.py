"""Square's API: what an order was of. Facts: developer.squareup.com (Retrieve order, Sandbox, access tokens)."""

from typing import Any

from shopwatch.domain.event import Event
from shopwatch.domain.money import from_minor
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, filled, get, list_at, sold
from shopwatch.providers.reading import Meaning, find, items, quantity, text

_HOST, _SANDBOX = "connect.squareup.com", "connect.squareupsandbox.com"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The lines of the order."""
    del options
    order_id = sold(event).order_id
    host = _HOST if event.live else _SANDBOX
    told = yield from ask(get(address(f"https://{host}/v2/orders", order_id), Authorization=bearer(key)))
    # An order for a bare amount has no lines.
    lines = list_at(told, "order", "line_items") if find(told, "order", "line_items") is not None else []
    return filled(event, SaleClaim(order_id, None, items=items(lines, _item)))


def _item(line: dict[str, Any]) -> Item | None:
    price = line.get("base_price_money")
    unit = from_minor(find(price, "amount"), find(price, "currency"))
    name = text(line, "name") or text(line, "variation_name")
    return Item(name, quantity(line.get("quantity")), unit) if name else None


SQUARE_API = Api(
    provider="square",
    key=KeyWords(
        label="Access token",
        found="In Square's developer console: open your application, then Credentials.",
        scopes=("ORDERS_READ",),
        prefixes=("EAAA",),
    ),
    hosts=(_HOST, _SANDBOX),
    fetch=_fetch,
)
