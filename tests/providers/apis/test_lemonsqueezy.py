"""Lemon Squeezy tells all lines of an order."""

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, SaleClaim
from shopwatch.providers.apis.lemonsqueezy import LEMONSQUEEZY_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import AT, answer


def test_lemon_squeezy_tells_all_lines() -> None:
    line = {"type": "order-items", "id": "1", "attributes": {"product_name": "Vase", "price": 999, "quantity": 2}}
    event = Event("o", "order_created", Kind.SALE, AT, SaleClaim("5", Money(1_998, "USD")), needs_fetch="GET /v1/x/5")
    played = fetched(LEMONSQUEEZY_API, event, [answer({"data": [line]})])
    assert played.urls == ["https://api.lemonsqueezy.com/v1/order-items?filter%5Border_id%5D=5&page%5Bsize%5D=100"]
    assert only(played).items == (Item("Vase", 2, Money(999, "USD")),)
