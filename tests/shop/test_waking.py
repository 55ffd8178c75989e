"""A computer that wakes does not trust the address it had."""

import asyncio
import time
from pathlib import Path

import time_machine

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind
from shopwatch.domain.facts import GapEnded, ReachChanged
from shopwatch.domain.instant import HOUR
from shopwatch.host.paths import Paths
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from tests.standin.agent import StandIn
from tests.tunnel.scene import TOKEN, free_port


async def test_after_a_sleep_the_tunnel_is_opened_anew_and_looked_at(tmp_path: Path) -> None:
    agent = StandIn(tmp_path, {"EDGE_PORT": str(free_port())})
    shop = await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault())
    gaps: list[Gap] = []
    looks: asyncio.Queue[Reach] = asyncio.Queue()
    shop.bus.listen(GapEnded, lambda fact: gaps.append(fact.gap))
    shop.bus.listen(ReachChanged, lambda fact: looks.put_nowait(fact.reach))

    async def answers(since: int) -> None:
        async with asyncio.timeout(30):
            while (reach := await looks.get()).state is not ReachState.ANSWERS or (reach.checked_at or 0) < since:
                pass

    await shop.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    await shop.start(port=0)
    await answers(0)
    slept = now()
    with time_machine.travel(time.time() + 8 * HOUR / 1000, tick=True):
        await answers(slept + 8 * HOUR)
        await shop.close()

    assert len(agent.journal) == 2
    assert [gap.cause for gap in gaps] == [Cause.ASLEEP]
