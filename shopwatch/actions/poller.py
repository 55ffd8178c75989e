"""The outbox looked at again and again, as its news and its times demand."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, JobsOwed, Subscriptions
from shopwatch.domain.instant import SECOND, Clock, Instant
from shopwatch.runtime.clock import steady
from shopwatch.runtime.tasks import call_off, spawn

LOOKS_AGAIN = 30.0
"""Seconds after which it looks without any news: another process may have put something there."""

GRACE = 3.0
"""Seconds that what is on its way has to end, once no more is taken."""

_OUTAGE_PAUSE = 5.0

_SET_BACK: Instant = 2 * SECOND
"""What a clock goes back more than at once, somebody has set; less is how clocks are kept right."""

_log = logging.getLogger(__name__)


class Poller:
    """Calls `once` for the jobs of `action`, one round after the other, from `start` to `stop`.

    `once` gives the seconds until the next round, 0 for at once; jobs that are newly owed bring it sooner. `resume` is
    called before the first round, and again once `clock` has been put back.
    """

    def __init__(
        self,
        bus: Bus,
        action: str,
        once: Callable[[], Awaitable[float]],
        resume: Callable[[], Awaitable[None]],
        *,
        clock: Clock,
    ) -> None:
        self._subscriptions = Subscriptions(bus)
        self._action = action
        self._once = once
        self._resume = resume
        self._clock = clock
        self._offset: Instant | None = None
        self._news = asyncio.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        self._subscriptions.listen(JobsOwed, self._on_owed)
        self._task = spawn(self._run_loop(), f"outbox: {self._action}")

    async def stop(self) -> None:
        """Begin no other round; the one under way has 3 seconds to end, and is cut off then."""
        self._subscriptions.close()
        self._ended = True
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=GRACE)
            await call_off(self._task)

    def _on_owed(self, owed: JobsOwed) -> None:
        if self._action in owed.actions:
            self._news.set()

    async def _run_loop(self) -> None:
        rests = False
        while not self._ended:
            self._news.clear()
            try:
                await self._follow_clock()
                seconds = await self._once()
                rests = False
            except Outage as outage:
                if not rests:
                    _log.warning("the outbox rests: %s", outage)
                rests = True
                seconds = _OUTAGE_PAUSE
            if seconds and not self._ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(seconds, LOOKS_AGAIN)):
                        await self._news.wait()

    async def _follow_clock(self) -> None:
        offset = self._clock() - round(steady() * SECOND)
        if self._offset is None or offset < self._offset - _SET_BACK:
            await self._resume()
            self._offset = offset
        self._offset = max(self._offset, offset)
