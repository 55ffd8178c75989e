"""What sold in any period is the plain sum over its sales, whatever came when, and in whichever order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shopwatch.domain.instant import DAY, Instant
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import DisputeState, Item, SaleClaim, SaleState
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, Arrival, back, disputed, record_all, told

TODAY = datetime.fromtimestamp(NOON / 1000).date()  # noqa: DTZ006 - the shop's own days
LONGEST = 500
GOODS = ("Roses", "Fern", "Vase", "Card")
NOT_SOLD = {SaleState.REFUNDED, SaleState.INCOMPLETE, SaleState.LOST}

type Told = tuple[int, int, int, str, bool]
"""A sale: how many days ago, which goods, how many, the currency, and whether popular items are looked at before it."""
type Sums = dict[str, tuple[int, dict[str, int]]]

# Days near the edges of spans of ten, and months apart, come often.
days_ago = st.integers(0, LONGEST) | st.sampled_from([0, 1, 8, 9, 10, 11, 19, 20, 21, 29, 30, 100, 101, 300, 309, 310])
sales = st.tuples(days_ago, st.integers(0, 3), st.integers(1, 4), st.sampled_from(["USD", "EUR"]), st.booleans())
refunds = st.tuples(st.integers(0, 30), st.sampled_from(["back", "lost", "one"]), st.booleans())


def bought(order: str, goods: int, qty: int, currency: str) -> SaleClaim:
    first, second = Item(GOODS[goods], qty, Money(400, currency)), Item(GOODS[goods - 1], 1, Money(150, currency))
    return SaleClaim(order, Money(qty * 400 + 150, currency), items=(first, second))


def at(ago: int) -> Instant:
    return NOON - ago * DAY


async def counted(ledger: Ledger, since: date, until: date) -> Sums:
    found = await ledger.popular.read(since, until)
    assert len({each.name for each in found}) == len(found)
    assert all([*each.money] == sorted(each.money, key=lambda money: -money.minor) for each in found)
    return {each.name: (each.qty, {money.currency: money.minor for money in each.money}) for each in found}


async def added_up(ledger: Ledger, since: date, until: date) -> Sums:
    """The plain sum over all sales."""
    qty: defaultdict[str, int] = defaultdict(int)
    money: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in (await ledger.sales.page(SalesQuery(), limit=10_000)).rows:
        day = datetime.fromtimestamp(row.sale.paid_at / 1000).date()  # noqa: DTZ006 - the shop's own days
        if row.sale.state in NOT_SOLD or not since <= day < until:
            continue
        for item in row.sale.items:
            assert item.unit
            qty[item.name] += item.qty
            money[item.name][item.unit.currency] += item.qty * item.unit.minor
    return {name: (many, dict(money[name])) for name, many in qty.items()}


async def agree(ledger: Ledger, periods: Sequence[tuple[int, int]]) -> None:
    for ago, length in periods:
        since = date.fromordinal(TODAY.toordinal() - ago)
        until = date.fromordinal(since.toordinal() + length)
        assert await counted(ledger, since, until) == await added_up(ledger, since, until)


async def tell(ledger: Ledger, source: Source, told_of: Sequence[Told]) -> None:
    for number, (ago, goods, qty, currency, looked) in enumerate(told_of):
        if looked:
            await ledger.popular.read(TODAY, TODAY)
        await ledger.record(*told(source.id, f"s{number}", bought(f"o{number}", goods, qty, currency), at=at(ago)))


async def undo(ledger: Ledger, source: Source, undone: Sequence[tuple[int, str, bool]]) -> None:
    """Take back sales, lose them, or tell that one is the same as the one after it."""
    for number, (sale, how, looked) in enumerate(undone):
        if looked:
            await ledger.popular.read(TODAY, TODAY)
        order = f"o{sale}"
        arrival: Arrival
        if how == "back":
            arrival = told(source.id, f"r{number}", back(order, 99_000, refund_id=f"re_{number}"))
        elif how == "lost":
            arrival = told(source.id, f"r{number}", disputed(order, DisputeState.LOST))
        else:
            arrival = told(source.id, f"r{number}", back(order, 1, refund_id=f"re_{number}"), links=(f"o{sale + 1}",))
        await ledger.record(*arrival)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(sales, max_size=30),
    st.lists(refunds, max_size=8),
    st.lists(sales, max_size=5),
    st.lists(st.tuples(days_ago, days_ago), min_size=5, max_size=15),
)
def test_every_period_is_the_plain_sum_of_its_sales(
    told_of: list[Told], undone: list[tuple[int, str, bool]], late: list[Told], periods: list[tuple[int, int]]
) -> None:
    async def live() -> None:
        with TemporaryDirectory() as folder:
            ledger = Ledger.open(f"sqlite:///{folder}/sales.sqlite")
            try:
                source = await ledger.sources.add("paynow", "PayNow", {})
                other = await ledger.sources.add("stripe", "Stripe", {})
                await tell(ledger, source, told_of)
                await undo(ledger, source, undone)
                await agree(ledger, periods)
                await tell(ledger, other, late)
                await agree(ledger, [*periods, (LONGEST, LONGEST + 1)])
            finally:
                ledger.close()

    asyncio.run(live())


async def test_sums_beyond_what_a_database_counts_with_are_still_told(ledger: Ledger, source: Source) -> None:
    most = Money(2**53 - 1, "USD")
    claims = [SaleClaim(f"o{number}", most, items=(Item("Gold", 1, most),)) for number in range(1_200)]
    arrivals = [told(source.id, f"e{n}", claim, at=at(n % 2 + 1)) for n, claim in enumerate(claims)]

    await record_all(ledger, arrivals)

    (gold,) = await ledger.popular.read(date.fromordinal(TODAY.toordinal() - 2), TODAY)
    assert gold.qty == 1_200
    assert gold.money[0].minor >= 2**63 - 1
