"""The outbox's workers: take what is due, do it, and write down how it went."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress

from shopwatch.actions.action import Action, JobHandler
from shopwatch.actions.poller import LOOKS_AGAIN, Poller
from shopwatch.actions.recovered_targets import LONGEST_WISH, RecoveredTargets
from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import Bus
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import DAY, MINUTE, SECOND, Clock, Instant
from shopwatch.domain.report import report, reported
from shopwatch.domain.rules.job import Done, Job, JobState, Later, Refused, Result, Unsure
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.runtime.clock import now

_GIVES_WAY = 0.5
"""Seconds between two rounds while much comes in: answers come first."""

PATIENCE = 90.0
"""Seconds that one job may take; a worker that takes longer than two minutes would be given up on."""

FIRST_PAUSE: Instant = 15 * SECOND
LONGEST_PAUSE: Instant = 2 * 60 * MINUTE
GIVES_UP_AFTER: Instant = 3 * DAY
"""As long as the payment providers themselves try."""

FEWEST_TRIES = 10
"""About two hours of them, however old a job is: the computer may have been off for days, and the owner may want an old
job done again."""

_log = logging.getLogger(__name__)


class Worker:
    """Does the jobs of one action, as many at a time as it declares, so that a host that hangs holds up nothing else.

    Several at a time are only for what is repeatable, because each may become uncertain in a crash.
    """

    def __init__(
        self,
        outbox: OutboxBook,
        bus: Bus,
        action: Action,
        handler: JobHandler,
        *,
        clock: Clock = now,
        patience: float = PATIENCE,
    ) -> None:
        self._outbox = outbox
        self._action = action
        self._handler = handler
        self._clock = clock
        self._patience = patience
        self._returns = RecoveredTargets(action.at_once)
        self._was_early = False
        self._rounds = Poller(bus, action.id, self._run_round, self._resume_jobs, clock=clock)

    def start(self) -> None:
        """Begin with what waits already, on the running loop."""
        self._rounds.start()

    async def stop(self) -> None:
        """Take no more. What is then still on its way is cut off, and is uncertain unless it is repeatable."""
        await self._rounds.stop()
        with suppress(Outage):  # the next start does it then
            await self._resume_jobs()

    async def _resume_jobs(self) -> None:
        # Nothing of this worker's is on its way now.
        await self._outbox.resume([self._action.id], repeatable=self._action.repeatable)

    async def _run_round(self) -> float:
        if self._outbox.busy:
            await asyncio.sleep(_GIVES_WAY)
        # Looking is cheap; taking writes, and holds up what comes in.
        due = await self._outbox.next_due([self._action.id])
        if due is None:
            return LOOKS_AGAIN
        wait, back = due - self._clock(), self._returns.next()
        if wait > 0 and back is None:
            return wait / SECOND
        self._was_early = back is not None and (wait > 0 or not self._was_early)  # in turns, where both can be
        if self._was_early and back is not None:
            target, width = back
            jobs = await self._take_jobs(width, early=target)
            if not jobs:
                self._returns.end(target)
        else:
            jobs = await self._take_jobs(self._action.at_once)
        # Each ends before the round does: nothing is on its way any more once the worker has stopped.
        ended = await asyncio.gather(*[self._do_job(job) for job in jobs], return_exceptions=True)
        results = [each for each in ended if not isinstance(each, BaseException)]
        if len(results) < len(ended):
            raise next(each for each in ended if isinstance(each, BaseException))
        self._returns.saw([(job.target, result) for job, result in zip(jobs, results, strict=True)], self._clock())
        return 0

    async def _take_jobs(self, most: int, early: str | None = None) -> tuple[Job, ...]:
        return await self._outbox.take([self._action.id], most, repeatable=self._action.repeatable, early=early)

    async def _do_job(self, job: Job) -> Result:
        try:
            async with asyncio.timeout(self._patience):
                result = await self._handler.do(job)
        except Outage as outage:  # of the ledger or the password store, which are asked before anything is sent
            result = Later(reported(outage))
        except TimeoutError:
            result = Unsure(report("no-answer-in-time", phrase("Nothing was heard back in time.")))
        except Exception:
            _log.exception("a job could not be done: %s", job.action)
            result = Unsure(report("defect", phrase("Something went wrong in ShopWatch while this was on its way.")))
        await self._settle_job(job, result)
        return result

    async def _settle_job(self, job: Job, result: Result) -> None:
        match result:
            case Done(to):
                await self._outbox.settle([job.key], JobState.DONE, to=to)
            case Refused(why, to):
                await self._outbox.settle([job.key], JobState.FAILED, to=to, result=why)
            case Unsure(why, to) if not self._action.repeatable:
                await self._outbox.settle([job.key], JobState.UNCERTAIN, to=to, result=why)
            case Unsure(why, to):
                await self._try_again(job, Later(why, to=to))
            case Later():
                await self._try_again(job, result)

    async def _try_again(self, job: Job, later: Later) -> None:
        moment, tries = self._clock(), job.attempts + (not later.waits)
        if tries >= FEWEST_TRIES and moment - job.made_at > GIVES_UP_AFTER and not later.waits:
            await self._outbox.settle([job.key], JobState.FAILED, to=later.to, result=later.why)
            return
        due = moment + pause(max(tries, 1))
        if later.not_before:
            due = max(due, min(later.not_before, moment + LONGEST_WISH))
        await self._outbox.settle(
            [job.key], JobState.WAITING, due_at=due, to=later.to, result=later.why, tried=not later.waits
        )


def pause(attempts: int, chance: Callable[[], float] = random.random) -> Instant:
    """How long to wait after so many tries: twice as long each time, up to two hours, and up to a quarter less at
    random, so that many jobs do not come back at once."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, 20))
    return int(longest * (1 - chance() / 4))


async def stop_all(workers: Sequence[Worker]) -> None:
    """Stop them together."""
    await asyncio.gather(*[worker.stop() for worker in workers])
