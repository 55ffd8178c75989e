"""Addresses that change, answers that are lost and programs that end, in any order: in the end one endpoint is left, at
the address there is, and what it signs by counts."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.facts import Bus, DeliveryKept, EndpointsChanged, Outcome, TunnelChanged
from shopwatch.domain.instant import DAY
from shopwatch.domain.source import Secrets, Source
from shopwatch.ledger import Ledger
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.endpoint_monitor import EndpointMonitor
from shopwatch.recovery.registrar import Registrar
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault
from tests.standin import registers_merchants, registers_payments
from tests.standin.registers import Register
from tests.standin.site import half, serving, status

KEY = "key-canaryCANARYcanary0123456789"
BASES = tuple(f"https://{number}.shop.example" for number in range(5))
SIGNED_OTHERWISE = ("shopify", "bigcommerce", "authorize-net", "eventbrite")
KINDS = (*registers_payments.ALL, *registers_merchants.ALL)


@dataclass
class World:
    """One provider and a shop, both as unlucky as chance has it; `base` is the public address."""

    folder: Path
    register: Register
    chance: random.Random
    base: str = BASES[0]
    lossy: bool = False
    vault: MemoryVault = field(default_factory=MemoryVault)

    def __post_init__(self) -> None:
        self._handle = self.register.site.handle
        self.register.site.handle = self.handle
        if self.register.key == "the-key":
            self.register.key = KEY
        self._changed = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        luck = self.chance.random() if self.lossy else 1
        if luck < 0.15:
            return await status(503)(request)
        done = await self._handle(request)
        return await half(request) if luck < 0.3 else done

    async def begin(self) -> None:
        self.bus = Bus()
        self.bus.listen(EndpointsChanged, lambda _: self._changed.set())
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=self.bus.tell)
        await self.ledger.endpoints.refresh()
        self.keeper, keys = SecretStore(self.vault), ApiKeys(self.vault)
        held, kind = await self.ledger.sources.all(), self.register.provider_id
        self.source = held[0] if held else await self.ledger.sources.add(kind, "Shop", dict(self.register.options))
        if not held:
            await keys.write(self.source.id, self.register.key)
            await self.keeper.write(self.source.id, Secrets(("whsec_that_was_there_first",)))
        api = api_of(kind)
        assert api is not None
        hosts = api.may_speak_to(self.register.options)
        self.transport = ApiTransport(Bounds(10, 30, ()), stand_ins=dict.fromkeys(hosts, self.register.site.origin))
        self.registrar = Registrar(self.ledger, ApiClient(keys, self.transport), self.keeper, changed=self.on_changed)
        self.monitor = EndpointMonitor(
            self.ledger, self.registrar, self.bus, url_of=self.url_of, look=lambda _: None, pauses=(0.01,)
        )
        self.monitor.start(self.status)

    async def end(self) -> None:
        await self.monitor.stop()
        await self.transport.close()
        self.ledger.close()

    async def on_changed(self) -> None:
        """Nobody else needs to know of secrets here."""

    async def url_of(self, source: Source) -> str:
        return self.base + source.path

    @property
    def status(self) -> TunnelStatus:
        return TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, self.base)

    @property
    def known(self) -> Registered:
        return self.ledger.endpoints.registered[self.source.id]

    def hear(self) -> None:
        self.bus.tell(DeliveryKept(self.source.id, Outcome.ACCEPTED, now(), host=self.base.partition("://")[2]))

    async def happen(self) -> None:
        """Something, and then nothing for a while."""
        what = self.chance.choice(("move", "move", "move", "restart", "hear", "rest"))
        if what == "move":
            self.base = self.chance.choice(BASES)
            self.bus.tell(TunnelChanged(self.status))
        elif what == "restart":
            await self.end()
            self.base = self.chance.choice((self.base, *BASES))
            await self.begin()
        elif what == "hear":
            self.hear()
        for _ in range(self.chance.randrange(120)):
            await asyncio.sleep(0)

    async def until(self, true: Callable[[], bool], *, heard: bool = False) -> None:
        """Wait for something; if it is `heard`, messages come now and then."""
        async with asyncio.timeout(30):
            while not true():
                self._changed.clear()
                if heard:
                    self.hear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self._changed.wait()

    def is_told(self) -> bool:
        there = self.known.endpoint.url == self.base + self.source.path
        return there and self.ledger.endpoints.addresses[self.source.id] == self.base and not self.known.begun


@pytest.mark.parametrize("seed", range(44))
async def test_whatever_happens_one_endpoint_is_left(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, KINDS[seed % len(KINDS)](), random.Random(seed))
    async with serving(world.register.site):
        await world.begin()
        await world.registrar.register(world.source, world.base + world.source.path)
        world.lossy = True
        for _ in range(15):
            await world.happen()
        world.lossy = False
        await world.until(world.is_told)
        await world.until(lambda: world.known.old is None and not world.known.problem, heard=True)

        lines = [line for line in world.register.lines.values() if line.on]
        assert {line.url for line in lines} == {world.base + world.source.path}
        assert {line.id for line in lines} == set(world.known.endpoint.id.split(" "))
        counts = set((await world.keeper.read(world.source.id)).at(now() + 30 * DAY))
        assert world.register.provider_id in SIGNED_OTHERWISE or {line.secret for line in lines} <= counts
        await world.end()
