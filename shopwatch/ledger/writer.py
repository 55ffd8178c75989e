"""The one thread that lets write: it takes whatever waits and has it committed as one transaction."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
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
_UNANSWERED_AT_ONCE = 32

_BUSY = 2
"""From so many in one commit on, it pays to let the next ones gather: a commit costs much, a row in it little."""
_GATHERING = 0.002
"""Seconds for which they do, unless as many as last time wait already."""
_LOOKING = 0.001
"""Seconds between two looks at what has come in while a batch is under way."""
_RUSH = 16
"""So many that wait at once are a rush."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Record:
    delivery: Delivery
    verdict: Verdict
    future: asyncio.Future[Recorded] | None


@dataclass(slots=True, eq=False)
class _Task:
    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    begins: bool = True


class Writer:
    """Lets the pen write what waits. Its public methods are called on the loop's thread only."""

    def __init__(self, pen: Pen, tell: Callable[[object], None]) -> None:
        self._tell = tell
        self._queue: SimpleQueue[_Record | _Task | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0
        self._unanswered = 0
        self._unanswered_bytes = 0
        self._closed = False
        # What follows belongs to the thread.
        self._pen = pen
        self._begun: deque[list[_Record]] = deque()
        self._later: deque[_Record] = deque()
        self._problem: UserError | None = None
        self._last = 0
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

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
        self._put(_Record(delivery, verdict, future))
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
            self._queue.put(_Record(delivery, verdict, None))
        if isinstance(verdict, Rejected):
            return Recorded(Outcome.REJECTED, verdict.reason)
        return Recorded(Outcome.CHALLENGE)

    async def run[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        """Do `work` in a write transaction of its own, after all that waits already; without `begins` in none.

        Raises `Outage` if it could not be committed, and what `work` raises, which undoes it.
        """
        self._loop = loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Task(work, future, begins))
        return await future

    def _put(self, job: _Record | _Task) -> None:
        if self._closed:
            raise troubles.closed()
        if self._waiting >= MOST_WAITING:
            raise troubles.overloaded()
        self._waiting += 1
        self._queue.put(job)

    def close(self) -> None:
        """Write all that waits, then end. What comes afterwards is refused."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        going = True
        while going or self._later or self._begun:
            if self._begun and not self._another():
                self._end()
                continue
            records: list[_Record] = []
            tasks: list[_Task] = []
            going = self._gather(records, tasks) and going
            self._last = len(records)
            if records:
                self._begin(records)
            if self._later:
                self._begin_later(len(self._later) if tasks else _UNANSWERED_AT_ONCE)
            if tasks:
                self._end_all()
            for task in tasks:
                self._do(task)
        self._pen.close()

    def _another(self) -> bool:
        """Whether the next batch should begin before the one under way has ended."""
        if len(self._begun) == self._pen.depth:
            return False
        while self._queue.qsize() < self._share:
            if self._pen.ready(_LOOKING):
                return False
        return True

    @property
    def _share(self) -> int:
        """How many make a batch where several are under way at a time: while one is booked, the next is judged."""
        return MOST_AT_ONCE if self._pen.depth == 1 else max(_RUSH, self._waiting // self._pen.depth)

    def _gather(self, records: list[_Record], tasks: list[_Task]) -> bool:
        """Take what waits, or wait for it. False once there will be no more."""
        if self._pen.depth == 1 and self._last >= _BUSY and self._queue.qsize() < self._last:
            time.sleep(_GATHERING)
        count = self._queue.qsize()
        if not count and not self._later and not self._begun:
            count = 1
        for _ in range(min(count, MOST_AT_ONCE, self._share)):
            job = self._queue.get()
            if job is None:
                return False
            if isinstance(job, _Task):
                tasks.append(job)
            elif job.future is None:
                self._later.append(job)
            else:
                records.append(job)
        return True

    def _begin_later(self, most: int) -> None:
        self._begin([self._later.popleft() for _ in range(min(len(self._later), most))])

    def _begin(self, jobs: list[_Record]) -> None:
        while len(self._begun) == self._pen.depth:
            self._end()
        self._pen.begin([(job.delivery, job.verdict) for job in jobs])
        self._begun.append(jobs)

    def _end_all(self) -> None:
        while self._begun:
            self._end()

    def _end(self) -> None:
        jobs = self._begun.popleft()
        try:
            written = self._pen.end()
        except Outage as problem:
            self._refuse(jobs, problem)
        else:
            self._healthy()
            self._deliver(self._settle, jobs, written)
        self._pen.relieve()

    def _do(self, task: _Task) -> None:
        try:
            result = self._pen.do(task.work, begins=task.begins)
        except Exception as error:
            if isinstance(error, Outage):
                self._ill(error)
            self._deliver(self._finish, task, None, error)
        else:
            self._healthy()
            self._deliver(self._finish, task, result, None)

    def _refuse(self, jobs: list[_Record], problem: Outage) -> None:
        # Those who came while this batch waited would wait as long again, past their senders' patience.
        tasks: list[_Task] = []
        if count := self._queue.qsize():
            for _ in range(count):
                job = self._queue.get()
                if job is None:
                    self._queue.put(None)
                    break
                if isinstance(job, _Task):
                    tasks.append(job)
                else:
                    jobs.append(job)
        self._ill(problem)
        self._deliver(self._settle_failed, [*jobs, *self._later], problem)
        self._later.clear()
        for task in tasks:
            self._deliver(self._finish, task, None, problem)

    def _ill(self, problem: UserError) -> None:
        if self._problem is None or self._problem.code != problem.code:
            self._problem = problem
            self._deliver(self._tell, LedgerChanged(problem))

    def _healthy(self) -> None:
        if self._problem is not None:
            self._problem = None
            self._deliver(self._tell, LedgerChanged(None))

    def _deliver(self, call: Callable[..., object], *args: object) -> None:
        loop = self._loop
        if loop is not None:
            # A loop that has ended waits for nothing any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(call, *args)

    def _settle(self, jobs: list[_Record], written: Written) -> None:
        for job, recorded in zip(jobs, written.recorded, strict=True):
            if isinstance(recorded, Exception):
                self._settle_failed([job], recorded)
            elif job.future is None:
                self._forget(job)
            else:
                self._waiting -= 1
                if not job.future.done():
                    job.future.set_result(recorded)
        for fact in written.facts:
            self._tell(fact)

    def _settle_failed(self, jobs: list[_Record], problem: Exception) -> None:
        for job in jobs:
            if job.future is None:
                self._forget(job)
                _log.warning("a message that was not accepted could not be kept: %s", problem)
                continue
            self._waiting -= 1
            if not job.future.done():
                job.future.set_exception(problem)

    def _forget(self, job: _Record) -> None:
        self._unanswered -= 1
        self._unanswered_bytes -= len(job.delivery.request.body)

    def _finish(self, task: _Task, result: Any, problem: Exception | None) -> None:
        self._waiting -= 1
        if task.future.done():
            return
        if problem is not None:
            task.future.set_exception(problem)
        else:
            task.future.set_result(result)
