"""What is written when, and by whom: by a thread of this process, in a rush by a process of its own."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import HappeningsKept, Outcome, SalesChanged
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Accepted, Rejected, Verdict
from shopwatch.ledger import errors
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.ledger.writing.pending_writes import PendingDelivery, PendingTask, PendingWrites, WriteCounts
from shopwatch.ledger.writing.write_connection import (
    MOST_AT_ONCE,
    BatchOutcome,
    TaskOutcome,
    WriteConnection,
    WriteTask,
    deliveries_of,
)
from shopwatch.ledger.writing.writer_process import Answer, WriterProcess, WriterProcessConfig

_MANY = 16
"""From so many that wait at once on, what is in no hurry should wait."""
_ENOUGH = 32
"""So many do not wait for the end of a round of the loop, which may be long, while the other process has no work."""
_UNANSWERED_AT_ONCE = 32

_LARGE = (SalesChanged, HappeningsKept)
"""Facts that cost time on their way, and that a program without a window has no use for."""


class Writer:
    """Has whatever waits written in the order in which it came. Methods are called on the loop's thread only.

    `write_connection` is used by one thread. With `writer_config`, another process writes at `place` during a rush,
    because here that would be in the way of what reads and judges deliveries; while anything is written that only this
    one can, it rests. `hears` says of which kinds of facts somebody hears.
    """

    def __init__(
        self,
        write_connection: WriteConnection,
        tell: Callable[[object], None],
        *,
        writer_config: WriterProcessConfig | None = None,
        place: str | Path = "",
        hears: Callable[[type], bool] = lambda _kind: True,
    ) -> None:
        self._write_connection = write_connection
        self._pending = PendingWrites(tell)
        self._hears = hears
        self._entries: deque[PendingDelivery | PendingTask] = deque()
        self._later: deque[PendingDelivery] = deque()
        self._sent: deque[PendingDelivery | PendingTask] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due_on: asyncio.AbstractEventLoop | None = None
        self._working = False
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-writer")
        self._process = WriterProcess(writer_config, place, self._on_answers, self._on_loss) if writer_config else None

    @property
    def busy(self) -> bool:
        """Whether so much waits that what is in no hurry should wait for a while."""
        return self._pending.waiting >= _MANY

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on its way into the database, nor the word of it on its way back."""
        return not self._pending.waiting and not self._pending.unanswered

    @property
    def written(self) -> WriteCounts:
        """What was committed of messages since the start, by whichever process."""
        return self._pending.written

    @property
    def in_writer_process(self) -> bool:
        """Whether deliveries are booked by the other process now."""
        return self._process is not None and self._process.ready

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """See `Ledger.record`."""
        self._loop = loop = asyncio.get_running_loop()
        if isinstance(verdict, Rejected) and not verdict.reason.lasts:
            self._take_later(PendingDelivery(delivery, verdict, None), loop)
            return Recorded(Outcome.REJECTED, verdict.reason)
        if not isinstance(verdict, Accepted | Rejected):
            self._take_later(PendingDelivery(delivery, verdict, None), loop)
            return Recorded(Outcome.CHALLENGE)
        future: asyncio.Future[Recorded] = loop.create_future()
        self._take_entries(PendingDelivery(delivery, verdict, future), loop)
        if self._process is not None:
            self._process.count(loop)
        return await future

    async def run[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        """Do `work` in a write transaction of its own, after all that waits already; without `begins` in none.

        A `partial` of a module's own function, with plain values and a plain outcome, may be done by the other process:
        whatever is to be written often is one, because all deliveries wait for the end of what is not.
        Raises `Outage` if it could not be committed, and what `work` raises, which undoes it.
        """
        self._loop = loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._take_entries(PendingTask(WriteTask(work, begins), future), loop)
        return await future

    def close(self) -> None:
        """Write all that waits, then end; on any thread. What comes afterwards is refused."""
        if self._closed:
            return
        waiting = self._on_loop(self._retire_process)
        self._thread.shutdown()
        if self._process is not None:
            self._deliver_outcome(self._on_answers, self._process.end())
            self._deliver_outcome(self._on_loss)
        for _, alike in groupby(waiting, type):
            self._write_entries([*alike])
        self._write_connection.close()

    def _retire_process(self) -> Sequence[PendingDelivery | PendingTask]:
        """Leave all to the thread that closes."""
        self._closed = True
        if self._process is not None:
            self._process.deafen()
        waiting = [*self._entries, *self._later]
        self._entries.clear()
        self._later.clear()
        return waiting

    def _on_loop[T](self, call: Callable[[], T]) -> T:
        """The outcome of `call` on the loop's thread, if the loop still runs and on another thread than this."""
        loop = self._loop
        with suppress(RuntimeError):
            if loop is asyncio.get_running_loop():
                return call()
        if loop is None or not loop.is_running():
            return call()
        outcome: Future[T] = Future()
        loop.call_soon_threadsafe(lambda: outcome.set_result(call()))
        return outcome.result()

    def _deliver_outcome(self, call: Callable[..., object], *args: object) -> bool:
        """Have `call` called on the loop's thread, from any other. A loop that has ended waits for nothing: False."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(call, *args)
                return True
        return False

    def _take_entries(self, entry: PendingDelivery | PendingTask, loop: asyncio.AbstractEventLoop) -> None:
        if self._closed:
            raise errors.closed()
        self._pending.admit()
        self._entries.append(entry)
        if len(self._entries) >= _ENOUGH:
            self._go_on()
        else:
            self._come_back(loop)

    def _take_later(self, entry: PendingDelivery, loop: asyncio.AbstractEventLoop) -> None:
        if not self._closed and self._pending.admit_unanswered(entry):
            self._later.append(entry)
            self._come_back(loop)

    def _come_back(self, loop: asyncio.AbstractEventLoop) -> None:
        """Go on at the end of this round of the loop: whatever else comes in it goes along."""
        if self._due_on is not loop:
            self._due_on = loop
            loop.call_soon(self._go_on_soon)

    def _go_on_soon(self) -> None:
        self._due_on = None
        self._go_on()

    def _go_on(self) -> None:
        """Send or have written what may be now. While this process writes, nothing is on its way to the other."""
        if self._working:
            return
        if self._process is not None and self._process.ready:
            while self._process.ready and self._entries:
                if records := self._leading_kind(PendingDelivery):
                    self._send_batch(records)
                    continue
                self._send_batch(self._some_later(len(self._later)))
                if not self._send_task():
                    break
            if self._later and all(entry.future is not None for entry in self._sent):
                self._send_batch(self._some_later(_UNANSWERED_AT_ONCE))
        if self._sent:
            return
        records, tasks = self._leading_kind(PendingDelivery), self._leading_kind(PendingTask)
        later = self._some_later(len(self._later) if tasks else _UNANSWERED_AT_ONCE)
        if records or later or tasks:
            self._working = True
            self._thread.submit(self._work_off, records, later, tasks)

    def _leading_kind[J: PendingDelivery | PendingTask](self, kind: type[J]) -> list[J]:
        """The first of those that wait, as long as they are of this kind."""
        entries: list[J] = []
        count = 0
        while self._entries and isinstance(entry := self._entries[0], kind):
            count += deliveries_of(entry.verdict) if isinstance(entry, PendingDelivery) else 1
            if entries and count > MOST_AT_ONCE:
                break
            entries.append(entry)
            self._entries.popleft()
        return entries

    def _some_later(self, most: int) -> list[PendingDelivery]:
        return [self._later.popleft() for _ in range(min(len(self._later), most))]

    def _send_batch(self, records: Sequence[PendingDelivery]) -> None:
        if not records or self._process is None:
            return
        self._sent.extend(records)
        unheard = tuple(kind for kind in _LARGE if not self._hears(kind))
        if not self._process.send([(entry.delivery, entry.verdict) for entry in records], unheard):
            self._pending.fail([self._sent.pop() for _ in records], errors.interrupted())

    def _send_task(self) -> bool:
        """Whether the first of those that wait, a task, could be handed over."""
        if self._process is None or not self._process.ready:  # it may have gone with what was sent just now
            return False
        task = self._entries.popleft()
        self._sent.append(task)
        if isinstance(task, PendingTask) and self._process.send_chore(task.write_task):
            return True
        self._entries.appendleft(self._sent.pop())
        return False

    def _on_answers(self, answers: Iterable[Answer]) -> None:
        for count, answer in answers:
            if isinstance(answer, Outage) and not self._closed:
                self._thread.submit(self._write_connection.distrust)  # should it end before it could mend that
            self._hear_answers([self._sent.popleft() for _ in range(count)], answer)
        self._go_on()

    def _on_loss(self) -> None:
        """The other process has ended. Nobody knows what is in the database of what it had: that must come again."""
        sent = [*self._sent]
        self._sent.clear()
        if sent:
            self._pending.fail(sent, errors.interrupted())
        if not self._closed:
            # What the connection here knew of the database has become old.
            self._thread.submit(self._write_connection.distrust if sent else self._write_connection.close)
            asyncio.get_running_loop().call_soon(self._go_on)

    def _hear_answers(
        self, entries: Sequence[PendingDelivery | PendingTask], answer: BatchOutcome | Outage | TaskOutcome
    ) -> None:
        if isinstance(answer, Outage):
            # Those who came meanwhile would wait as long again, past their senders' patience.
            refused = [*entries, *self._entries, *self._later]
            self._entries.clear()
            self._later.clear()
            self._pending.fail(refused, answer)
        elif isinstance(answer, TaskOutcome):
            for task in entries:
                if isinstance(task, PendingTask):
                    self._pending.finish(task, answer)
        else:
            self._pending.settle([entry for entry in entries if isinstance(entry, PendingDelivery)], answer)

    def _work_off(self, *groups: Sequence[PendingDelivery | PendingTask]) -> None:
        """In the thread."""
        try:
            for group in groups:
                self._write_entries(group)
        finally:
            if not self._deliver_outcome(self._rest_thread):
                self._working = False

    def _rest_thread(self) -> None:
        self._working = False
        self._go_on()

    def _write_entries(self, entries: Sequence[PendingDelivery | PendingTask]) -> None:
        """These, which are all of one kind, on the thread that writes."""
        records = [entry for entry in entries if isinstance(entry, PendingDelivery)]
        if records:
            try:
                answer: BatchOutcome | Outage = self._write_connection.write(
                    [(entry.delivery, entry.verdict) for entry in records]
                )
            except Outage as problem:
                answer = problem
            self._deliver_outcome(self._hear_answers, records, answer)
            self._write_connection.relieve()
        for entry in entries:
            if isinstance(entry, PendingTask):
                self._deliver_outcome(self._pending.finish, entry, self._write_connection.finish(entry.write_task))
