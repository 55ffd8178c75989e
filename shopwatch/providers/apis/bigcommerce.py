"""BigCommerce's API: orders, whose messages name no more than a number. Facts: docs.bigcommerce.com (orders v2, order
products, order refunds, API accounts)."""

from typing import Any

from shopwatch.domain.event import Event
from shopwatch.domain.money import from_decimal
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords
from shopwatch.providers.asking import address, ask, ask_list, called, filled, get, list_at, refuse
from shopwatch.providers.reading import MOST_ITEMS, Meaning, find, ident, in_decimals, items, joined, quantity, text

_HOST = "api.bigcommerce.com"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The order with its lines, or the refund."""
    del options
    store = called(event)[1]

    def of(version: str, *steps: str, **query: int) -> ApiRequest:
        return get(address(f"https://{_HOST}/stores", store, version, "orders", *steps, **query), X_Auth_Token=key)

    match event.claim:
        case SaleClaim(order_id=order_id):
            order = yield from ask(of("v2", order_id))
            lines = yield from ask_list(of("v2", order_id, "products", limit=MOST_ITEMS))
            return filled(event, _sale(order, order_id, lines))
        case RefundClaim(order_id=order_id) as claim:
            currency = text((yield from ask(of("v2", order_id))), "currency_code")
            told = yield from ask(of("v3", order_id, "payment_actions", "refunds"))
            return tuple(
                meaning
                for refund in list_at(told, "data")
                for meaning in filled(event, _refund(refund, order_id, currency))
                if ident(refund, "id") == claim.refund_id or claim.refund_id == order_id
            )
    refuse()


def _sale(order: dict[str, Any], order_id: str, lines: list[Any]) -> SaleClaim:
    if ident(order, "id") != order_id:
        refuse()
    currency, person = find(order, "currency_code"), find(order, "billing_address")
    amount, amount_text = in_decimals(find(order, "total_inc_tax"), currency)
    return SaleClaim(
        order_id=order_id,
        amount=amount,
        name=joined(text(person, "first_name"), text(person, "last_name")),
        email=text(person, "email"),
        items=items(lines, lambda line: _item(line, currency)),
        amount_text=amount_text,
    )


def _item(line: dict[str, Any], currency: Any) -> Item | None:
    name, unit = text(line, "name"), from_decimal(str(line.get("price_inc_tax")), currency)
    return Item(name, quantity(line.get("quantity")), unit) if name else None


def _refund(refund: Any, order_id: str, currency: str) -> RefundClaim:
    amount, amount_text = in_decimals(find(refund, "total_amount"), currency)
    return RefundClaim(order_id, amount, ident(refund, "id") or refuse(), amount_text=amount_text)


BIGCOMMERCE_API = Api(
    provider="bigcommerce",
    key=KeyWords(
        label="Access token",
        found="It is shown once, when you make the API account under Settings, API, Store-level API accounts.",
        scopes=("Orders: read-only",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
)
