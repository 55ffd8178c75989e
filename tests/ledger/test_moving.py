"""A ledger goes to another database with all that it holds, while messages come in, and only once."""

import asyncio
from pathlib import Path

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.ledger import move_ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, back, paid, record_all, told
from tests.ledger.happened import CONTACT, happened


@pytest.fixture
def elsewhere(place: str, tmp_path: Path) -> str:
    """The other kind of database, empty: of a file another file."""
    if place.startswith("postgresql:"):
        return f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    return f"sqlite:///{tmp_path / 'elsewhere' / 'sales.sqlite'}"


async def _fill(ledger: Ledger, source: Source, count: int = 900) -> None:
    sold = [told(source.id, f"e{n}", paid(f"o{n}", 500 + n, name=f"Maya {n}"), at=NOON + n) for n in range(count)]
    await record_all(ledger, sold)
    await record_all(ledger, [told(source.id, f"r{n}", back(f"o{n}", 5), at=NOON + n) for n in range(20)])
    await ledger.record(*happened(source.id, "c1", CONTACT))
    await ledger.people.page()


async def test_all_is_there_and_can_be_found_and_added_to(
    ledger: Ledger, source: Source, place: str, elsewhere: str
) -> None:
    await _fill(ledger, source)
    before = (await ledger.sales.page(SalesQuery(), limit=2_000)).rows
    messages = await ledger.inbox.page(InboxQuery(), limit=2_000)

    moved = await asyncio.to_thread(move_ledger, place, elsewhere)

    assert (moved.sales, moved.deliveries) == (900, 921)
    other = Ledger.open(elsewhere)
    assert (await other.sales.page(SalesQuery(), limit=2_000)).rows == before
    assert await other.inbox.page(InboxQuery(), limit=2_000) == messages
    assert [row.sale.order_id for row in (await other.sales.page(SalesQuery(text="maya 899"))).rows] == ["o899"]
    await other.record(*told(source.id, "later", paid("later")))
    assert await other.sales.count(SalesQuery()) == 901
    other.close()


async def test_from_then_on_nothing_is_stored_in_the_old_place(
    ledger: Ledger, source: Source, place: str, elsewhere: str
) -> None:
    await asyncio.to_thread(move_ledger, place, elsewhere)

    for attempt in (ledger.record(*told(source.id, "e1", paid("o1"))), ledger.sources.add("paynow", "Late", {})):
        with pytest.raises(Outage) as refused:
            await attempt
        assert refused.value.code == "store-moved"
        assert elsewhere in str(refused.value)
    with pytest.raises(UserError) as again:
        await asyncio.to_thread(move_ledger, place, f"{elsewhere}2")
    assert again.value.code == "store-moved"


async def test_what_comes_in_meanwhile_is_in_exactly_one_answer_and_never_lost(
    ledger: Ledger, source: Source, place: str, elsewhere: str
) -> None:
    await _fill(ledger, source, 200)
    stored: list[str] = []

    async def sell() -> None:
        for number in range(100_000):
            try:
                await ledger.record(*told(source.id, f"m{number}", paid(f"m{number}")))
            except Outage as problem:
                if problem.code == "store-moved":
                    return
            else:
                stored.append(f"m{number}")

    _, moved = await asyncio.gather(sell(), asyncio.to_thread(move_ledger, place, elsewhere))

    other = Ledger.open(elsewhere)
    orders = [row.sale.order_id for row in (await other.sales.page(SalesQuery(), limit=100_000)).rows]
    other.close()
    assert stored
    assert sorted(order for order in orders if order.startswith("m")) == sorted(stored)
    assert moved.sales == len(orders) == 200 + len(stored)


@pytest.mark.parametrize("after", [1, 3, 6, 12, 20])
async def test_broken_off_it_is_as_before_and_can_be_done_again(
    ledger: Ledger, source: Source, place: str, elsewhere: str, after: int
) -> None:
    await _fill(ledger, source, 60)
    heard = 0

    def breaks(_rows: int) -> None:
        nonlocal heard
        heard += 1
        if heard >= after:
            raise KeyboardInterrupt

    def cut() -> None:
        with pytest.raises(KeyboardInterrupt):
            move_ledger(place, elsewhere, breaks)

    await asyncio.to_thread(cut)
    await ledger.record(*told(source.id, "still", paid("still")))

    moved = await asyncio.to_thread(move_ledger, place, elsewhere)
    assert moved.sales == 61


async def test_it_can_go_back_to_where_it_was(ledger: Ledger, source: Source, place: str, elsewhere: str) -> None:
    await _fill(ledger, source, 30)
    await asyncio.to_thread(move_ledger, place, elsewhere)
    other = Ledger.open(elsewhere)
    await other.record(*told(source.id, "there", paid("there")))
    other.close()

    moved = await asyncio.to_thread(move_ledger, elsewhere, place)

    assert moved.sales == 31
    await ledger.record(*told(source.id, "back", paid("back")))
    assert await ledger.sales.count(SalesQuery()) == 32


async def test_a_database_with_a_shop_in_it_is_refused_and_left(
    ledger: Ledger, source: Source, place: str, elsewhere: str
) -> None:
    other = Ledger.open(elsewhere)
    theirs = await other.sources.add("paynow", "Another shop", {})

    with pytest.raises(UserError) as refused:
        await asyncio.to_thread(move_ledger, place, elsewhere)

    assert refused.value.code == "store-occupied"
    assert await other.sources.all() == (theirs,)
    await ledger.record(*told(source.id, "e1", paid("o1")))
    other.close()


async def test_and_from_a_file_to_a_server(place: str, tmp_path: Path) -> None:
    if not place.startswith("postgresql:"):
        pytest.skip("there is no server here")
    file = tmp_path / "first.sqlite"
    ledger = Ledger.open(file)
    await _fill(ledger, await ledger.sources.add("paynow", "PayNow", {}))
    before = (await ledger.sales.page(SalesQuery(), limit=2_000)).rows
    ledger.close()

    await asyncio.to_thread(move_ledger, file, place)
    there = Ledger.open(place)
    assert (await there.sales.page(SalesQuery(), limit=2_000)).rows == before
    assert [row.sale.order_id for row in (await there.sales.page(SalesQuery(text="maya 899"))).rows] == ["o899"]
    there.close()
