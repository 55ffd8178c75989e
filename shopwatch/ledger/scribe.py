"""The process that books for another one; see `ScribeProcess`."""

import logging
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from shopwatch.domain import garbage
from shopwatch.domain.clock import now
from shopwatch.domain.delivery import Delivery
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.verdict import Verdict
from shopwatch.ledger.batches import unpack
from shopwatch.ledger.booking import Recorded
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.parcels import Parcels, packed
from shopwatch.ledger.pen import MOST_AT_ONCE, Pen, Written
from shopwatch.ledger.sources import SourceNumbers

_FEWEST = 64
"""Of fewer that wait, all are committed at once; of more about half, so that their senders are not all answered, and
do not all come again, while there is nothing to book."""
_GATHERING = 0.003
"""Seconds."""

type _Arrival = tuple[Delivery, Verdict] | Exception
type _Parcel = tuple[Sequence[_Arrival], tuple[type, ...]]
"""Deliveries, and the kinds of facts that nobody hears of."""

_log = logging.getLogger(__name__)


def write_down(end: socket.socket, dialect_of: Callable[[str], Dialect]) -> None:
    """Book and commit what comes in at `end`, and say so, until the other side has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever ends the program ends it in order, and so this process too
    parcels = Parcels(end)
    coming = _Coming(parcels)
    place = coming.first()
    if place is None:
        return
    dialect = dialect_of(place)
    pen = Pen(dialect, SourceNumbers(), now)
    garbage.settle()
    try:
        with suppress(OSError):
            parcels.send(packed(None))  # the word that it is ready
            _write(parcels, pen, coming)
    finally:
        pen.close()
        dialect.close()


class _Coming:
    """What comes from the other side; a thread unpacks it, so that the other side never waits until it may send."""

    def __init__(self, parcels: Parcels) -> None:
        self._last = 0
        self.unheard: tuple[type, ...] = ()
        self._going = True
        self._parcels = parcels
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._waiting: list[_Arrival] = []
        Thread(target=self._unpack, name="scribe-reader", daemon=True).start()

    def first(self) -> Any:
        """The first value, which is no batch; None if there is none."""
        return self._queue.get()

    def batch(self) -> Sequence[_Arrival]:
        """What to commit next, after a wait for some; empty only at the end."""
        while self._going and not self._waiting:
            self._take(self._queue.get())
        self._gather(min(self._last, _FEWEST))
        most = min(max(_FEWEST, len(self._waiting) // 2), MOST_AT_ONCE)
        batch, self._waiting = self._waiting[:most], self._waiting[most:]
        self._last = len(batch)
        return batch

    def let_go(self) -> int:
        """Forget all that has come, and say how many that were."""
        self._gather(0)
        count = len(self._waiting)
        self._waiting = []
        return count

    def _gather(self, hoped_for: int) -> None:
        """Take what has come; wait a moment if it is less than hoped for, because a commit costs as much for one."""
        until = time.monotonic() + _GATHERING
        with suppress(Empty):
            while self._going and len(self._waiting) < hoped_for:
                self._take(self._queue.get(timeout=max(0.0, until - time.monotonic())))
        while not self._queue.empty():
            self._take(self._queue.get())

    def _take(self, parcel: _Parcel | None) -> None:
        if parcel is None:
            self._going = False
        else:
            self._waiting += parcel[0]
            self.unheard = parcel[1]

    def _unpack(self) -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    for value in self._parcels.receive():
                        self._queue.put(value if isinstance(value, str) else (unpack(value[0]), value[1]))
        finally:
            self._queue.put(None)


def _write(parcels: Parcels, pen: Pen, coming: _Coming) -> None:
    while batch := coming.batch():
        try:
            written = _book(pen, batch)
        except Outage as problem:
            # Those who came meanwhile would wait as long again, past their senders' patience.
            parcels.send(packed((len(batch) + coming.let_go(), problem)))
        else:
            written.recorded = [_portable(each) for each in written.recorded]
            written.facts = [fact for fact in written.facts if not isinstance(fact, coming.unheard)]
            parcels.send(packed((len(batch), written)))
        pen.relieve()


def _book(pen: Pen, batch: Sequence[_Arrival]) -> Written:
    sound = [each for each in batch if not isinstance(each, Exception)]
    written = pen.write(sound) if sound else Written()
    if len(sound) < len(batch):
        recorded = iter(written.recorded)
        written.recorded = [each if isinstance(each, Exception) else next(recorded) for each in batch]
    return written


def _portable(recorded: Recorded | Exception) -> Recorded | Exception:
    if isinstance(recorded, Recorded | UserError):
        return recorded
    # A defect may hold whatever cannot be sent, or should not be.
    _log.error("a message could not be booked", exc_info=recorded)
    return RuntimeError(type(recorded).__name__)
