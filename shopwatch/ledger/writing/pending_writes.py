"""Those who wait for something to be written, and what they are told; how it gets written is the business of others."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import LedgerChanged
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Verdict
from shopwatch.ledger import errors
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.ledger.writing.write_connection import BatchOutcome, TaskOutcome, WriteTask

MOST_WAITING = 2_000
MOST_UNANSWERED = 256
"""How many deliveries that nobody waits for may be on their way into the table; further ones are let go."""
MOST_UNANSWERED_BYTES = 16 * 2**20

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class PendingDelivery:
    """A delivery on its way; without a `future` nobody waits for it."""

    delivery: Delivery
    verdict: Verdict
    future: asyncio.Future[Recorded] | None


@dataclass(slots=True, eq=False)
class PendingTask:
    """Any other change; see `Writer.run`."""

    write_task: WriteTask
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class WriteCounts:
    """Groups of messages that were committed since the start, and the messages in them."""

    groups: int = 0
    messages: int = 0

    def plus(self, messages: int) -> "WriteCounts":
        """With one group more, of so many messages."""
        return WriteCounts(self.groups + 1, self.messages + messages)


class PendingWrites:
    """Counts them in and out. All methods are called on the loop's thread."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self.waiting = 0
        self.unanswered = 0
        self.written = WriteCounts()
        self._unanswered_bytes = 0
        self._tell = tell
        self._problem: UserError | None = None

    def admit(self) -> None:
        """One more waits. Raises `Outage` where too many do."""
        if self.waiting >= MOST_WAITING:
            raise errors.overloaded()
        self.waiting += 1

    def admit_unanswered(self, entry: PendingDelivery) -> bool:
        """Whether this one, for which nobody waits, may be on its way; it is let go otherwise."""
        size = entry.delivery.request.weight
        if self.unanswered >= MOST_UNANSWERED or self._unanswered_bytes + size > MOST_UNANSWERED_BYTES:
            return False
        self.unanswered += 1
        self._unanswered_bytes += size
        return True

    def settle(self, entries: Iterable[PendingDelivery], written: BatchOutcome) -> None:
        """All of these are committed, but those in whose place an error stands."""
        self._tell_recovered()
        refused = 0
        for entry, recorded in zip(entries, written.recorded, strict=True):
            if isinstance(recorded, Exception):
                refused += 1
                self._fail_one(entry, recorded)
            elif entry.future is None:
                self._forget_unanswered(entry)
            else:
                self.waiting -= 1
                if not entry.future.done():
                    entry.future.set_result(recorded)
        self.written = self.written.plus(len(written.recorded) - refused)
        for fact in written.facts:
            self._tell(fact)

    def finish(self, task: PendingTask, finished: TaskOutcome) -> None:
        """This task is done, or cannot be."""
        if finished.problem is not None:
            self.fail([task], finished.problem)
            return
        self._tell_recovered()
        self.waiting -= 1
        if not task.future.done():
            task.future.set_result(finished.result)

    def fail(self, entries: Iterable[PendingDelivery | PendingTask], problem: Exception) -> None:
        """None of these is in the database."""
        if isinstance(problem, Outage) and (self._problem is None or self._problem.code != problem.code):
            self._problem = problem
            self._tell(LedgerChanged(problem))
        for entry in entries:
            self._fail_one(entry, problem)

    def _fail_one(self, entry: PendingDelivery | PendingTask, problem: Exception) -> None:
        if isinstance(entry, PendingDelivery) and entry.future is None:
            self._forget_unanswered(entry)
            _log.warning("a message that was not accepted could not be kept: %s", problem)
            return
        self.waiting -= 1
        if entry.future is not None and not entry.future.done():
            entry.future.set_exception(problem)

    def _tell_recovered(self) -> None:
        if self._problem is not None:
            self._problem = None
            self._tell(LedgerChanged(None))

    def _forget_unanswered(self, entry: PendingDelivery) -> None:
        self.unanswered -= 1
        self._unanswered_bytes -= entry.delivery.request.weight
