"""Square tells what was bought."""

import pytest

from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item
from shopwatch.providers.apis.square import SQUARE_API
from tests.providers.apis.fetching import asked_for, fetched, only
from tests.providers.played import answer, thin


@pytest.mark.parametrize(("live", "host"), [(True, "connect.squareup.com"), (False, "connect.squareupsandbox.com")])
def test_square_tells_the_lines_of_an_order(live: bool, host: str) -> None:
    line = {
        "uid": "x",
        "name": "Peony bunch",
        "quantity": "2",
        "base_price_money": {"amount": 1_800, "currency": "USD"},
    }
    played = fetched(SQUARE_API, thin("o-1", live=live), [answer({"order": {"id": "o-1", "line_items": [line]}})])
    assert asked_for(played) == [("GET", f"https://{host}/v2/orders/o-1")]
    assert only(played).items == (Item("Peony bunch", 2, Money(1_800, "USD")),)
    assert only(fetched(SQUARE_API, thin("o-1"), [answer({"order": {"id": "o-1"}})])).items == ()
