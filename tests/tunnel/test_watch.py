"""The watch believes only what it has seen itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.tunnel.watch import Rhythm, Watch

QUICK = Rhythm(every=dict.fromkeys(TunnelKind, 60), again=(0.02, 0.02), silent=0.02, timeout=30)
NEVER = Rhythm(every=dict.fromkeys(TunnelKind, 60), again=(60, 60))


@dataclass
class Shop:
    """A listener that may be deaf, a clock that is set by hand, and what the watch told."""

    url: str
    deaf: bool = False
    issued: int = 0
    looks: int = 0
    at: int = 1_000
    before_answer: Callable[[], None] = lambda: None
    reopened: int = 0
    told: list[Reach] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def issue(self) -> tuple[str, str]:
        self.issued += 1
        return f"/probe/{self.issued}", f"proof-{self.issued}"

    def reopen(self) -> None:
        self.reopened += 1

    def hear(self, reach: Reach) -> None:
        self.told.append(reach)
        self.more.set()

    @property
    def status(self) -> TunnelStatus:
        return TunnelStatus(TunnelKind.NONE, TunnelState.ONLINE, self.url)

    async def until(self, wanted: Callable[[Reach], bool], after: int = 0) -> Reach:
        async with asyncio.timeout(30):
            while True:
                for reach in self.told[after:]:
                    if wanted(reach):
                        return reach
                self.more.clear()
                await self.more.wait()

    async def state(self, state: ReachState, after: int = 0) -> Reach:
        return await self.until(lambda reach: reach.state is state, after)


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop("")

    async def answer(request: web.Request) -> web.Response:
        made.looks += 1
        made.before_answer()
        return web.Response(text="deaf" if made.deaf else f"proof-{request.match_info['number']}")

    app = web.Application()
    app.router.add_get("/probe/{number}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def watch_of(shop: Shop) -> AsyncIterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def make(rhythm: Rhythm = QUICK) -> Watch:
        made.append(Watch(shop.issue, shop.hear, shop.reopen, rhythm=rhythm, clock=lambda: shop.at))
        return made[-1]

    yield make
    for watch in made:
        await watch.stop()


type WatchOf = Callable[..., Watch]


async def test_an_opened_address_is_looked_at_at_once(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of()
    assert watch.reach.state is ReachState.UNKNOWN
    watch.on_tunnel_changed(shop.status)
    reach = await shop.state(ReachState.ANSWERS)
    assert [one.state for one in shop.told] == [ReachState.CHECKING, ReachState.ANSWERS]
    assert (reach.since, reach.checked_at, reach.problem) == (1_000, 1_000, None)


async def test_it_is_silent_after_three_failures_and_since_the_first(shop: Shop, watch_of: WatchOf) -> None:
    shop.deaf = True
    watch_of().on_tunnel_changed(shop.status)
    first = await shop.until(lambda reach: reach.problem is not None)
    assert first.state is ReachState.CHECKING
    shop.at = 9_000

    silent = await shop.state(ReachState.SILENT)

    assert shop.looks == 3
    assert (silent.since, silent.checked_at) == (1_000, 9_000)
    assert silent.problem is not None
    assert silent.problem.code == "address-elsewhere"


async def test_one_success_ends_silence(shop: Shop, watch_of: WatchOf) -> None:
    shop.deaf = True
    watch_of().on_tunnel_changed(shop.status)
    await shop.state(ReachState.SILENT)
    shop.deaf = False
    assert (await shop.state(ReachState.ANSWERS)).problem is None


async def test_an_address_opened_anew_is_silent_since_it_first_was(shop: Shop, watch_of: WatchOf) -> None:
    shop.deaf = True
    watch = watch_of()
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.SILENT)
    before, shop.at = len(shop.told), 50_000

    watch.on_tunnel_changed(replace(shop.status, state=TunnelState.RECONNECTING))
    assert watch.reach.state is ReachState.UNKNOWN
    watch.on_tunnel_changed(shop.status)

    assert (await shop.state(ReachState.SILENT, before)).since == 1_000


async def test_a_silent_address_is_opened_anew_but_not_all_the_time(shop: Shop, watch_of: WatchOf) -> None:
    shop.deaf = True
    watch = watch_of()
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.SILENT)
    await watch.check()
    assert shop.reopened == 1


async def test_what_a_new_start_cannot_mend_is_left_open(shop: Shop, watch_of: WatchOf) -> None:
    watch_of().on_tunnel_changed(replace(shop.status, public_url="http://127.0.0.1:9"))
    reach = await shop.state(ReachState.SILENT)
    assert reach.problem is not None
    assert reach.problem.code == "address-refused"
    assert shop.reopened == 0


async def test_it_looks_again_from_time_to_time(shop: Shop, watch_of: WatchOf) -> None:
    watch_of(replace(QUICK, every=dict.fromkeys(TunnelKind, 0.02))).on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    shop.deaf = True
    assert (await shop.state(ReachState.SILENT)).problem is not None


def test_a_free_ngrok_account_is_not_used_up_by_looking() -> None:
    a_month = 31 * 24 * 3600
    assert a_month / Rhythm().every[TunnelKind.NGROK] < 20_000 / 4


async def test_it_looks_when_asked_and_goes_on_from_there(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of()
    assert (await watch.check()).state is ReachState.UNKNOWN
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    shop.deaf = True
    assert (await watch.check()).state is ReachState.CHECKING
    await shop.state(ReachState.SILENT)


async def test_it_looks_at_once_when_it_is_told_to(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of(NEVER)
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    before, shop.deaf = len(shop.told), True
    watch.look_soon()
    assert (await shop.state(ReachState.CHECKING, before)).problem is not None


async def test_a_look_that_is_wanted_during_a_look_follows_it(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of(NEVER)
    shop.before_answer = watch.look_soon
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    before, shop.deaf = len(shop.told), True
    assert (await shop.state(ReachState.CHECKING, before)).problem is not None


async def test_a_closed_address_is_not_looked_at(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of()
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    watch.on_tunnel_changed(TunnelStatus())
    assert watch.reach.state is ReachState.UNKNOWN
    looks = shop.looks
    await watch.check()
    assert shop.looks == looks


async def test_an_address_that_is_opened_after_the_end_is_not_looked_at(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of()
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    await watch.stop()
    told = len(shop.told)
    watch.on_tunnel_changed(replace(shop.status, state=TunnelState.RECONNECTING))
    watch.on_tunnel_changed(shop.status)
    assert (watch.reach.state, len(shop.told)) == (ReachState.UNKNOWN, told)


async def test_a_look_that_ends_after_the_address_has_changed_says_nothing(shop: Shop, watch_of: WatchOf) -> None:
    watch = watch_of(NEVER)
    watch.on_tunnel_changed(shop.status)
    await shop.state(ReachState.ANSWERS)
    shop.deaf = True
    shop.before_answer = lambda: watch.on_tunnel_changed(TunnelStatus())
    assert (await watch.check()).state is ReachState.UNKNOWN
