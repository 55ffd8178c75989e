"""The connection that writes, and what every batch goes through on it."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection

from shopwatch.domain.errors import Outage
from shopwatch.domain.instant import Clock
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Accepted, Verdict
from shopwatch.ledger import errors
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.inbox.caps import Caps, Shelf, shelf_of
from shopwatch.ledger.outbox.rulebook import RuleBook
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.writing.booking import BookedBatch, Booking, Recorded

MOST_AT_ONCE = 512
"""Deliveries in one commit, where a single message does not tell more."""

_ROW_BYTES = 16_000
"""About what one delivery changes in tables and indexes, its body aside."""
_COMMIT_BYTES = 56_000
"""About what every commit rewrites, however little it holds."""

_log = logging.getLogger(__name__)

type Batch = Sequence[tuple[Delivery, Verdict]]


def deliveries_of(verdict: Verdict) -> int:
    """How many deliveries come of a message."""
    return 1 + len(verdict.more) if isinstance(verdict, Accepted) else 1


@dataclass(slots=True)
class BatchOutcome:
    """One batch, committed: what to tell each caller, in their order, and what to tell everyone.

    An error stands where only that one of the batch could not be booked.
    """

    recorded: list[Recorded | Exception] = field(default_factory=list)
    facts: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WriteTask:
    """Anything else to be written; see `WriteConnection.do`."""

    work: Callable[[Connection], Any]
    begins: bool = True


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """A task that is done, and committed, with what came of it; or nothing of it is, for this `problem`."""

    result: Any = None
    problem: Exception | None = None


def _do_unless_moved[T](work: Callable[[Connection], T], connection: Connection) -> T:
    if place := connection.exec_driver_sql("SELECT moved_to FROM heads").scalar():
        raise errors.moved(place)
    return work(connection)


class WriteConnection:
    """Writes on one connection, in the order in which it is asked to. Used by one thread at a time.

    `in_doubt`: a process may have ended here whose last sync failed.
    """

    def __init__(self, store: Store, sources: SourceNumbers, clock: Clock, *, in_doubt: bool = False) -> None:
        self._store = store
        self._sources = sources
        self._clock = clock
        self._connection: Connection | None = None
        self._in_doubt = in_doubt
        self._caps = Caps()
        self._last_delivery = 0
        self._rules = RuleBook()
        self._written = 0

    def write(self, batch: Batch) -> BatchOutcome:
        """Book `batch` in one transaction. Raises `Outage` if nothing of it was committed."""
        try:
            return self._commit_batch(batch)
        except Outage:
            raise
        except Exception as error:
            if len(batch) == 1:
                return BatchOutcome([error])
        written = BatchOutcome()
        for each in batch:
            alone = self._write_alone(each)
            written.recorded += alone.recorded
            written.facts += alone.facts
        return written

    def relieve(self) -> None:
        """Do what is due between two batches and may wait until their answers are out. Never raises."""
        size, self._written = self._written, 0
        if not size:
            return
        try:
            self._store.relieve(self._open_connection(), size)
        except Exception as error:
            self._undo_all()
            _log.warning("what was written could not be put in order: %s", error)

    def do[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        """The outcome of `work` in a write transaction of its own, or without `begins` in none.

        Raises `Outage` if it could not be committed, or the ledger was moved, and what `work` raises, which undoes it.
        """
        return self._do(work if not begins else partial(_do_unless_moved, work), begins=begins)

    def _do[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        try:
            connection = self._open_connection()
            with connection.begin() if begins else nullcontext():
                return work(connection)
        except Exception as error:
            self._undo_all()
            problem = self._store.translate(error)
            self._in_doubt |= isinstance(problem, Outage)
            if problem is None or problem is error:
                raise
            raise problem from error

    def finish(self, task: WriteTask) -> TaskOutcome:
        """See `do`. Never raises."""
        try:
            return TaskOutcome(self.do(task.work, begins=task.begins))
        except Exception as problem:
            return TaskOutcome(problem=problem)

    def close(self) -> None:
        """Let the database go, and forget what was known of it. What is written later begins anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()
        self._caps = Caps()
        self._rules = RuleBook()

    def distrust(self) -> None:
        """Another process has written, and nobody knows how far it came."""
        self.close()
        self._in_doubt = True

    def _commit_batch(self, batch: Batch) -> BatchOutcome:
        booked = self._do(lambda connection: self._book_batch(connection, batch))
        self._last_delivery = booked.before + len(booked.written)
        self._written += _COMMIT_BYTES
        self._written += sum(len(delivery.request.body) + _ROW_BYTES for delivery, _ in booked.written)
        return BatchOutcome([*booked.recorded], booked.facts)

    def _write_alone(self, pair: tuple[Delivery, Verdict]) -> BatchOutcome:
        """One of a batch in which something cannot be booked, so that only that is refused."""
        try:
            return self._commit_batch([pair])
        except Exception as error:
            return BatchOutcome([error])

    def _book_batch(self, connection: Connection, batch: Batch) -> BookedBatch:
        booked = Booking(self._store.dialect, connection, self._sources, self._rules, self._clock()).book(batch)
        rows: Counter[Shelf] = Counter()
        size: Counter[Shelf] = Counter()
        for delivery, recorded in booked.written:
            if shelf := shelf_of(recorded.outcome, recorded.reason):
                rows[shelf] += 1
                size[shelf] += delivery.request.weight
        if booked.before != self._last_delivery:
            self._caps = Caps()  # another process has written since, and perhaps on these shelves
        for shelf, count in rows.items():
            self._caps.admit(connection, shelf, count, size[shelf])
        return booked

    def _open_connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._store.writer()
        if self._in_doubt:
            self._store.secure(self._connection)
            self._in_doubt = False
        return self._connection

    def _undo_all(self) -> None:
        # After a failed write or sync nobody knows what the connection holds: it is never used again.
        self.close()
