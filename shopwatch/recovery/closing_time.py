"""When a day is checked by itself: at the hour the owner chose, and once more a day later if it was not over yet."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock, Instant
from shopwatch.domain.sales.closing import NEVER, DayCheck
from shopwatch.providers.api import ApiProblem
from shopwatch.runtime.clock import in_step, now, steady
from shopwatch.runtime.tasks import call_off, report, spawn

_NOON = 12 * 60

FIRST = 180.0
"""Seconds after the start, when what was missed has been asked for."""

AGAIN = 900.0
"""Seconds after which a check is tried again for which a provider could not be asked."""

_TICK = 60.0

type Due = tuple[date, Instant]
"""A day, and since when it is to be checked."""

_PASSING = frozenset({ApiProblem.AWAY.value, ApiProblem.LIMIT.value})


class ClosingTime:
    """Works from `start` to `stop`. `minute` is that of the day, or `NEVER`; `asked` are the sources that a day is
    checked of, `kept` its last checks."""

    def __init__(
        self,
        minute: Callable[[], int],
        asked: Callable[[date], Collection[str]],
        kept: Callable[[date], Awaitable[Sequence[DayCheck]]],
        check: Callable[[date, Collection[str]], Awaitable[object]],
        *,
        clock: Clock = now,
        steady: Callable[[], float] = steady,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._minute = minute
        self._asked = asked
        self._kept = kept
        self._check = check
        self._clock = clock
        self._steady = steady
        self._sleep = sleep
        self._not_before = 0.0
        self._done: Sequence[Due] = ()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look at the clock, on the running loop."""
        self._not_before = self._steady() + FIRST
        self._task = spawn(self._run_loop(), "closing time")

    async def stop(self) -> None:
        """Look no more; a check that is under way is dropped."""
        await call_off(self._task)
        self._task = None

    async def _run_loop(self) -> None:
        while True:
            try:
                await self._look_once()
            except UserError:
                pass  # others tell the owner that the ledger or the password store is away
            except Exception as failure:
                report(failure, "closing time")  # and the days to come are checked all the same
            await self._sleep(in_step(_TICK, self._steady()))

    async def _look_once(self) -> None:
        minute = self._minute()
        if minute == NEVER or self._steady() < self._not_before:
            return
        dues = last_due(self._clock(), minute)
        if dues == self._done:
            return
        self._not_before = self._steady() + AGAIN
        for day, since in dues:
            if left := await self._seconds_left(day, since):
                await self._check(day, left)
        if not any([await self._seconds_left(*due) for due in dues]):
            self._done, self._not_before = dues, 0

    async def _seconds_left(self, day: date, since: Instant) -> frozenset[str]:
        """Of which this day has not been checked since then, or could not be."""
        kept = [
            each
            for each in await self._kept(day)
            if since <= each.checked_at <= self._clock() and not _passes_time(each)
        ]
        return frozenset(self._asked(day)) - {each.source_id for each in kept}


def last_due(at: Instant, minute: int) -> Sequence[Due]:
    """The days that are to be checked at `at`, and since when they are.

    Who closes before noon closes after midnight, and means the day before. Who closes in the evening may sell until
    midnight: the day before is checked once more, now that it is over.
    """
    today = datetime.fromtimestamp(at / 1000).astimezone().date()
    begins = next(each for each in (today, today - timedelta(1)) if _instant_of(each, minute) <= at)
    before = begins - timedelta(1)
    since = _instant_of(begins, minute)
    return ((before, since),) if minute < _NOON else ((before, _instant_of(begins, 0)), (begins, since))


def _instant_of(day: date, minute: int) -> Instant:
    return round(datetime.combine(day, time(*divmod(minute, 60))).astimezone().timestamp() * 1000)


def _passes_time(check: DayCheck) -> bool:
    """Whether what stood in the way may be gone in a while."""
    return check.problem is not None and check.problem.code in _PASSING
