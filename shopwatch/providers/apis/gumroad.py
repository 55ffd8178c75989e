"""Gumroad's API: sales. Facts: gumroad.com/api (sales, scopes), and the sender itself (antiwork/gumroad)."""

from typing import Any

from shopwatch.domain.clock import DAY
from shopwatch.domain.event import Kind
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import address, ask, bearer, get, refuse
from shopwatch.providers.gumroad import CURRENCY
from shopwatch.providers.listing import entries, iso, raw_of, standing
from shopwatch.providers.reading import Meaning, find, ident, in_minor, moment, quantity, text

_HOST = "api.gumroad.com"


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """Sales by the day on which they were made, with whether they were given back."""
    del options
    url = address(f"https://{_HOST}/v2/sales", after=iso(place.since - DAY)[:10], page_key=place.mark or None)
    told = yield from ask(get(url, Authorization=bearer(key)))
    listed = tuple(
        each for sold in entries(told, "sales") for each in standing("sale", _meanings(sold, place), raw_of(sold))
    )
    mark = ident(told, "next_page_key")
    return Page(listed, mark, bool(mark))


def _meanings(sold: dict[str, Any], place: Place) -> tuple[Meaning, ...]:
    order_id, at = ident(sold, "id") or refuse(), moment(sold, "created_at", otherwise=place.at)
    amount, unclear = in_minor(find(sold, "price"), CURRENCY)
    name = text(sold, "product_name")
    claim = SaleClaim(
        order_id,
        amount,
        number=ident(sold, "order_id"),
        name=text(sold, "full_name"),
        email=text(sold, "email") or text(sold, "purchase_email"),
        items=(Item(name, quantity(find(sold, "quantity"))),) if name else (),
        amount_text="" if amount else text(sold, "formatted_total_price") or unclear,
    )
    partly, wholly = find(sold, "partially_refunded") is True, find(sold, "refunded") is True
    back = RefundClaim(order_id, None, order_id, partial=partly and not wholly)
    paid = Meaning(Kind.SALE, claim, at)
    return (paid, Meaning(Kind.REFUND, back, at)) if partly or wholly else (paid,)


GUMROAD_API = Api(
    provider="gumroad",
    key=KeyWords(
        label="Access token",
        found="In Gumroad under Settings, Advanced: make an application, then generate an access token.",
        scopes=("view_sales",),
    ),
    hosts=(_HOST,),
    missed=_missed,
    overlap=14 * DAY,
    pace=120,
)
