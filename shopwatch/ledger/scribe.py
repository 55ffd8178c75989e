"""A pen in a process of its own: booking takes as long as all the rest of an answer, so it gets a core to itself."""

import logging
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import Connection

from shopwatch.domain import garbage
from shopwatch.domain.clock import now
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import HappeningsKept, SalesChanged
from shopwatch.ledger import troubles
from shopwatch.ledger.booking import Recorded
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.parcels import Parcels
from shopwatch.ledger.pen import Batch, OwnPen, Pen, Written
from shopwatch.ledger.sources import SourceNumbers

_BETWEEN_STARTS = 1.0
"""Seconds. A process that cannot live is not started over and over."""
_PATIENCE = 10.0
"""Seconds that it has for its last commit, and to end."""

_LARGE = (SalesChanged, HappeningsKept)
"""Facts that cost time on their way, and that a program without a window has no use for."""

_log = logging.getLogger(__name__)


class Scribe:
    """The other process as this one sees it. See `Pen`; `own` does all that is no batch.

    `command` starts a process that calls `write_down` with its standard input, and hears from it of `place`. It ends
    with this one, whatever ends this one. Where it ends by itself, its batches are refused and another one is started.
    """

    depth = 2

    def __init__(self, command: Sequence[str], place: str, own: Pen, hears: Callable[[type], bool]) -> None:
        self._command = command
        self._place = place
        self._own = own
        self._hears = hears
        self._begun: deque[subprocess.Popen[bytes] | None] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = float("-inf")
        self._start()

    def begin(self, batch: Batch) -> None:
        if self._process is None:
            self._start()
        process = self._process
        if process is not None and not self._send((batch, tuple(kind for kind in _LARGE if not self._hears(kind)))):
            process = None
        self._begun.append(process)

    def ready(self, seconds: float) -> bool:
        process = self._begun[0]
        return process is None or process is not self._process or self._parcels.ready(seconds)

    def end(self) -> Written:
        process = self._begun.popleft()
        if process is None or process is not self._process:
            raise troubles.interrupted()
        try:
            answer: Written | Outage = self._parcels.receive()
        except Exception as error:
            # It has gone; or it speaks in another way, where the program was renewed under our feet.
            self._lose()
            raise troubles.interrupted() from error
        if isinstance(answer, Outage):
            raise answer
        return answer

    def relieve(self) -> None:
        """Nothing: the other process relieves its own."""

    def do[T](self, work: Callable[[Connection], T], *, begins: bool = True) -> T:
        return self._own.do(work, begins=begins)

    def close(self) -> None:
        if self._process is not None:
            self._parcels.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
            self._end(self._process)
        self._own.close()

    def _start(self) -> None:
        moment = time.monotonic()
        if moment - self._started_at < _BETWEEN_STARTS:
            return
        self._started_at = moment
        ours, theirs = socket.socketpair()
        self._parcels = Parcels(ours)
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this program itself
                    self._command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True
                )
        except OSError as error:
            _log.warning("the process that writes could not be started: %s", error)
            self._parcels.close()
        else:
            self._send(self._place)

    def _send(self, value: object) -> bool:
        try:
            self._parcels.send(value)
        except OSError:
            self._lose()
        except Exception:
            _log.exception("a batch could not be handed over")
        else:
            return True
        return False

    def _lose(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._parcels.close()
            self._end(process)
            _log.warning("the process that writes has ended with %s; another is started", process.returncode)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()


def write_down(end: socket.socket, dialect_of: Callable[[str], Dialect]) -> None:
    """Book and commit what comes in at `end`, and say so, until the other side has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever ends the program ends it in order, and so this process too
    parcels = Parcels(end)
    with suppress(EOFError, OSError):
        dialect = dialect_of(parcels.receive())
        pen = OwnPen(dialect, SourceNumbers(), now)
        garbage.settle()
        try:
            with ThreadPoolExecutor(1, "scribe-reader") as reader:
                try:
                    _write(parcels, pen, reader)
                finally:
                    end.shutdown(socket.SHUT_RDWR)  # the reader and the other side would else wait for ever
        finally:
            pen.close()
            dialect.close()


def _write(parcels: Parcels, pen: Pen, reader: ThreadPoolExecutor) -> None:
    coming = reader.submit(parcels.receive)
    while True:
        batch, unheard = coming.result()
        coming = reader.submit(parcels.receive)  # the next one is unpacked while the disk is waited for
        pen.begin(batch)
        try:
            written = pen.end()
        except Outage as problem:
            parcels.send(problem)
        else:
            written.recorded = [_portable(each) for each in written.recorded]
            written.facts = [fact for fact in written.facts if not isinstance(fact, unheard)]
            parcels.send(written)
        pen.relieve()


def _portable(recorded: Recorded | Exception) -> Recorded | Exception:
    if isinstance(recorded, Recorded | UserError):
        return recorded
    # A defect may hold whatever cannot be sent, or should not be.
    _log.error("a message could not be booked", exc_info=recorded)
    return RuntimeError(type(recorded).__name__)
