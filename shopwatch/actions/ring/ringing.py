"""The jobs that ring: taken together, told together, each of them once."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from shopwatch.actions.poller import LOOKS_AGAIN, Poller
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus, NotificationsDue, SaleRow
from shopwatch.domain.instant import Clock
from shopwatch.domain.rules.job import LATE, Job, JobKey, JobState, Subject
from shopwatch.domain.rules.rule import RING, Trigger
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.runtime.clock import now

_AT_ONCE = 100
"""Few enough that taking them does not keep the answers waiting that are to be written next."""
_PACE = 0.1
"""Seconds between two rounds at least: each costs the ledger a commit, however much rings in it."""
_SLOWER = 0.4
"""The same while much comes in: what rings then rings together anyway, and answers come first."""


class Ringing:
    """Tells `NotificationsDue` on the bus for whatever the rules ring for; who shows pop-ups and has the bell hears
    it.

    A job counts as done once it was told; a crash in between leaves it uncertain, and it does not ring again. Until it
    can be read what a job is about, it waits.
    """

    def __init__(self, outbox: OutboxBook, bus: Bus, *, clock: Clock = now) -> None:
        self._outbox = outbox
        self._bus = bus
        self._clock = clock
        self._rounds = Poller(bus, RING, self._run_round, self._resume_jobs, clock=clock)
        self._missed = 0
        self._taken: Sequence[Job] = ()
        self._told: Sequence[JobKey] = ()

    async def start(self) -> None:
        """Begin with what waits already, on the running loop; that is told as missed."""
        # Known by its number: the clock may be put back meanwhile.
        with suppress(Outage):
            self._missed = await self._outbox.last_event()
        self._rounds.start()

    async def stop(self) -> None:
        """Take no more."""
        await self._rounds.stop()
        with suppress(Outage):
            if self._told:
                await self._outbox.settle(self._told, JobState.DONE)
            if self._taken:
                untold = [job.key for job in self._taken]
                await self._outbox.settle(untold, JobState.WAITING, due_at=self._clock(), tried=False)

    async def _resume_jobs(self) -> None:
        if self._told:
            await self._outbox.settle(self._told, JobState.DONE)
            self._told = ()
        if not self._taken:
            await self._outbox.resume([RING])

    async def _run_round(self) -> float:
        if not self._taken:
            self._taken = await self._outbox.take([RING], _AT_ONCE, done=self._told)
            self._told = ()
        if not self._taken:
            return LOOKS_AGAIN
        about = await self._outbox.subjects(self._taken)
        for due in _batch_of(self._taken, about, self._missed):
            self._bus.tell(due)
        self._told, self._taken = [job.key for job in self._taken], ()
        await asyncio.sleep(_SLOWER if self._outbox.busy else _PACE)
        return 0


def _batch_of(jobs: Sequence[Job], about: dict[JobKey, Subject], last_missed: int) -> Iterable[NotificationsDue]:
    groups: dict[tuple[bool, str, str, str], list[Job]] = {}
    for job in jobs:
        wish = (job.settings.get("bell", ""), job.settings.get("stays", ""), job.settings.get("sound", ""))
        missed = job.key.event <= last_missed or LATE in job.settings
        groups.setdefault((missed, *wish), []).append(job)
    for (missed, bell, stays, sound), together in groups.items():
        sold: dict[Trigger, list[SaleRow]] = {}
        for job in together:
            if job.key in about and (sale := about[job.key].sale) is not None:
                sold.setdefault(job.trigger, []).append(sale)
        yield NotificationsDue(
            sales=tuple(sold.get(Trigger.SALE_PAID, ())),
            refunds=tuple(sold.get(Trigger.SALE_REFUNDED, ())),
            disputes=tuple(sold.get(Trigger.SALE_DISPUTED, ())),
            happenings=tuple(
                row for job in together if job.key in about and (row := about[job.key].happening) is not None
            ),
            bell=bell == "yes",
            stays=stays == "yes",
            sound=sound,
            missed=missed,
        )
