from pathlib import Path

from benchmarks.seed import seed
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesPage, SalesQuery


async def _seeded(place: str) -> SalesPage:
    ledger = Ledger.open(place)
    try:
        await seed(ledger, 1_200)
        return await ledger.sales.page(SalesQuery(), None, 2_000)
    finally:
        ledger.close()


async def test_a_seeded_shop_has_something_of_everything_and_is_the_same_every_time(tmp_path: Path) -> None:
    one, two = await _seeded(f"sqlite:///{tmp_path}/one"), await _seeded(f"sqlite:///{tmp_path}/two")

    sales = [row.sale for row in one.rows]
    assert sales == [row.sale for row in two.rows]
    assert len(sales) == 1_200
    assert {sale.state for sale in sales} >= {SaleState.PAID, SaleState.REFUNDED, SaleState.PART_REFUNDED}
    assert {sale.amount.currency for sale in sales if sale.amount} == {"USD", "EUR"}
    assert any(sale.practice for sale in sales)
    assert {row.provider for row in one.rows} == {"paynow", "stripe", "shopify"}
