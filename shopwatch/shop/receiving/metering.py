"""The meter of a free ngrok account: its requests are counted, so that their end does not come as a surprise."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from shopwatch.domain.connection.allowance import month_of
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, UsageChanged
from shopwatch.ledger.usage import UsageBook
from shopwatch.runtime.clock import in_step, now
from shopwatch.runtime.tasks import call_off, spawn

_EVERY = 60.0


class Metering:
    """Counts from `start` to `stop`, and puts it down once a minute. Tells `UsageChanged` on the bus.

    `calls` are all requests from outside so far; `counts` says whether they come through ngrok now.
    """

    def __init__(self, usage: UsageBook, bus: Bus, *, calls: Callable[[], int], counts: Callable[[], bool]) -> None:
        self.used = 0
        self._usage = usage
        self._bus = bus
        self._calls = calls
        self._counts = counts
        self._month = ""
        self._put_down = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to count, on the running loop."""
        self._task = spawn(self._run_loop(), "meter")

    async def stop(self) -> None:
        """Count no more; what was counted is put down."""
        await call_off(self._task)
        self._task = None
        await self._look_once()

    async def _run_loop(self) -> None:
        while True:
            await self._look_once()
            await asyncio.sleep(in_step(_EVERY))

    async def _look_once(self) -> None:
        calls, month = self._calls(), month_of(now())
        more = calls - self._put_down if self._counts() else 0
        if more or month != self._month:
            with suppress(Outage):  # they are put down the next time
                self.used = await self._usage.count(month, more)
                self._month, self._put_down = month, calls
                self._bus.tell(UsageChanged(self.used))
        else:
            self._put_down = calls
