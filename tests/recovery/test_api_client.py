"""A key that its provider renews whenever it is asked: nobody asks by one that is just being replaced."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.facts import Bus
from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.ledger import Ledger
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.catchup import CatchUp
from shopwatch.recovery.fetcher import Fetcher
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.vault import MemoryVault
from tests.standin.lists_shops import Etsy
from tests.standin.site import serving

QUICK = Bounds(connect=10, total=5, pauses=())


@dataclass
class Scene:
    """A ledger, a stand-in for Etsy, and all who ask it for the same source."""

    folder: Path
    etsy: Etsy
    keys: ApiKeys = field(default_factory=lambda: ApiKeys(MemoryVault()))

    async def open(self) -> None:
        self.bus = Bus()
        at = now() - 24 * HOUR
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell, clock=lambda: at)
        self.source = await self.ledger.sources.add("etsy", "Etsy")
        await self.keys.write(self.source.id, self.etsy.key)
        origin = self.etsy.site.origin
        self.transport = ApiTransport(QUICK, stand_ins={self.etsy.host: origin, "api.etsy.com": origin})
        api_client = ApiClient(self.keys, self.transport)
        self.catch_up = CatchUp(self.ledger, api_client, self.bus)
        self.fetcher = Fetcher(self.ledger, api_client, self.bus)

    async def close(self) -> None:
        await self.fetcher.stop()
        await self.catch_up.stop()
        await self.transport.close()
        self.ledger.close()

    async def messages(self, count: int) -> None:
        """So many receipts are told by messages that name no more than their numbers."""
        first = len(self.etsy.entries)
        self.etsy.entries += [self.etsy.entry(first + each, now() // 1000) for each in range(count)]
        for entry in self.etsy.entries[first:]:
            request = Request("POST", "https://shop.example/in/x/y", Headers(), str(entry["receipt_id"]).encode())
            await self.ledger.record(Delivery(self.source.id, request, now()), self.etsy.event(entry))

    async def until_settled(self, patience: float = 30) -> None:
        """Wait until everything that was owed is told."""
        async with asyncio.timeout(patience):
            while await self.ledger.fetches.pending(self.source.id):
                await self.ledger.durability()

    async def key(self) -> str:
        return await self.keys.read(self.source.id) or ""


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    etsy = Etsy()
    async with serving(etsy.site):
        scene = Scene(tmp_path, etsy)
        await scene.open()
        yield scene
        await scene.close()


async def test_whoever_asks_at_the_same_time_asks_by_the_newest_key(scene: Scene) -> None:
    await scene.messages(6)
    scene.fetcher.start()
    for _ in range(4):
        assert (await scene.catch_up.look_at(scene.source)).problem is None  # type: ignore[union-attr]
    await scene.until_settled()
    assert scene.fetcher.problems == {}
    assert (scene.etsy.refused, scene.etsy.renewed) == (0, 10)
    assert await scene.key() == f"keystring:shared:{scene.etsy.refresh}"


async def test_a_renewed_key_is_no_reason_to_ask_again(scene: Scene) -> None:
    await scene.catch_up.look_at(scene.source)
    assert scene.etsy.renewed == 1
    assert await scene.ledger.sources.all() == (scene.source,)


@pytest.mark.parametrize("given", ["keystring:shared:another", None])
async def test_what_the_owner_does_to_the_key_meanwhile_stays(scene: Scene, given: str | None) -> None:
    async def meanwhile(request: web.Request) -> web.StreamResponse:
        await (scene.keys.write(scene.source.id, given) if given else scene.keys.forget(scene.source.id))
        return await scene.etsy.handle(request)

    scene.etsy.site.faults.append(meanwhile)
    result = await scene.catch_up.look_at(scene.source)
    assert result is not None
    assert result.problem is None
    assert await scene.keys.read(scene.source.id) == given


async def test_a_key_that_is_on_its_way_is_kept_although_nobody_asks_any_more(scene: Scene) -> None:
    """Etsy takes the former one no more, so the source would have to be connected anew."""
    called_off = asyncio.Event()

    async def slowly(request: web.Request) -> web.StreamResponse:
        await called_off.wait()
        return await scene.etsy.handle(request)

    scene.etsy.site.faults.append(slowly)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(scene.catch_up.look_at(scene.source))
        await scene.etsy.site.until_asked(1)
        group.create_task(scene.catch_up.stop())
        await asyncio.sleep(0)
        called_off.set()

    assert asking.cancelled()
    assert scene.etsy.renewed == 1
    assert await scene.key() == f"keystring:shared:{scene.etsy.refresh}"
