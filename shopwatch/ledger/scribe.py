"""The process that books for another one; see `ProcessWriter`."""

import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

from shopwatch.domain import garbage
from shopwatch.domain.clock import now
from shopwatch.domain.delivery import Delivery
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.verdict import Verdict
from shopwatch.ledger.booking import Recorded
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.parcels import Parcels, packed
from shopwatch.ledger.pen import Batch, Pen
from shopwatch.ledger.sources import SourceNumbers
from shopwatch.ledger.writer import MOST_AT_ONCE

_log = logging.getLogger(__name__)


def write_down(end: socket.socket, dialect_of: Callable[[str], Dialect]) -> None:
    """Book and commit what comes in at `end`, and say so, until the other side has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever ends the program ends it in order, and so this process too
    coming: SimpleQueue[Any] = SimpleQueue()
    parcels = Parcels(end)
    Thread(target=_take_in, args=(parcels, coming), name="scribe-reader", daemon=True).start()
    place = coming.get()
    if place is None:
        return
    dialect = dialect_of(place)
    pen = Pen(dialect, SourceNumbers(), now)
    garbage.settle()
    try:
        with suppress(OSError):
            _write(parcels, pen, coming)
    finally:
        pen.close()
        dialect.close()


def _take_in(parcels: Parcels, coming: SimpleQueue[Any]) -> None:
    """Unpack what comes, also while the disk is waited for: the other side never has to wait until it may send."""
    try:
        with suppress(EOFError, OSError):
            while True:
                for value in parcels.receive():
                    coming.put(value)
    finally:
        coming.put(None)


def _write(parcels: Parcels, pen: Pen, coming: SimpleQueue[tuple[Batch, tuple[type, ...]] | None]) -> None:
    going = True
    while going:
        batch, unheard, going = _gather(coming)
        if not batch:
            continue
        try:
            written = pen.write(batch)
        except Outage as problem:
            late, _, going = _gather(coming, wait=False)
            parcels.send(packed((len(batch) + len(late), problem)))
        else:
            written.recorded = [_portable(each) for each in written.recorded]
            written.facts = [fact for fact in written.facts if not isinstance(fact, unheard)]
            parcels.send(packed((len(batch), written)))
        pen.relieve()


def _gather(
    coming: SimpleQueue[tuple[Batch, tuple[type, ...]] | None], *, wait: bool = True
) -> tuple[list[tuple[Delivery, Verdict]], tuple[type, ...], bool]:
    """All that has come; the kinds of facts that nobody hears of; False once there will be no more."""
    batch: list[tuple[Delivery, Verdict]] = []
    unheard: tuple[type, ...] = ()
    while (wait and not batch) or (not coming.empty() and len(batch) < MOST_AT_ONCE):
        parcel = coming.get()
        if parcel is None:
            return batch, unheard, False
        batch += parcel[0]
        unheard = parcel[1]
    return batch, unheard, True


def _portable(recorded: Recorded | Exception) -> Recorded | Exception:
    if isinstance(recorded, Recorded | UserError):
        return recorded
    # A defect may hold whatever cannot be sent, or should not be.
    _log.error("a message could not be booked", exc_info=recorded)
    return RuntimeError(type(recorded).__name__)
