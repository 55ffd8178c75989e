"""What watching costs while nothing happens, and how soon it notices: with a stand-in for ngrok's agent."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import time_machine
from aiohttp import web

from benchmarks.http.servers import Command, shopwatch
from benchmarks.idle import IDLE, idle
from benchmarks.results import Figure
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.host.paths import Paths
from shopwatch.listener.probes import Probes
from shopwatch.runtime.clock import now
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from shopwatch.tunnel.watch import Watch
from tests.standin.agent import StandIn, ask
from tests.standin.hours import Hours
from tests.standin.site import Site, hang, serving
from tests.tunnel.scene import TOKEN, free_port

WAKES_A_DAY, DAYS = 4, 31
AWAKENINGS = 5
_DAY = 86_400.0
_PATIENCE = 60.0


def measure(say: Callable[[str], None]) -> Iterator[Figure]:
    """Every figure of the watch."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"shopwatch serve, and {IDLE:.0f} s in which nothing happens")
        yield from _idle(Path(folder) / "idle")
        say("a day of the watch over a public address, in hours that take seconds")
        yield from _requests()
        yield from _noticing()
        say(f"{AWAKENINGS} awakenings after eight hours")
        yield from _waking(Path(folder) / "waking")


def _idle(folder: Path) -> Iterator[Figure]:
    folder.mkdir()
    agent = _agent(folder)

    def arrange(command: Command) -> None:
        command("tunnel", "ngrok", "--token-stdin", "--program", str(agent.path), stdin=TOKEN)

    with shopwatch(folder, arrange, tunnel="ngrok") as server:
        used = idle(server.process.pid)
    yield Figure("of one core, while nothing happens", used, ".2f", "%", at_most=0.5)


class _Watched:
    """A watch over an address at ngrok, and what it told at which second."""

    def __init__(self, hours: Hours) -> None:
        self.told: list[tuple[float, Reach]] = []
        self._probes = Probes()
        self._hours = hours
        self.site = Site(self._answer)
        self.watch = Watch(self._probes.issue, self._tell, lambda: None)

    def begin(self) -> None:
        self.watch.on_tunnel_changed(TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, self.site.origin, now()))

    def first(self, found: Callable[[Reach], bool]) -> float:
        return next(at for at, reach in self.told if found(reach))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=self._probes.redeem(request.path) or "")

    def _tell(self, reach: Reach) -> None:
        self.told.append((self._hours.steady, reach))


def _requests() -> Iterator[Figure]:
    hours = Hours(now())

    async def live() -> int:
        watched = _Watched(hours)
        async with serving(watched.site):
            watched.begin()
            for _ in range(WAKES_A_DAY):
                await asyncio.sleep(_DAY / WAKES_A_DAY)
                hours.jump(hours.wall + 3_600)
                watched.watch.look_soon()
            await asyncio.sleep(10)
            await watched.watch.stop()
            return len(watched.site.asked)

    asked = hours.run(live) * DAYS
    yield Figure(f"requests to ngrok a month, woken {WAKES_A_DAY} times a day", float(asked), ",.0f", at_most=5_000)


def _noticing() -> Iterator[Figure]:
    hours = Hours(now())

    async def live() -> tuple[float, _Watched]:
        watched = _Watched(hours)
        async with serving(watched.site):
            watched.begin()
            await watched.site.until_asked(1)
            await asyncio.sleep(1)
            died, watched.site.handle = hours.steady, hang
            await asyncio.sleep(1_000)
            await watched.watch.stop()
            return died, watched

    died, watched = hours.run(live)
    failed = watched.first(lambda reach: reach.problem is not None)
    silent = watched.first(lambda reach: reach.state is ReachState.SILENT)
    yield Figure("a dead address, after a failed answer", silent - failed, ".0f", "s", at_most=30)
    yield Figure("a dead address, at worst", (silent - died) / 60, ".1f", "min", at_most=10)


def _waking(folder: Path) -> Iterator[Figure]:
    took = []
    for number in range(AWAKENINGS):
        place = folder / str(number)
        place.mkdir(parents=True)
        took.append(asyncio.run(_woken(place)))
    yield Figure("wake to listening, the longest", max(took), ".1f", "s", at_most=15)


async def _woken(folder: Path) -> float:
    """Seconds from the computer's awakening until the public address is known to lead here."""
    shop = await open_shop(Paths(folder / "data"), vault=MemoryVault())
    try:
        await shop.address.choose(TunnelKind.NGROK, token=TOKEN, program=str(_agent(folder).path))
        await shop.start(port=0)
        await _until(lambda: _hears(shop, 0))
        await ask(shop.receiver.tunnel.public_url, "drop?seconds=1")
        began = time.monotonic()
        with time_machine.travel(time.time() + 8 * 3_600, tick=True):
            woken = now()
            await _until(lambda: _hears(shop, woken))
        return time.monotonic() - began
    finally:
        await shop.close()


def _hears(shop: Shop, since: int) -> bool:
    checked = shop.receiver.reach.state is ReachState.ANSWERS and (shop.receiver.reach.checked_at or 0) >= since
    return checked and shop.receiver.tunnel.state in {TunnelState.ONLINE, TunnelState.URL_CHANGED}


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not true():  # noqa: ASYNC110 - a look each hundredth of a second is what is measured by
            await asyncio.sleep(0.01)


def _agent(folder: Path) -> StandIn:
    return StandIn(folder, {"EDGE_PORT": str(free_port())})
