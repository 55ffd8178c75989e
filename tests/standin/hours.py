"""Hours that take seconds: time passes only while nobody has anything to do."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import time_machine

from shopwatch.domain.instant import Instant

_LEAST = 1e-6
"""Seconds that always go by, so that whoever waits for a moment finds it over."""


class Hours:
    """A clock and a stop watch, and the loop that moves them on: always to the next moment for which somebody waits.

    `works` says whether threads that the loop does not know of are still at something; no time passes then.
    """

    def __init__(self, began: Instant) -> None:
        self.steady = 1_000.0
        self.works: Callable[[], bool] = lambda: False
        self.threads = 0
        self._offset = began / 1000 - self.steady
        self._wrong = 0.0
        self._shown: time_machine.Traveller | None = None
        self._turns: list[tuple[int, Callable[[], None]]] = []
        self._turn = 0

    @property
    def wall(self) -> float:
        """Seconds since 1970."""
        return self.steady + self._offset

    @contextmanager
    def reign(self) -> Iterator[None]:
        """Let everything in this process live by these hours."""
        real, real_clock = time.monotonic, time.clock_gettime
        with time_machine.travel(self.wall, tick=False) as shown:
            self._shown = shown
            time.monotonic = lambda: self.steady
            time.clock_gettime = lambda which: self.wall if which == time.CLOCK_BOOTTIME else real_clock(which)
            try:
                yield
            finally:
                time.monotonic, time.clock_gettime = real, real_clock
                self._shown = None

    def run[Found](self, work: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """What `asyncio.run` does, in these hours."""
        with self.reign(), asyncio.Runner(loop_factory=lambda: _Loop(self)) as runner:
            return runner.run(work())

    def pass_by(self, seconds: float) -> None:
        """So much time goes by for everybody."""
        self.steady += seconds + _LEAST
        self._show()

    def jump(self, wall: float) -> None:
        """It is so late all at once, and no stop watch of this computer has noticed: it slept."""
        self._offset += max(0.0, wall - self.wall)
        self._show()

    def mislead(self, seconds: float) -> None:
        """Let the clock of this computer show so much more than `wall`."""
        self._wrong = seconds
        self._show()

    def after(self, turns: int, act: Callable[[], None]) -> None:
        """Call `act` once the loop has gone round so often, whatever is under way then."""
        self._turns.append((self._turn + turns, act))

    def turn(self) -> None:
        """The loop goes round once more."""
        self._turn += 1
        due = [act for at, act in self._turns if at <= self._turn]
        if due:
            self._turns = [each for each in self._turns if each[0] > self._turn]
            for act in due:
                asyncio.get_running_loop().call_soon(act)

    def _show(self) -> None:
        if self._shown is not None:
            self._shown.move_to(self.wall + self._wrong)


class _Selector(selectors.DefaultSelector):
    """Never waits for time, only for threads."""

    def __init__(self, hours: Hours) -> None:
        super().__init__()
        self._hours = hours

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._hours.turn()
        found = super().select(0)
        if timeout is not None and timeout <= 0:
            return found
        while not found and (self._hours.threads or self._hours.works()):
            found = super().select(0.05)
        # What was sent over loopback by the last callback has arrived by now, if it has not before.
        found = found or super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for something that will never be"
            self._hours.pass_by(timeout)
        return found


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        super().__init__(_Selector(hours))

    def time(self) -> float:
        return self._hours.steady

    def run_in_executor[*Given, Found](
        self, executor: Executor | None, func: Callable[[*Given], Found], *args: *Given
    ) -> asyncio.Future[Found]:
        self._hours.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio's own
        self._hours.threads += 1
        await super().shutdown_default_executor(timeout)
        self._hours.threads -= 1

    def _done(self, _: object) -> None:
        self._hours.threads -= 1
