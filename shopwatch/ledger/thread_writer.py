"""The one thread that lets write: it takes whatever waits and has it committed as one transaction."""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from shopwatch.domain.errors import Outage
from shopwatch.ledger.pen import Pen
from shopwatch.ledger.writer import MOST_AT_ONCE, UNANSWERED_AT_ONCE, Record, Task, Writer

_BUSY = 2
"""From so many in one commit on, it pays to let the next ones gather: a commit costs much, a row in it little."""
_GATHERING = 0.002
"""Seconds for which they do, unless as many as last time wait already."""


class ThreadWriter(Writer):
    """See `Writer`."""

    def __init__(self, pen: Pen, tell: Callable[[object], None]) -> None:
        super().__init__(tell)
        self._queue: SimpleQueue[Record | Task | None] = SimpleQueue()
        # What follows belongs to the thread.
        self._pen = pen
        self._later: deque[Record] = deque()
        self._last = 0
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()

    def _put(self, job: Record | Task) -> None:
        self._queue.put(job)

    def _run(self) -> None:
        going = True
        while going or self._later:
            records: list[Record] = []
            tasks: list[Task] = []
            going = self._gather(records, tasks) and going
            self._last = len(records)
            if records:
                self._write(records)
            if self._later:
                most = len(self._later) if tasks else UNANSWERED_AT_ONCE
                self._write([self._later.popleft() for _ in range(min(len(self._later), most))])
            for task in tasks:
                self._do(self._pen, task)
        self._pen.close()

    def _gather(self, records: list[Record], tasks: list[Task]) -> bool:
        """Take what waits, or wait for it. False once there will be no more."""
        if self._last >= _BUSY and self._queue.qsize() < self._last:
            time.sleep(_GATHERING)
        count = self._queue.qsize()
        if not count and not self._later:
            count = 1
        for _ in range(min(count, MOST_AT_ONCE)):
            job = self._queue.get()
            if job is None:
                return False
            if isinstance(job, Task):
                tasks.append(job)
            elif job.future is None:
                self._later.append(job)
            else:
                records.append(job)
        return True

    def _write(self, records: list[Record]) -> None:
        try:
            written = self._pen.write([(job.delivery, job.verdict) for job in records])
        except Outage as problem:
            self._refuse(records, problem)
        else:
            self._deliver(self._settle, records, written)
        self._pen.relieve()

    def _refuse(self, records: list[Record], problem: Outage) -> None:
        # Those who came while this batch waited would wait as long again, past their senders' patience.
        refused: list[Record | Task] = [*records, *self._later]
        self._later.clear()
        for _ in range(self._queue.qsize()):
            job = self._queue.get()
            if job is None:
                self._queue.put(None)
                break
            refused.append(job)
        self._deliver(self._fail, refused, problem)
