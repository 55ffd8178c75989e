import re

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, paid, told


async def test_a_source_is_kept_with_a_path_nobody_can_guess(ledger: Ledger) -> None:
    added = await ledger.sources.add("paynow", "Ma\ud800in", {"store": "1"})
    other = await ledger.sources.add("paynow", "Main", {})

    assert await ledger.sources.all() == (added, other)
    assert (added.name, added.options) == ("Ma\ufffdin", {"store": "1"})
    assert re.fullmatch(r"/in/paynow/[A-Za-z0-9_-]{22,}", added.path)
    assert len({added.path, other.path}) == len({added.id, other.id}) == 2


async def test_removing_a_source_keeps_its_sales_and_never_reuses_its_id(ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "ev", paid("o")))

    await ledger.sources.remove(source.id)

    assert await ledger.sources.all() == ()
    (row,) = (await ledger.sales.page(SalesQuery(sources=frozenset({source.id})))).rows
    assert (row.source_id, row.provider) == (source.id, "paynow")
    assert (await ledger.sources.add("paynow", "PayNow", {})).id != source.id


async def test_every_process_can_see_that_sources_have_changed(place: str) -> None:
    one = Ledger.open(place, clock=lambda: NOON)
    two = Ledger.open(place, clock=lambda: NOON)
    stamps = [await one.sources.stamp()]
    source = await two.sources.add("paynow", "PayNow", {})
    stamps.append(await one.sources.stamp())
    await two.sources.touch_secrets(source.id)
    stamps.append(await one.sources.stamp())
    first = (await one.sources.all())[0].secrets_changed_at
    await two.sources.touch_secrets(source.id)
    second = (await one.sources.all())[0].secrets_changed_at
    await two.sources.remove(source.id)
    stamps.append(await one.sources.stamp())

    assert first == NOON
    assert second > first
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 4
    one.close()
    two.close()


async def test_two_processes_may_write_one_after_the_other(place: str) -> None:
    one, two = Ledger.open(place), Ledger.open(place)
    source = await one.sources.add("paynow", "PayNow", {})
    for number in range(20):
        writer = (one, two)[number % 2]
        await writer.record(*told(source.id, f"e{number}", paid(f"o{number}")))

    assert [row.id for row in (await one.sales.page(SalesQuery(descending=False))).rows] == list(range(1, 21))
    one.close()
    two.close()


@pytest.mark.parametrize("change", ["remove", "touch_secrets"])
async def test_a_source_that_is_not_there_has_a_sentence(ledger: Ledger, source: Source, change: str) -> None:
    await ledger.sources.remove(source.id)

    with pytest.raises(UserError) as refused:
        await getattr(ledger.sources, change)(source.id)
    assert refused.value.code == "no-source"
