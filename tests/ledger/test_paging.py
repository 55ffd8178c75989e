import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from benchmarks.seed import UNTIL, seed
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.instant import DAY
from shopwatch.domain.sales.sale import SaleState
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.engine.sqlite.store import SqliteStore
from shopwatch.ledger.sales import paging
from shopwatch.ledger.sales.paging import PageReach
from shopwatch.ledger.sales.query import Cursor, SalesQuery, Sort
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import name_key, number_key, words
from tests.ledger.arrivals import NOON, paid, record_all, story, told
from tests.portions import portion

SALES = 800

_KEYS: dict[Sort, Callable[[SaleRow], Any]] = {
    Sort.TIME: lambda row: row.sale.paid_at,
    Sort.ORDER: lambda row: number_key(row.sale.number),
    Sort.CUSTOMER: lambda row: name_key(row.sale.name or row.sale.email),
    Sort.AMOUNT: lambda row: (row.sale.amount.currency, row.sale.amount.minor) if row.sale.amount else ("", 0),
    Sort.FROM: lambda row: row.provider,
    Sort.STATE: lambda row: row.sale.state.value,
}

_FILTERS: list[dict[str, Any]] = [
    {},
    {"practice": False},
    {"states": frozenset({SaleState.REFUNDED, SaleState.DISPUTED})},
    {"sources": frozenset({"stripe-2"})},
    {"sources": frozenset({"stripe-2", "shopify-3"}), "states": frozenset({SaleState.PAID})},
    {"sources": frozenset({"nobody-9"})},
    {"since": UNTIL - 90 * DAY, "until": UNTIL - 30 * DAY},
    {"since": UNTIL - 90 * DAY, "sources": frozenset({"paynow-1"})},
    {"text": "peony"},
    {"text": "maya c"},
    {"text": "peony", "states": frozenset({SaleState.PAID}), "until": UNTIL - 10 * DAY, "practice": False},
]


_REACHES = {
    "gather": PageReach(),
    "sift": PageReach(few=-1),
    "walk": PageReach(few=-1, many=-1),
    "walk, then sift": PageReach(few=-1, many=-1, window=40),
    "no streams": PageReach(streams=0),
}

type Shop = tuple[Path, tuple[SaleRow, ...]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A ledger with a shop in it, and all rows of that in no particular order."""
    file = tmp_path_factory.mktemp("shop") / "sales.sqlite"

    async def made() -> tuple[SaleRow, ...]:
        ledger = Ledger.open(f"sqlite:///{file}")
        try:
            await seed(ledger, SALES)
            return (await ledger.sales.page(SalesQuery(), None, 2 * SALES)).rows
        finally:
            ledger.close()

    return file, asyncio.run(made())


@pytest.fixture(scope="module")
def store(shop: Shop) -> Iterator[SqliteStore]:
    store = SqliteStore(shop[0])
    yield store
    store.close()


@pytest.fixture(scope="module")
def connection(store: SqliteStore) -> Iterator[Connection]:
    with closing(store.reader()) as connection:
        yield connection


def _passes(query: SalesQuery, row: SaleRow) -> bool:
    sale = row.sale
    found_by = words((sale.number, sale.order_id, sale.name, sale.email, *[item.name for item in sale.items]))
    return (
        (query.since is None or sale.paid_at >= query.since)
        and (query.until is None or sale.paid_at < query.until)
        and (not query.states or sale.state in query.states)
        and (not query.sources or row.source_id in query.sources)
        and (query.practice or not sale.practice)
        and all(any(word.startswith(sought) for word in found_by) for sought in words((query.text,)))
    )


@pytest.mark.parametrize("reach", _REACHES.values(), ids=_REACHES.keys())
@pytest.mark.parametrize("filters", _FILTERS, ids=lambda filters: " ".join(filters) or "all")
def test_pages_in_every_sort_are_those_of_sorting_everything(
    shop: Shop, store: SqliteStore, connection: Connection, filters: dict[str, Any], reach: PageReach
) -> None:
    numbers = SourceNumbers()
    passing = [row for row in shop[1] if _passes(SalesQuery(**filters), row)]
    turn = _FILTERS.index(filters) + [*_REACHES.values()].index(reach)
    for sort, descending in portion([*product(Sort, (False, True))], turn, of=2):
        query = SalesQuery(**filters, sort=sort, descending=descending)
        wanted = sorted(passing, key=lambda row: (_KEYS[sort](row), row.id), reverse=descending)
        found: list[SaleRow] = []
        after: Cursor | None = None
        while len(found) <= len(wanted):
            page = paging.page(connection, store.dialect, numbers, query, after=after, limit=171, reach=reach)
            found += page.rows
            after = page.next
            if after is None:
                break
        assert [row.id for row in found] == [row.id for row in wanted], (sort, descending)
        assert paging.count(connection, store.dialect, query) == len(wanted)


async def test_what_is_new_does_not_shift_the_next_page(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}"), at=NOON + n) for n in range(20)])
    first = await ledger.sales.page(SalesQuery(), None, 10)

    await record_all(ledger, [told(source.id, f"f{n}", paid(f"p{n}"), at=NOON + 100 + n) for n in range(20)])
    second = await ledger.sales.page(SalesQuery(), first.next, 10)

    assert [row.sale.order_id for row in first.rows + second.rows] == [f"o{n}" for n in range(19, -1, -1)]
    assert second.next is None


async def test_order_numbers_are_sorted_by_their_value(ledger: Ledger, source: Source) -> None:
    numbers = ["#999", "#1001", "#1000", "#98", "A-2", "A-10"]
    await record_all(ledger, [told(source.id, each, paid(each, number=each)) for each in numbers])

    rows = (await ledger.sales.page(SalesQuery(sort=Sort.ORDER, descending=False))).rows

    assert [row.sale.number for row in rows] == ["#98", "#999", "#1000", "#1001", "A-2", "A-10"]


async def test_rows_up_to_the_last_one_seen_are_seen(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}"), at=NOON + n) for n in range(4)], 1)

    await ledger.sales.mark_seen(2)
    await ledger.sales.mark_seen(1)

    rows = (await ledger.sales.page(SalesQuery(descending=False))).rows
    assert [row.seen for row in rows] == [True, True, False, False]


async def test_a_sale_with_its_time_line(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, story(source.id, "o2")[::-1], 1)
    earlier = paid("o1", email="MAYA@example.com")
    await record_all(ledger, [told(source.id, "e1", earlier, at=NOON - DAY)])
    await record_all(ledger, [told(source.id, "e3", paid("o3", email="maya2@example.com"), at=NOON - DAY)])

    detail = await ledger.sales.get(1)

    assert detail is not None
    assert [moment.part.event_id for moment in detail.moments] == [f"o2-{n}" for n in range(5)]
    assert [moment.delivery_id for moment in detail.moments] == [5, 4, 3, 2, 1]
    assert detail.moments[0].received_at == NOON + 1
    assert detail.nth_order == 2
    assert await ledger.sales.get(99) is None
