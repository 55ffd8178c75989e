"""Those who wait for something to be written, and what they are told; how it gets written is the business of others."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from shopwatch.domain.delivery import Delivery
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import LedgerChanged, Outcome
from shopwatch.domain.verdict import Accepted, Rejected, Verdict
from shopwatch.ledger import troubles
from shopwatch.ledger.booking import Recorded
from shopwatch.ledger.pen import Pen, Written

MOST_WAITING = 2_000
MOST_AT_ONCE = 512
MOST_UNANSWERED = 256
"""How many deliveries that nobody waits for may be on their way into the table; further ones are let go."""
MOST_UNANSWERED_BYTES = 16 * 2**20
UNANSWERED_AT_ONCE = 32

_RUSH = 16
"""So many that wait at once are a rush."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Record:
    """A delivery on its way; without a `future` nobody waits for it."""

    delivery: Delivery
    verdict: Verdict
    future: asyncio.Future[Recorded] | None


@dataclass(slots=True, eq=False)
class Task:
    """Any other change; see `Writer.run`."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    begins: bool = True


class Writer(ABC):
    """Has whatever waits written in the order in which it came. Its methods are called on the loop's thread only."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._tell = tell
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0
        self._unanswered = 0
        self._unanswered_bytes = 0
        self._closed = False
        self._problem: UserError | None = None

    @property
    def busy(self) -> bool:
        """Whether so much waits that what is in no hurry should wait for a while."""
        return self._waiting >= _RUSH

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on its way into the database, nor the word of it on its way back."""
        return not self._waiting and not self._unanswered

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """See `Ledger.record`."""
        self._loop = loop = asyncio.get_running_loop()
        if not isinstance(verdict, Accepted):
            return self._record_later(delivery, verdict)
        future: asyncio.Future[Recorded] = loop.create_future()
        self._admit(Record(delivery, verdict, future))
        return await future

    def _record_later(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        size = len(delivery.request.body)
        if (
            not self._closed
            and self._unanswered < MOST_UNANSWERED
            and self._unanswered_bytes + size <= MOST_UNANSWERED_BYTES
        ):
            self._unanswered += 1
            self._unanswered_bytes += size
            self._put(Record(delivery, verdict, None))
        if isinstance(verdict, Rejected):
            return Recorded(Outcome.REJECTED, verdict.reason)
        return Recorded(Outcome.CHALLENGE)

    async def run[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        """Do `work` in a write transaction of its own, after all that waits already; without `begins` in none.

        Raises `Outage` if it could not be committed, and what `work` raises, which undoes it.
        """
        self._loop = loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._admit(Task(work, future, begins))
        return await future

    @abstractmethod
    def close(self) -> None:
        """Write all that waits, then end. What comes afterwards is refused."""

    @abstractmethod
    def _put(self, job: Record | Task) -> None:
        """Take what is to be written. Whoever writes it says so by `_settle`, `_finish` or `_fail`."""

    def _admit(self, job: Record | Task) -> None:
        if self._closed:
            raise troubles.closed()
        if self._waiting >= MOST_WAITING:
            raise troubles.overloaded()
        self._waiting += 1
        self._put(job)

    def _deliver(self, call: Callable[..., object], *args: object) -> None:
        """Have `call` called on the loop's thread, from any other."""
        loop = self._loop
        if loop is not None:
            # A loop that has ended waits for nothing any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(call, *args)

    def _do(self, pen: Pen, task: Task) -> None:
        """In the thread that holds `pen`."""
        try:
            result = pen.do(task.work, begins=task.begins)
        except Exception as problem:
            self._deliver(self._fail, [task], problem)
        else:
            self._deliver(self._finish, task, result)

    def _settle(self, jobs: Iterable[Record], written: Written) -> None:
        """All of these are committed, but those in whose place an error stands."""
        self._healthy()
        for job, recorded in zip(jobs, written.recorded, strict=True):
            if isinstance(recorded, Exception):
                self._fail_one(job, recorded)
            elif job.future is None:
                self._forget(job)
            else:
                self._waiting -= 1
                if not job.future.done():
                    job.future.set_result(recorded)
        for fact in written.facts:
            self._tell(fact)

    def _finish(self, task: Task, result: Any) -> None:
        """This task is done, and committed."""
        self._healthy()
        self._waiting -= 1
        if not task.future.done():
            task.future.set_result(result)

    def _fail(self, jobs: Iterable[Record | Task], problem: Exception) -> None:
        """None of these is in the database."""
        if isinstance(problem, Outage) and (self._problem is None or self._problem.code != problem.code):
            self._problem = problem
            self._tell(LedgerChanged(problem))
        for job in jobs:
            self._fail_one(job, problem)

    def _fail_one(self, job: Record | Task, problem: Exception) -> None:
        if isinstance(job, Record) and job.future is None:
            self._forget(job)
            _log.warning("a message that was not accepted could not be kept: %s", problem)
            return
        self._waiting -= 1
        if job.future is not None and not job.future.done():
            job.future.set_exception(problem)

    def _healthy(self) -> None:
        if self._problem is not None:
            self._problem = None
            self._tell(LedgerChanged(None))

    def _forget(self, job: Record) -> None:
        self._unanswered -= 1
        self._unanswered_bytes -= len(job.delivery.request.body)
