"""The jobs that ring: taken together, told together, each of them once."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from shopwatch.domain.clock import Clock, now
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, Change, JobsChanged, JobsOwed, Rung, SaleChange
from shopwatch.domain.job import Job, JobKey, JobState, Subject
from shopwatch.domain.rule import Action, Trigger
from shopwatch.domain.tasks import spawn
from shopwatch.ledger.outbox import Outbox

_AT_ONCE = 500
_LOOKS_AGAIN = 60.0
_OUTAGE_PAUSE = 5.0

_log = logging.getLogger(__name__)


class Ringing:
    """Tells `Rung` on the bus for whatever the rules ring for; who shows pop-ups and has the bell listens to that.

    A job counts as done once it was told; a crash in between leaves it uncertain, and it does not ring again.
    """

    def __init__(self, outbox: Outbox, bus: Bus, *, clock: Clock = now) -> None:
        self._outbox = outbox
        self._bus = bus
        self._clock = clock
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._deafen: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin with what waits already, on the running loop."""
        self._deafen = [self._bus.listen(kind, self._on_news) for kind in (JobsOwed, JobsChanged)]
        self._task = spawn(self._work(), "ringing")

    async def stop(self) -> None:
        while self._deafen:
            self._deafen.pop()()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _on_news(self, _fact: object) -> None:
        self._news.set()

    async def _work(self) -> None:
        while True:
            self._news.clear()
            try:
                jobs = await self._outbox.take([Action.RING], _AT_ONCE)
                if jobs:
                    await self._ring(jobs)
                    continue
            except Outage as outage:
                _log.warning("the bell rests: %s", outage)
                await asyncio.sleep(_OUTAGE_PAUSE)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS_AGAIN):
                    await self._news.wait()

    async def _ring(self, jobs: Sequence[Job]) -> None:
        about = await self._outbox.subjects(jobs)
        groups: dict[tuple[str, str, str], list[Job]] = {}
        for job in jobs:
            wish = (job.settings.get("bell", ""), job.settings.get("stays", ""), job.settings.get("sound", ""))
            groups.setdefault(wish, []).append(job)
        for (bell, stays, sound), together in groups.items():
            self._bus.tell(_rung(together, about, bell=bell == "yes", stays=stays == "yes", sound=sound))
        await self._outbox.settle([job.key for job in jobs], JobState.DONE)


def _rung(jobs: Sequence[Job], about: dict[JobKey, Subject], *, bell: bool, stays: bool, sound: str) -> Rung:
    subjects = [(job, about[job.key]) for job in jobs if job.key in about]
    return Rung(
        sales=tuple(
            SaleChange(each.sale, Change.NEW if job.trigger is Trigger.SALE_PAID else Change.UPDATED)
            for job, each in subjects
            if each.sale
        ),
        happenings=tuple(each.happening for _, each in subjects if each.happening),
        bell=bell,
        stays=stays,
        sound=sound,
    )
