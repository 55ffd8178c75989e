"""The way in which the outside reaches the shop changes, also while it is being changed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shopwatch.domain.facts import TunnelChanged
from shopwatch.domain.reach import TunnelKind, TunnelState
from shopwatch.settings.paths import Paths
from shopwatch.settings.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.standin.agent import StandIn
from tests.tunnel.scene import TOKEN, free_port

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
    chosen = shop.set_tunnel(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    task = asyncio.get_running_loop().create_task(chosen)
    await vault.asked.wait()
    yield task
    vault.answers.set()
    await task
    assert agent.running() == []


async def test_what_was_chosen_last_is_opened(shop: Shop, vault: SlowVault, opening: "asyncio.Task[None]") -> None:
    later = asyncio.get_running_loop().create_task(shop.set_tunnel(TunnelKind.OWN, url=OWN))
    for _ in range(10):
        await asyncio.sleep(0)
    vault.answers.set()
    await asyncio.gather(opening, later)
    assert (shop.tunnel.kind, shop.tunnel.public_url) == (TunnelKind.OWN, OWN)


async def test_nothing_is_opened_after_the_end(shop: Shop, vault: SlowVault, opening: "asyncio.Task[None]") -> None:
    told: list[TunnelState] = []
    shop.bus.listen(TunnelChanged, lambda fact: told.append(fact.status.state))
    stopping = asyncio.get_running_loop().create_task(shop.stop())
    await asyncio.wait([stopping], timeout=0.1)
    vault.answers.set()
    await asyncio.gather(opening, stopping)
    assert told[-1] is TunnelState.STOPPED
