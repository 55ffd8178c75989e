"""Knowing when nothing can be heard: every such time becomes a gap with its cause."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, GapBegan, GapEnded, ReachChanged, Subscriptions, TunnelChanged
from shopwatch.domain.instant import MINUTE, SECOND, Clock, Instant
from shopwatch.ledger.recovery.gaps import GapBook
from shopwatch.runtime.clock import in_step, now
from shopwatch.runtime.tasks import call_off, spawn

TICK: Instant = 6 * SECOND
"""How often the clocks are compared."""

ALIVE_EVERY: Instant = MINUTE
"""How often the ledger is told that the program lives, which bounds how long a gap looks after a crash."""

STOOD_STILL: Instant = 5 * SECOND
"""So much more than a tick between two ticks, and whatever was known before may not be true any more."""

SLEPT: Instant = 30 * SECOND
"""So much more than a tick between two ticks means that the computer slept, or the program was stopped."""

SHORTEST: Instant = 2 * MINUTE
"""A program closed for less than this, as for an update, missed nothing that its senders would not send again."""

_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before the listener is started again, and again."""

_HEALTH_EVERY: Instant = MINUTE
_OFFLINE = "no-internet"
_log = logging.getLogger(__name__)


class Watchdog:
    """Watches one shop's hearing from `start` to `stop`. Tells `GapBegan` and `GapEnded` on the bus.

    `listens` asks the listener itself whether it answers; `restart` starts it anew. `woken` is told for how long the
    computer slept or this program stood still; a clock set ahead looks the same.
    """

    def __init__(
        self,
        gaps: GapBook,
        bus: Bus,
        *,
        listens: Callable[[], Awaitable[bool]],
        restart: Callable[[], Awaitable[None]],
        woken: Callable[[Instant], None] = lambda _: None,
        clock: Clock = now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gaps = gaps
        self._bus = bus
        self._listens = listens
        self._restart = restart
        self._woken = woken
        self._clock = clock
        self._sleep = sleep
        self._tunnel = TunnelStatus()
        self._reach = Reach()
        self._deaf = False
        self._owed = False
        self._looking = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._subscriptions = Subscriptions(bus)

    async def start(self) -> None:
        """Note how long nobody heard, then watch, on the running loop."""
        await self._note_absence()
        self._subscriptions.listen(TunnelChanged, self._on_tunnel_changed)
        self._subscriptions.listen(ReachChanged, self._on_reach_changed)
        self._tasks = [spawn(self._check_once(), "watchdog"), spawn(self._look_after_listener(), "watchdog: listener")]

    async def stop(self) -> None:
        """Watch no more; from now on nobody hears."""
        self._subscriptions.close()
        await call_off(*self._tasks)
        self._tasks.clear()
        with suppress(Outage):
            await self._gaps.say_alive()

    async def look(self) -> None:
        """Put down what is known now: a gap begins, ends, or goes on. What cannot be put down is tried again."""
        async with self._looking:
            known, self._owed = self._owed, False
            deaf = _deafness_of(self._tunnel, self._reach)
            if deaf is None or bool(deaf) == self._deaf:
                return
            try:
                if deaf is False:
                    ended = await self._gaps.end(self._clock())
                    self._deaf = False
                    for gap in ended:
                        self._bus.tell(GapEnded(gap))
                else:
                    cause, since = deaf
                    gap = await self._gaps.begin(cause, since)
                    self._deaf = True
                    self._bus.tell(GapBegan(gap))
            except Outage as outage:
                self._owed = True
                if not known:
                    _log.warning("a gap could not be noted: %s", outage)

    async def _note_absence(self) -> None:
        moment = self._clock()
        with suppress(Outage):
            alive_at = await self._gaps.alive_at()
            lasting = [gap for gap in await self._gaps.all(since=moment) if gap.lasts]
            await self._gaps.say_alive()
            if lasting:
                # It ended without having heard again; whatever the cause was, this is one time of silence.
                for gap in await self._gaps.end(moment):
                    self._bus.tell(GapEnded(gap))
            elif alive_at and moment - alive_at > SHORTEST:
                self._bus.tell(GapEnded(await self._gaps.add(Cause.CLOSED, alive_at, moment)))

    def _on_tunnel_changed(self, fact: TunnelChanged) -> None:
        self._tunnel = fact.status
        spawn(self.look(), "watchdog: look")

    def _on_reach_changed(self, fact: ReachChanged) -> None:
        self._reach = fact.reach
        spawn(self.look(), "watchdog: look")

    async def _check_once(self) -> None:
        last = told = self._clock()
        while True:
            tick = in_step(TICK / 1000)
            await self._sleep(tick)
            moment = self._clock()
            stood_still = moment - last - round(tick * 1000)
            if stood_still > STOOD_STILL:
                self._woken(stood_still)
            if stood_still > SLEPT:
                _log.info("nothing was heard for %d s while the computer slept", (moment - last) // 1000)
                await self._note_sleep(last, moment)
            if moment - told >= ALIVE_EVERY or moment < told:
                told = moment
                with suppress(Outage):
                    await self._gaps.say_alive()
            if self._owed:
                await self.look()
            last = moment

    async def _note_sleep(self, since: Instant, until: Instant) -> None:
        try:
            gap: Gap = await self._gaps.add(Cause.ASLEEP, since, until)
        except Outage as outage:
            _log.warning("a gap could not be noted: %s", outage)
            return
        self._bus.tell(GapEnded(gap))

    async def _look_after_listener(self) -> None:
        failures = 0
        while True:
            pause = _PAUSES[min(failures, len(_PAUSES)) - 1] if failures else in_step(_HEALTH_EVERY / 1000)
            await self._sleep(pause)
            if await self._listens():
                if failures:
                    await self._hear_again()
                failures = 0
                continue
            failures += 1
            if failures == 1:
                continue  # one look may fail for a busy moment
            await self._fell_silent()
            try:
                await self._restart()
            except Exception as failure:
                _log.warning("the listener could not be started again: %s", failure)

    async def _fell_silent(self) -> None:
        with suppress(Outage):
            if not self._deaf:
                gap = await self._gaps.begin(Cause.LISTENER, self._clock())
                self._deaf = True
                self._bus.tell(GapBegan(gap))

    async def _hear_again(self) -> None:
        if not self._deaf:
            return
        with suppress(Outage):
            for gap in await self._gaps.end(self._clock()):
                self._bus.tell(GapEnded(gap))
            self._deaf = False
        await self.look()


def _deafness_of(tunnel: TunnelStatus, reach: Reach) -> tuple[Cause, Instant] | Literal[False] | None:
    """Why nothing is heard and since when; False if all is well, None if nobody knows yet."""
    if tunnel.kind is TunnelKind.NONE:
        return False
    for problem, since in ((tunnel.problem, tunnel.since), (reach.problem, reach.since)):
        if problem is not None and problem.code == _OFFLINE:
            return Cause.OFFLINE, since
    if tunnel.state in (TunnelState.FAILED, TunnelState.NEEDS_USER):
        return Cause.ADDRESS, tunnel.since
    if reach.state is ReachState.SILENT:
        return Cause.ADDRESS, reach.since
    if reach.state is ReachState.ANSWERS and tunnel.state in (TunnelState.ONLINE, TunnelState.URL_CHANGED):
        return False
    return None
