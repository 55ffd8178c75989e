"""A provider's register, a ledger and a password store, and a registrar between them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.facts import Bus
from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Secrets
from shopwatch.ledger import Ledger
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_client import ApiClient
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.recovery.registrar import Registrar
from shopwatch.runtime.clock import now
from shopwatch.secrets.api_keys import ApiKeys
from shopwatch.secrets.secret_store import SecretStore
from shopwatch.secrets.vault import MemoryVault
from tests.standin.registers import Register
from tests.standin.registers_all import ALL
from tests.standin.registers_payments import Stripe
from tests.standin.registers_shops import WooCommerce
from tests.standin.site import serving

KEY = "key-canaryCANARYcanary0123456789"
ONE, TWO, THREE = "https://one.shop.example", "https://two.shop.example", "https://three.shop.example"
PATIENT = Bounds(connect=10, total=30, pauses=())
HASTY = Bounds(connect=10, total=0.3, pauses=())
SIGNED_OTHERWISE = ("shopify", "bigcommerce", "authorize-net", "eventbrite")
"""Their messages are signed by what no endpoint has of its own, or not at all."""


@dataclass
class Scene:
    """One provider's register, a ledger, a password store, and a registrar between them."""

    folder: Path
    register: Register
    vault: MemoryVault = field(default_factory=MemoryVault)
    ahead: Instant = 0
    changes: int = 0

    async def open(self) -> None:
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'sales.sqlite'}", tell=Bus().tell)
        self.book = self.ledger.endpoints
        await self.book.refresh()
        held = await self.ledger.sources.all()
        options = dict(self.register.options)
        self.source = held[0] if held else await self.ledger.sources.add(self.register.provider_id, "Shop", options)
        self.keys, self.keeper = ApiKeys(self.vault), SecretStore(self.vault)
        if not held:
            if self.register.key == "the-key":
                self.register.key = KEY
            await self.keys.write(self.source.id, self.register.key)
        self._call(PATIENT)

    def _call(self, bounds: Bounds) -> None:
        api = api_of(self.register.provider_id)
        hosts = api.may_speak_to(self.source.options) if api is not None else ()
        self.transport = ApiTransport(bounds, stand_ins=dict.fromkeys(hosts, self.register.site.origin))
        self.registrar = Registrar(
            self.ledger,
            ApiClient(self.keys, self.transport),
            self.keeper,
            changed=self.on_changed,
            clock=lambda: now() + self.ahead,
        )

    async def hurry(self) -> None:
        """From now on hardly wait for an answer."""
        await self.transport.close()
        self._call(HASTY)

    async def close(self) -> None:
        await self.transport.close()
        self.ledger.close()

    async def on_changed(self) -> None:
        self.changes += 1

    def url(self, base: str) -> str:
        return base + self.source.path

    @property
    def known(self) -> Registered:
        return self.book.registered[self.source.id]

    async def make(self, base: str = ONE) -> None:
        await self.registrar.register(self.source, self.url(base))

    async def move(self, base: str = TWO) -> None:
        await self.registrar.move(self.source, self.url(base))

    @property
    def bases(self) -> list[str]:
        """The addresses that the provider sends to; some keep what is switched off for ever."""
        return sorted({line.url.removesuffix(self.source.path) for line in self.register.lines.values() if line.on})

    async def secrets(self) -> Secrets:
        return await self.keeper.read(self.source.id)

    async def counts(self, base: str, ahead: Instant = 0) -> bool:
        """Whether what is signed by at this address counts, or will."""
        signing = {line.secret for line in self.register.at(self.url(base))}
        if self.register.provider_id in SIGNED_OTHERWISE:
            return bool(signing)
        return bool(signing) and signing <= set((await self.secrets()).at(now() + self.ahead + ahead))

    async def whole(self, base: str) -> bool:
        """Whether one endpoint is at this address, known as it is, and its messages count."""
        lines, known = self.register.at(self.url(base)), self.known
        return (
            set(known.endpoint.id.split(" ")) == {line.id for line in lines}
            and len(lines) == len({(*sorted(line.types), line.id) for line in lines})
            and known.endpoint.url == self.url(base)
            and self.book.addresses[self.source.id] == base
            and known.endpoint.well
            and await self.counts(base)
        )


@pytest.fixture(params=ALL, ids=[kind.__name__ for kind in ALL])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    register = request.param()
    async with serving(register.site):
        scene = Scene(tmp_path, register)
        await scene.open()
        yield scene
        await scene.close()


at_stripe = pytest.mark.parametrize("scene", [Stripe], indirect=True)
at_two = pytest.mark.parametrize("scene", [Stripe, WooCommerce], indirect=True, ids=["given", "chosen"])
"""One gives a secret and tells it once, the other takes one."""
