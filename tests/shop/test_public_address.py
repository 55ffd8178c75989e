"""The way in which the outside reaches the shop changes, also while it is being changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shopwatch.domain.connection.reach import TunnelKind, TunnelState
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import TunnelChanged, VaultChanged
from shopwatch.host.paths import Paths
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.receiving import running_receiver
from shopwatch.shop.shop import Shop
from tests.standin.agent import StandIn
from tests.tunnel.scene import TOKEN, Told, free_port, soon

OWN = "https://shop.example.com"


class SlowVault(MemoryVault):
    """Gives the token only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def get(self, name: str) -> str | None:
        if name.startswith("tunnel/"):
            self.asked.set()
            await self.answers.wait()
        return await super().get(name)


@pytest.fixture
def vault() -> SlowVault:
    return SlowVault()


@pytest.fixture
async def shop(tmp_path: Path, vault: SlowVault) -> AsyncIterator[Shop]:
    shop = await open_shop(Paths(tmp_path / "shop"), vault=vault)
    await shop.start(port=0, tunnel=TunnelKind.NONE)
    yield shop
    await shop.close()


@pytest.fixture
async def opening(tmp_path: Path, shop: Shop, vault: SlowVault) -> AsyncIterator["asyncio.Task[None]"]:
    """An address from ngrok is being opened, and the password store has not yet given its token."""
    agent = StandIn(tmp_path, {"EDGE_PORT": str(free_port())})
    chosen = shop.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    task = asyncio.get_running_loop().create_task(chosen)
    await vault.asked.wait()
    yield task
    vault.answers.set()
    await task
    await soon(lambda: agent.running() == [])


async def test_what_was_chosen_last_is_opened(shop: Shop, vault: SlowVault, opening: "asyncio.Task[None]") -> None:
    later = asyncio.get_running_loop().create_task(shop.address.choose(TunnelKind.OWN, url=OWN))
    for _ in range(10):
        await asyncio.sleep(0)
    vault.answers.set()
    await asyncio.gather(opening, later)
    assert (shop.receiver.tunnel.kind, shop.receiver.tunnel.public_url) == (TunnelKind.OWN, OWN)


async def test_nothing_is_opened_after_the_end(shop: Shop, vault: SlowVault, opening: "asyncio.Task[None]") -> None:
    told: list[TunnelState] = []
    shop.bus.listen(TunnelChanged, lambda fact: told.append(fact.status.state))
    stopping = asyncio.get_running_loop().create_task(shop.stop())
    await asyncio.wait([stopping], timeout=0.1)
    vault.answers.set()
    await asyncio.gather(opening, stopping)
    assert told[-1] is TunnelState.STOPPED


class LockedVault(MemoryVault):
    """Cannot be read while it is `locked`; its owner unlocks it when asked."""

    locked = False

    async def get(self, name: str) -> str | None:
        await self.check()
        return await super().get(name)

    async def check(self) -> None:
        if self.locked:
            raise Outage("Your password store is locked.", code="vault-locked")

    async def unlock(self) -> None:
        self.locked = False


@dataclass
class Morning:
    """ShopWatch was started before its password store, which holds ngrok's token, was unlocked."""

    shop: Shop
    vault: LockedVault
    told: Told = field(default_factory=Told)
    works: asyncio.Event = field(default_factory=asyncio.Event)
    fails: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.shop.bus.listen(TunnelChanged, lambda fact: self.told(fact.status))
        self.shop.bus.listen(VaultChanged, lambda fact: (self.fails if fact.problem else self.works).set())

    async def hear(self, of_vault: asyncio.Event) -> None:
        async with asyncio.timeout(30):
            await of_vault.wait()


@pytest.fixture
def asks_again() -> float:
    return 600


@pytest.fixture
async def morning(tmp_path: Path, asks_again: float, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Morning]:
    monkeypatch.setattr(running_receiver, "ASKS_AGAIN", asks_again)
    agent, paths, vault = StandIn(tmp_path, {"EDGE_PORT": str(free_port())}), Paths(tmp_path / "shop"), LockedVault()
    before = await open_shop(paths, vault=vault)
    await before.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    await before.close()
    vault.locked = True
    morning = Morning(await open_shop(paths, vault=vault), vault)
    await morning.shop.start(port=0)
    await morning.hear(morning.fails)
    assert morning.shop.receiver.tunnel.problem is not None
    assert morning.shop.receiver.tunnel.problem.code == "vault-locked"
    yield morning
    await morning.shop.close()
    await soon(lambda: agent.running() == [])


@pytest.mark.parametrize("asks_again", [0.05])
async def test_an_address_opens_once_the_password_store_is_unlocked_elsewhere(morning: Morning) -> None:
    morning.works.clear()
    morning.vault.locked = False
    assert (await morning.told.state(TunnelState.ONLINE)).problem is None
    await morning.hear(morning.works)


async def test_an_address_opens_as_the_owner_unlocks_the_password_store(morning: Morning) -> None:
    assert await morning.shop.health.check_vault() is None
    await morning.told.state(TunnelState.ONLINE)


async def test_what_waits_for_the_password_store_gives_way_to_another_choice(morning: Morning) -> None:
    await morning.shop.address.choose(TunnelKind.OWN, url=OWN)
    heard = len(morning.told.statuses)
    await morning.shop.health.check_vault()
    with pytest.raises(TimeoutError):
        await morning.told.until(lambda _: True, after=heard, patience=0.5)
    assert (morning.shop.receiver.tunnel.kind, morning.shop.receiver.tunnel.public_url) == (TunnelKind.OWN, OWN)


async def test_nothing_waits_for_the_password_store_after_the_end(morning: Morning) -> None:
    await morning.shop.stop()
    heard = len(morning.told.statuses)
    await morning.shop.health.check_vault()
    with pytest.raises(TimeoutError):
        await morning.told.until(lambda _: True, after=heard, patience=0.5)
