"""What sold best, in every period, and however the sales came about."""

from datetime import date, datetime

import pytest
from msgspec import structs

from shopwatch.domain.instant import DAY
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular, Rank, ranked
from shopwatch.domain.sales.sale import DisputeState, Item, SaleClaim
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import NOON, back, disputed, record_all, told

TODAY = datetime.fromtimestamp(NOON / 1000).date()  # noqa: DTZ006 - the shop's own days


def bought(order: str, *items: tuple[str, int, int], currency: str = "USD") -> SaleClaim:
    """An order of (name, how many, price of one)."""
    lines = tuple(Item(name, qty, Money(minor, currency)) for name, qty, minor in items)
    total = sum(qty * minor for _, qty, minor in items)
    return SaleClaim(order, Money(total, currency), items=lines)


async def sums(
    ledger: Ledger, since: date = TODAY, until: date | None = None
) -> dict[str, tuple[int, tuple[str, ...]]]:
    found = await ledger.popular.read(since, until or date.fromordinal(TODAY.toordinal() + 1))
    return {each.name: (each.qty, tuple(money.text("en_US") for money in each.money)) for each in found}


async def test_items_are_counted_with_their_money(ledger: Ledger, source: Source) -> None:
    await record_all(
        ledger,
        [
            told(source.id, "e1", bought("1", ("Roses", 3, 400), ("Fern", 1, 2_900))),
            told(source.id, "e2", bought("2", ("Roses", 2, 400))),
            told(source.id, "e3", bought("3", ("Roses", 1, 500), currency="EUR")),
        ],
    )

    assert await sums(ledger) == {"Roses": (6, ("$20.00", "€5.00")), "Fern": (1, ("$29.00",))}
    assert await sums(ledger) == {"Roses": (6, ("$20.00", "€5.00")), "Fern": (1, ("$29.00",))}


async def test_what_was_given_back_lost_practised_or_only_a_test_did_not_sell(ledger: Ledger, source: Source) -> None:
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)
    for number in range(1, 5):
        await ledger.record(*told(source.id, f"e{number}", bought(str(number), ("Roses", 1, 400))))
    assert (await sums(ledger))["Roses"][0] == 4

    for arrival in (
        told(source.id, "r1", back("1", 400)),
        told(source.id, "r2", back("2", 100)),
        told(source.id, "d3", disputed("3", DisputeState.LOST)),
        told(source.id, "p5", bought("5", ("Roses", 1, 400)), nonce=nonce),
        told(source.id, "t6", bought("6", ("Roses", 1, 400)), live=False),
        told(source.id, "r7", back("7", 400)),
    ):
        await ledger.record(*arrival)

    assert await sums(ledger) == {"Roses": (2, ("$8.00",))}


async def test_two_sales_that_prove_to_be_one_count_once(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", bought("cs_1", ("Roses", 2, 400))))
    await ledger.record(*told(source.id, "e2", bought("pi_1", ("Roses", 2, 400))))
    assert (await sums(ledger))["Roses"][0] == 4

    await ledger.record(*told(source.id, "e3", bought("cs_1", ("Roses", 2, 400)), links=("pi_1",)))

    assert await sums(ledger) == {"Roses": (2, ("$8.00",))}


async def test_an_item_without_a_price_takes_the_sales_if_it_is_alone(ledger: Ledger, source: Source) -> None:
    alone = SaleClaim("1", Money(900, "USD"), items=(Item("Wreath", 2),))
    several = SaleClaim("2", Money(900, "USD"), items=(Item("Wreath", 1), Item("Card", 1)))
    await record_all(ledger, [told(source.id, "e1", alone), told(source.id, "e2", several)])

    assert await sums(ledger) == {"Wreath": (3, ("$9.00",)), "Card": (1, ())}


async def test_a_new_file_has_nothing(ledger: Ledger) -> None:
    assert await ledger.popular.read(date(2026, 1, 1), date(2027, 1, 1)) == ()
    assert await ledger.popular.read(date(2026, 1, 2), date(2026, 1, 1)) == ()


async def test_a_sale_that_is_told_of_late_counts_on_its_own_day(ledger: Ledger, source: Source) -> None:
    days = [date.fromordinal(TODAY.toordinal() - ago) for ago in (0, 3, 9)]
    for ago in (0, 9, 3):
        await ledger.record(*told(source.id, f"e{ago}", bought(str(ago), ("Roses", 1, 400)), at=NOON - ago * DAY))
        await sums(ledger)

    found = [await sums(ledger, day, date.fromordinal(day.toordinal() + 1)) for day in days]
    assert found == [{"Roses": (1, ("$4.00",))}] * 3
    assert await sums(ledger, days[1]) == {"Roses": (2, ("$8.00",))}


async def test_counting_tells_how_far_it_is(ledger: Ledger, source: Source) -> None:
    await record_all(
        ledger, [told(source.id, f"e{number}", bought(str(number), ("Roses", 1, 400))) for number in range(1_200)]
    )
    heard: list[tuple[int, int]] = []

    await ledger.popular.read(TODAY, TODAY, lambda counted, of: heard.append((counted, of)))

    counted = [each for each, _ in heard]
    assert counted == sorted(set(counted))
    assert 0 < counted[0] <= counted[-1] <= 1_200
    assert {of for _, of in heard} == {1_200}


ROSES = Popular("Roses", 6, (Money(2_000, "USD"), Money(500, "EUR")))
FERN = Popular("Fern", 1, (Money(2_900, "USD"),))
VASE = Popular("Vase", 9, (Money(9_900, "EUR"),))
CARD = Popular("Card", 9)


@pytest.mark.parametrize(
    ("by", "order"),
    [(Rank.QUANTITY, ["Vase", "Card", "Roses", "Fern"]), (Rank.MONEY, ["Fern", "Roses", "Vase", "Card"])],
)
def test_ranks(by: Rank, order: list[str]) -> None:
    found = ranked([ROSES, FERN, VASE, CARD], by, "USD")

    assert sorted(each.name for each in found) == sorted(order)
    if by is Rank.MONEY:
        assert [each.name for each in found] == order
    else:
        assert {each.name for each in found[:2]} == {"Vase", "Card"}


def test_a_new_name_joins_what_sold_under_two() -> None:
    found = ranked([ROSES, structs.replace(FERN, name="roses, red")], Rank.QUANTITY, "USD", {"roses, red": "Roses"})

    assert found == (Popular("Roses", 7, (Money(4_900, "USD"), Money(500, "EUR"))),)
