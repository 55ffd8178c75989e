from shopwatch.domain.instant import DAY, HOUR
from shopwatch.domain.sales.money import LARGEST, Money
from shopwatch.domain.sales.sale import DisputeState
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import Figures
from tests.ledger.arrivals import NOON, back, disputed, paid, record_all, told


async def test_what_was_kept_is_summed_by_currency_and_by_hour(ledger: Ledger, source: Source) -> None:
    await record_all(
        ledger,
        [
            told(source.id, "before", paid("before"), at=NOON - 1),
            told(source.id, "a", paid("a", 10_00), at=NOON),
            told(source.id, "b", paid("b", 20_00), at=NOON + 2 * HOUR),
            told(source.id, "b-back", back("b", 5_00), at=NOON + DAY),
            told(source.id, "c", paid("c", 7_00, currency="EUR"), at=NOON + HOUR),
            told(source.id, "d", paid("d", 99_00), at=NOON + HOUR),
            told(source.id, "d-back", back("d", 99_00), at=NOON + HOUR),
            told(source.id, "e", paid("e", 42_00), at=NOON + HOUR),
            told(source.id, "e-lost", disputed("e", DisputeState.LOST), at=NOON + HOUR),
            told(source.id, "f", back("f", 3_00), at=NOON + HOUR),
            told(source.id, "g", paid("g", None), at=NOON + HOUR),
            told(source.id, "h", paid("h", 55_00), at=NOON + HOUR, live=False),
            told(source.id, "after", paid("after"), at=NOON + 3 * HOUR),
        ],
    )

    assert await ledger.sales.figures(NOON, NOON + 3 * HOUR) == Figures(
        totals=(Money(25_00, "USD"), Money(7_00, "EUR")), counts=(2, 1), count=3, hourly=(10_00, 0, 15_00)
    )


async def test_nothing_sold_is_nothing(ledger: Ledger) -> None:
    assert await ledger.sales.figures(NOON, NOON + 2 * HOUR) == Figures(hourly=(0, 0))
    assert await ledger.sales.figures(NOON, NOON) == Figures()


async def test_sums_of_the_largest_amounts_are_exact(ledger: Ledger, source: Source) -> None:
    many = 1_100
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}", LARGEST)) for n in range(many)])

    assert (await ledger.sales.figures(NOON, NOON + HOUR)).totals == (Money(many * LARGEST, "USD"),)


async def test_a_period_of_many_years_has_totals_but_no_hours(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, "e", paid("o"))])

    figures = await ledger.sales.figures(0, NOON + DAY)

    assert (figures.totals, figures.hourly) == ((Money(42_00, "USD"),), ())
