"""A shop that is told of its sales by Stripe, at an address of its own."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from shopwatch.domain.clock import now
from shopwatch.domain.endpoint import Registered
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import DeliveryKept, EndpointsChanged, TunnelChanged
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.source import Source
from shopwatch.providers.stripe import STRIPE
from shopwatch.recovery.courier import Bounds, Courier
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.standin.stripe import HOST, KEY
from tests.standin.stripe_hooks import StripeHooks

ONE, TWO, THREE = "https://one.shop.test", "https://two.shop.test", "https://three.shop.test"


class Registering:
    """A shop with one source at Stripe, which hears at an address of its own. `hears`: it listens, too."""

    def __init__(
        self, folder: Path, stripe: StripeHooks, vault: MemoryVault, *, key: str = KEY, hears: bool = True
    ) -> None:
        self._folder = folder
        self._stripe = stripe
        self._vault = vault
        self._key = key
        self._hears = hears
        self._happened = asyncio.Event()

    async def __aenter__(self) -> Self:
        courier = Courier(Bounds(connect=1, total=5, pauses=()), stand_ins={HOST: self._stripe.site.origin})
        self.shop = await open_shop(Paths(self._folder), vault=self._vault, courier=courier)
        for fact in (EndpointsChanged, DeliveryKept, TunnelChanged):
            self.shop.bus.listen(fact, lambda _: self._happened.set())
        if not self.shop.sources:
            self.shop.change_settings(own_url=ONE, tunnel=TunnelKind.OWN)
            source = await self.shop.add_source("stripe")
            if self._key:
                await self.shop.set_api_key(source.id, self._key)
        self.port = await self.shop.start(port=0) if self._hears else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shop.close()

    @property
    def source(self) -> Source:
        return self.shop.sources[0]

    @property
    def known(self) -> Registered:
        return self.shop.endpoints[self.source.id]

    async def move(self, url: str) -> None:
        """The public address is another one from now on."""
        await self.shop.set_tunnel(TunnelKind.OWN, url=url)

    async def until(self, condition: Callable[[], bool], patience: float = 10) -> None:
        async with asyncio.timeout(patience):
            while not condition():
                self._happened.clear()
                await self._happened.wait()

    async def hear(self, base: str, secret: str, number: int = 1) -> int:
        """How a message of Stripe's is answered that is sent to `base` and signed by `secret`."""
        message = STRIPE.practise(Kind.SALE, secret, now(), number, url=base + self.source.path)
        headers = {name.decode(): value.decode() for name, value in message.headers.lines}
        headers["Host"] = base.removeprefix("https://")
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{self.port}{self.source.path}"
            async with session.post(url, data=message.body, headers=headers) as answer:
                return answer.status
