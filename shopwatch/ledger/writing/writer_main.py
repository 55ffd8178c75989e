"""The process that books for another one; see `WriterProcess`."""

import logging
import signal
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from select import select
from typing import Any

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Verdict
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.writing.batch_codec import PackedBatch, pack_written, unpack
from shopwatch.ledger.writing.message_socket import MessageSocket, packed
from shopwatch.ledger.writing.write_connection import (
    MOST_AT_ONCE,
    BatchOutcome,
    TaskOutcome,
    WriteConnection,
    WriteTask,
    deliveries_of,
)
from shopwatch.runtime import gc_policy
from shopwatch.runtime.clock import now

_FEWEST = 64
"""Of fewer that wait, all are committed at once; of more about half, so that their senders are not all answered, and
do not all come again, while there is nothing to book."""
_GATHERING = 0.003
"""Seconds."""

type _Arrival = tuple[Delivery, Verdict] | Exception
type _Parcel = tuple[PackedBatch, tuple[type, ...]] | WriteTask
"""Deliveries, and the kinds of facts that nobody hears of; or something else."""

_log = logging.getLogger(__name__)


def write_down(end: socket.socket, open_store: Callable[[str | Path], Store]) -> None:
    """Book and commit what comes in at `end`, and say so, until the other side has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever ends the program ends it in order, and so this process too
    messages = MessageSocket(end)
    coming = _Coming(end, messages)
    place = coming.first()
    if place is None:
        return
    store = open_store(place)
    write_connection = WriteConnection(store, SourceNumbers(), now)
    gc_policy.settle()
    try:
        with suppress(OSError):
            messages.send(packed(None))  # the word that it is ready
            _write_arrived(messages, write_connection, coming)
    finally:
        write_connection.close()
        store.close()


class _Coming:
    """What comes from the other side, which does not wait until it may send."""

    def __init__(self, end: socket.socket, messages: MessageSocket) -> None:
        self.unheard: tuple[type, ...] = ()
        self._end = end
        self._messages = messages
        self._going = True
        self._last = 0
        self._waiting: list[_Arrival | WriteTask] = []

    def first(self) -> Any:
        """The first value, which is no batch; None if there is none."""
        while self._going:
            if values := self._hear_message(None):
                self._take_arrived(values[1:])
                return values[0]
        return None

    def next(self) -> Sequence[_Arrival] | WriteTask:
        """What to commit next, after a wait for some; an empty batch only at the end."""
        while self._going and not self._waiting:
            self._take_arrived(self._hear_message(None))
        if self._waiting and isinstance(first := self._waiting[0], WriteTask):
            del self._waiting[0]
            return first
        self._gather_more(min(self._last, _FEWEST))
        most = min(max(_FEWEST, len(self._waiting) // 2), MOST_AT_ONCE)
        batch: list[_Arrival] = []
        count = 0
        for each in self._waiting[:most]:
            if isinstance(each, WriteTask):
                break
            count += 1 if isinstance(each, Exception) else deliveries_of(each[1])
            if batch and count > MOST_AT_ONCE:
                break
            batch.append(each)
        del self._waiting[: len(batch)]
        self._last = len(batch)
        return batch

    def let_go(self) -> int:
        """Forget all that has come, and say how many that were."""
        self._gather_more(0)
        count = len(self._waiting)
        self._waiting = []
        return count

    def _gather_more(self, hoped_for: int) -> None:
        """Take what has come; wait a moment if it is less than hoped for, because a commit costs as much for one."""
        while values := self._hear_message(0.0):
            self._take_arrived(values)
        until = time.monotonic() + _GATHERING
        while self._going and len(self._waiting) < hoped_for and (rest := until - time.monotonic()) > 0:
            self._take_arrived(self._hear_message(rest))

    def _take_arrived(self, values: Iterable[_Parcel]) -> None:
        for parcel in values:
            if isinstance(parcel, WriteTask):
                self._waiting.append(parcel)
            else:
                batch, self.unheard = parcel
                self._waiting += unpack(batch)

    def _hear_message(self, patience: float | None) -> list[Any]:
        """What comes within so many seconds, or however long it takes."""
        if not self._going or not select([self._end], [], [], patience)[0]:
            return []
        try:
            return self._messages.receive()
        except (EOFError, OSError):
            self._going = False
            return []


def _write_arrived(messages: MessageSocket, write_connection: WriteConnection, coming: _Coming) -> None:
    while due := coming.next():
        if isinstance(due, WriteTask):
            messages.send(_pack_outcome(write_connection.finish(due)))
            continue
        try:
            written = _book_arrived(write_connection, due)
        except Outage as problem:
            # Those who came meanwhile would wait as long again, past their senders' patience.
            messages.send(packed((len(due) + coming.let_go(), problem)))
        else:
            written.recorded = [_portable_outcome(each) for each in written.recorded]
            written.facts = [fact for fact in written.facts if not isinstance(fact, coming.unheard)]
            messages.send(packed((len(due), pack_written(written))))
        write_connection.relieve()


def _book_arrived(write_connection: WriteConnection, batch: Sequence[_Arrival]) -> BatchOutcome:
    sound = [each for each in batch if not isinstance(each, Exception)]
    written = write_connection.write(sound) if sound else BatchOutcome()
    if len(sound) < len(batch):
        recorded = iter(written.recorded)
        written.recorded = [each if isinstance(each, Exception) else next(recorded) for each in batch]
    return written


def _pack_outcome(finished: TaskOutcome) -> memoryview:
    try:
        problem = None if finished.problem is None else _portable_outcome(finished.problem)
        return packed((1, TaskOutcome(finished.result, problem)))
    except Exception as defect:  # what came of it cannot be sent
        return packed((1, TaskOutcome(problem=_portable_outcome(defect))))


def _portable_outcome[Known](known: Known | Exception) -> Known | Exception:
    if not isinstance(known, Exception) or isinstance(known, UserError):
        return known
    # A defect may hold whatever cannot be sent, or should not be.
    _log.error("something could not be written", exc_info=known)
    return RuntimeError(type(known).__name__)
