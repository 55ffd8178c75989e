"""What comes through ngrok is counted, month by month, and the owner hears before it is too much."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from shopwatch.domain.connection.allowance import FREE_REQUESTS, month_of, running_out
from shopwatch.domain.connection.reach import ReachState, TunnelKind
from shopwatch.domain.facts import Bus, ReachChanged, UsageChanged
from shopwatch.domain.instant import Instant
from shopwatch.host.paths import Paths
from shopwatch.ledger import Ledger
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.receiving.metering import Metering
from shopwatch.shop.shop import Shop
from tests.standin.agent import StandIn
from tests.standin.hours import Hours
from tests.tunnel.scene import TOKEN, free_port


def at(month: int, day: int, hour: int, minute: int) -> Instant:
    return round(datetime(2026, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


def test_each_month_begins_anew_and_what_comes_another_way_costs_nothing(tmp_path: Path) -> None:
    hours = Hours(at(11, 30, 23, 50))
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'sales.sqlite'}")
    hours.works = lambda: not ledger.outbox.at_rest
    bus, told = Bus(), list[int]()
    bus.listen(UsageChanged, lambda fact: told.append(fact.requests))
    calls, ngrok = 0, True

    async def live() -> None:
        nonlocal calls, ngrok
        metering = Metering(ledger.usage, bus, calls=lambda: calls, counts=lambda: ngrok)
        metering.start()
        for more, through_ngrok in ((0, True), (5, True), (100, False), (7, True)):
            calls, ngrok = calls + more, through_ngrok
            await asyncio.sleep(120)
        assert (told, metering.used) == ([0, 5, 12], 12)
        await asyncio.sleep(240)
        assert metering.used == 0
        calls += 3
        await metering.stop()
        assert metering.used == 3
        assert await ledger.usage.count("2026-11", 0) == 12

    hours.run(live)
    ledger.close()


@pytest.fixture
async def shop(tmp_path: Path) -> Shop:
    return await open_shop(Paths(tmp_path / "shop"), vault=MemoryVault(), locale="en_US")


async def test_requests_by_the_public_address_are_counted_and_this_computers_own_are_not(
    tmp_path: Path, shop: Shop
) -> None:
    agent = StandIn(tmp_path, {"EDGE_PORT": str(free_port())})
    answers = asyncio.Event()
    shop.bus.listen(ReachChanged, lambda fact: answers.set() if fact.reach.state is ReachState.ANSWERS else None)
    await shop.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    port = await shop.start(port=0)
    async with asyncio.timeout(30):
        await answers.wait()
    async with aiohttp.ClientSession() as session:
        for address in [shop.receiver.tunnel.public_url] * 30 + [f"http://127.0.0.1:{port}"] * 500:
            async with session.post(f"{address}/in/nobody", data=b"{}") as answer:
                assert answer.status == 404
    await shop.stop()

    used = await shop.ledger.usage.count(month_of(now()), 0)
    assert 31 <= used <= 40  # with its own looks at the address
    await shop.close()


@pytest.mark.parametrize("used", [0, 15_999])
def test_while_there_is_plenty_nothing_is_said(used: int) -> None:
    assert running_out(used, "en_US") is None


async def test_the_owner_is_told_before_it_is_too_much_unless_the_account_is_not_a_free_one(
    tmp_path: Path, shop: Shop
) -> None:
    agent = StandIn(tmp_path, {"EDGE_PORT": str(free_port())})
    await shop.ledger.usage.count(month_of(now()), FREE_REQUESTS * 4 // 5)
    counted = asyncio.Event()
    shop.bus.listen(UsageChanged, lambda _: counted.set())
    await shop.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(agent.path))
    await shop.start(port=0)
    async with asyncio.timeout(30):
        await counted.wait()
    nearly = shop.address.allowance_problem
    assert nearly is not None
    assert nearly.title == "16,000 of this month’s 20,000 free requests of ngrok are used."
    shop.settings.change(ngrok_is_free=False)
    assert shop.address.allowance_problem is None
    await shop.close()
