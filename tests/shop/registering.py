"""A shop with one source, whose provider keeps a register of endpoints."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import (
    CatchUpChanged,
    DeliveryKept,
    EndpointsChanged,
    SalesChanged,
    SourcesChanged,
    TunnelChanged,
)
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.source import Source
from shopwatch.host.paths import Paths
from shopwatch.providers.senders.stripe import STRIPE
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault, Vault
from shopwatch.shop.opening import open_shop
from tests.standin.registers import Register
from tests.standin.registers_payments import Stripe as StripeRegister
from tests.standin.site import Site
from tests.standin.stripe import Stripe as StripeLists

KEY = "rk_live_canaryCANARYcanary0123456789"
NARROW = "rk_live_narrowNARROWnarrow0123456789"
ONE, TWO, THREE = "https://one.shop.test", "https://two.shop.test", "https://three.shop.test"
QUICK = Bounds(connect=10, total=4, pauses=())


class Stripe(StripeRegister):
    """Stripe with both its lists and its register; `events` are the oldest first."""

    def __init__(self) -> None:
        super().__init__(KEY, NARROW)
        self._lists = StripeLists(KEY)
        self.events = self._lists.events
        register = self.site.handle

        async def handle(request: web.Request) -> web.StreamResponse:
            registered = request.path.startswith("/v1/webhook_endpoints")
            return await (register if registered else self._lists.handle)(request)

        self.site = Site(handle)

    @property
    def bases(self) -> list[str]:
        """The addresses that are sent to, without the source's own path."""
        return sorted(line.url.partition("/in/")[0] for line in self.lines.values())

    def changes(self) -> int:
        """How often something was to be changed."""
        return sum(each.method != "GET" for each in self.site.asked)


class Registering:
    """The shop, from its start to its end; at first it has an own address `ONE`. `start` is what is done before it
    hears; without `hears` it does not."""

    def __init__(
        self,
        folder: Path,
        register: Register,
        vault: Vault | None = None,
        *,
        key: str = KEY,
        hears: bool = True,
        tunnel: Mapping[str, object] | None = None,
    ) -> None:
        self._folder = folder
        self._register = register
        self._vault = vault or MemoryVault()
        self._key = key
        self._hears = hears
        self._settings = tunnel or {"tunnel": TunnelKind.OWN, "own_url": ONE}
        self._happened = asyncio.Event()
        self.sold: list[str] = []
        """The orders that have been booked, in their order."""

    async def __aenter__(self) -> Self:
        transport = ApiTransport(QUICK, stand_ins={self._register.host: self._register.site.origin})
        self.shop = await open_shop(Paths(self._folder), vault=self._vault, transport=transport)
        for fact in (EndpointsChanged, DeliveryKept, TunnelChanged, SourcesChanged, CatchUpChanged):
            self.shop.bus.listen(fact, lambda _: self._happened.set())
        self.shop.bus.listen(SalesChanged, self._on_sales_changed)
        if not self.shop.sources.all:
            self.shop.settings.change(**self._settings)
            source = await self.shop.connections.add(self._register.provider_id, options=dict(self._register.options))
            if self._key:
                await self.shop.connections.set_api_key(source.id, self._key)
        self.port = await self.shop.start(port=0) if self._hears else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shop.close()

    @property
    def source(self) -> Source:
        return self.shop.sources.all[0]

    @property
    def known(self) -> Registered:
        return self.shop.ledger.endpoints.registered[self.source.id]

    async def register(self) -> None:
        await self.shop.endpoints.register(self.source.id)

    async def move(self, url: str) -> None:
        """The public address is another one from now on."""
        await self.shop.address.choose(TunnelKind.OWN, url=url)

    async def until(self, condition: Callable[[], bool], patience: float = 30) -> None:
        async with asyncio.timeout(patience):
            while not condition():
                self._happened.clear()
                await self._happened.wait()

    def _on_sales_changed(self, fact: SalesChanged) -> None:
        self.sold += [each.row.sale.order_id for each in fact.changes]
        self._happened.set()

    async def hear(self, base: str, secret: str, number: int = 1, to: str = "") -> int:
        """How a message of Stripe's is answered that is sent to `base` and signed by `secret`; `to` is where that
        leads, this computer by itself."""
        message = STRIPE.practise(Kind.SALE, secret, now(), number, url=base + self.source.path)
        headers = {name.decode(): value.decode() for name, value in message.headers.lines}
        headers["Host"] = base.partition("://")[2]
        async with aiohttp.ClientSession() as session:
            url = (to or f"http://127.0.0.1:{self.port}") + self.source.path
            async with session.post(url, data=message.body, headers=headers) as answer:
                return answer.status
