"""A whole shop names a source that has fallen silent."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import SilencesChanged
from shopwatch.domain.instant import DAY, HOUR, Instant
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.ledger.arrivals import Arrival, paid, record_all, told


def sale(source_id: str, at: Instant) -> Arrival:
    delivery, verdict = told(source_id, f"e{at}", paid(f"o{at}"), at=at)
    return replace(delivery, request=replace(delivery.request, remote_addr="203.0.113.7")), verdict


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """It was busy for weeks, until 18 hours ago."""
    shop = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault())
    source = await shop.connections.add("paynow")
    end = now() - 18 * HOUR
    await record_all(shop.ledger, [sale(source.id, at) for at in range(end - 28 * DAY, end, HOUR)])
    await shop.rules.put(Rule("Tell me", Trigger.SILENT, steps=(RuleStep("ring"),)))
    yield shop
    await shop.close()


async def test_it_is_named_rung_for_and_heard_again(shop: Shop) -> None:
    changed = asyncio.Event()
    shop.bus.listen(SilencesChanged, lambda _: changed.set())
    (source,) = shop.sources.all
    assert shop.silences.silent == {}

    await shop.start(port=0, tunnel=TunnelKind.NONE)
    async with asyncio.timeout(30):
        await changed.wait()
    assert list(shop.silences.silent) == [source.id]
    (job,) = [job for job in await shop.ledger.outbox.jobs() if job.trigger is Trigger.SILENT]
    assert job.action == "ring"
    last = (await shop.ledger.sales.page(SalesQuery(), limit=1)).rows[0]
    assert shop.silences.silent[source.id].since == last.received_at

    changed.clear()
    await shop.ledger.record(*sale(source.id, now()))
    async with asyncio.timeout(30):
        await changed.wait()
    assert shop.silences.silent == {}

    await shop.stop()
    assert shop.silences.silent == {}
