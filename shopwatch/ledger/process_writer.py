"""Booking in a process of its own: it takes as long as all the rest of an answer, so it gets a core to itself."""

import asyncio
import logging
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from shopwatch.domain.errors import Outage
from shopwatch.domain.facts import HappeningsKept, SalesChanged
from shopwatch.ledger import troubles
from shopwatch.ledger.batches import pack
from shopwatch.ledger.parcels import Parcels, packed
from shopwatch.ledger.pen import Pen, Written
from shopwatch.ledger.writer import MOST_AT_ONCE, UNANSWERED_AT_ONCE, Record, Task, Writer

_BETWEEN_STARTS = 1.0
"""Seconds. A process that cannot live is not started over and over."""
_PATIENCE = 10.0
"""Seconds that it has for its last commit, and to end."""
_ENOUGH = 32
"""So many do not wait for the end of a round of the loop, which may be long, while the other process has no work."""

_LARGE = (SalesChanged, HappeningsKept)
"""Facts that cost time on their way, and that a program without a window has no use for."""

_log = logging.getLogger(__name__)


class ProcessWriter(Writer):
    """The other process as this one sees it: it books all deliveries, `pen` does all else while it rests.

    `command` starts a process that calls `write_down` with its standard input, and hears from it of `place`. It ends
    with this one, whatever ends this one. Where it ends by itself, its deliveries are refused and another one is
    started.
    """

    def __init__(
        self,
        command: Sequence[str],
        place: str,
        pen: Pen,
        tell: Callable[[object], None],
        hears: Callable[[type], bool],
    ) -> None:
        super().__init__(tell)
        self._command = command
        self._place = place
        self._pen = pen
        self._hears = hears
        self._jobs: deque[Record | Task] = deque()
        self._later: deque[Record] = deque()
        self._sent: deque[Record] = deque()
        self._due = False
        self._working = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-writer")
        self._process: subprocess.Popen[bytes] | None = None
        self._listening: asyncio.AbstractEventLoop | None = None
        self._started_at = float("-inf")
        self._start()

    def close(self) -> None:
        if self._closed:
            return
        waiting = self._on_loop(self._retire)
        self._thread.shutdown()
        if records := [job for job in waiting if isinstance(job, Record)]:
            self._send(records)
        if self._process is not None:
            self._hear_out(self._process)
        for job in waiting:
            if isinstance(job, Task):
                self._do(self._pen, job)
        self._pen.close()

    def _retire(self) -> list[Record | Task]:
        """Leave all to the thread that closes."""
        self._closed = True
        self._deafen()
        waiting = [*self._jobs, *self._later]
        self._jobs.clear()
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

    def _put(self, job: Record | Task) -> None:
        if isinstance(job, Record) and job.future is None:
            self._later.append(job)
        else:
            self._jobs.append(job)
        if len(self._jobs) >= _ENOUGH:
            self._go_on()
        elif not self._due and self._loop is not None:
            # Whatever else comes in this round of the loop goes along.
            self._due = True
            self._loop.call_soon(self._go_on_soon)

    def _go_on_soon(self) -> None:
        self._due = False
        self._go_on()

    def _go_on(self) -> None:
        """Send or do what may be sent or done now. While a task is done, nothing is on its way."""
        while self._jobs and not self._working:
            if records := self._leading(Record):
                self._send(records)
                continue
            if self._later:
                self._send_later(len(self._later))
            if self._sent:
                return
            self._working = True
            self._thread.submit(self._work_off, self._leading(Task))
        if self._later and not self._working and all(job.future is not None for job in self._sent):
            self._send_later(UNANSWERED_AT_ONCE)

    def _leading[J: Record | Task](self, kind: type[J]) -> list[J]:
        """The first of those that wait, as long as they are of this kind."""
        jobs: list[J] = []
        while self._jobs and isinstance(job := self._jobs[0], kind) and len(jobs) < MOST_AT_ONCE:
            jobs.append(job)
            self._jobs.popleft()
        return jobs

    def _send_later(self, most: int) -> None:
        self._send([self._later.popleft() for _ in range(min(len(self._later), most))])

    def _send(self, records: list[Record]) -> None:
        if self._process is None:
            self._start()
        process = self._process
        try:
            unheard = tuple(kind for kind in _LARGE if not self._hears(kind))
            parcel = packed((pack([(job.delivery, job.verdict) for job in records]), unheard))
        except Exception:
            _log.exception("messages could not be handed over")
            process = None
        if process is None:
            self._fail(records, troubles.interrupted())
            return
        self._sent.extend(records)
        try:
            left = self._parcels.send(parcel)
        except OSError:
            self._lose(process)
        else:
            self._listen(process, push=left)

    def _start(self) -> None:
        moment = time.monotonic()
        if moment - self._started_at < _BETWEEN_STARTS:
            return
        self._started_at = moment
        self._end, theirs = socket.socketpair()
        self._end.setblocking(False)
        self._parcels = Parcels(self._end)
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this program itself
                    self._command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True
                )
            self._parcels.send(packed(self._place))
        except OSError as error:
            _log.warning("the process that writes could not be started: %s", error)

    def _listen(self, process: subprocess.Popen[bytes], *, push: bool) -> None:
        loop = self._loop
        if loop is None or self._closed:
            return
        if loop is not self._listening:
            self._listening = loop
            loop.add_reader(self._end, self._hear, process)
        if push:
            loop.add_writer(self._end, self._push, process)

    def _deafen(self) -> None:
        if self._listening is not None:
            with suppress(RuntimeError):  # it may have ended
                self._listening.remove_reader(self._end)
                self._listening.remove_writer(self._end)
            self._listening = None

    def _push(self, process: subprocess.Popen[bytes]) -> None:
        try:
            if not self._parcels.push() and self._listening is not None:
                self._listening.remove_writer(self._end)
        except OSError:
            self._lose(process)

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        try:
            answers = self._parcels.receive()
        except Exception:  # gone; or it speaks in another way, where the program was renewed under our feet
            self._lose(process)
        else:
            self._heard(answers)
        self._go_on()

    def _hear_out(self, process: subprocess.Popen[bytes]) -> None:
        """Have all booked that was sent, and let the other process end."""
        self._end.settimeout(_PATIENCE)
        with suppress(OSError, EOFError):
            self._parcels.push()
            self._end.shutdown(socket.SHUT_WR)
            while True:
                self._deliver(self._heard, self._parcels.receive())
        self._end.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
        process.wait()
        self._deliver(self._fail_sent)

    def _heard(self, answers: Iterable[tuple[int, Written | Outage]]) -> None:
        for count, answer in answers:
            records = [self._sent.popleft() for _ in range(count)]
            if isinstance(answer, Outage):
                # Those who came meanwhile would wait as long again, past their senders' patience.
                refused = [*records, *self._jobs, *self._later]
                self._jobs.clear()
                self._later.clear()
                self._fail(refused, answer)
            else:
                self._settle(records, answer)

    def _lose(self, process: subprocess.Popen[bytes]) -> None:
        self._process = None
        self._deafen()
        self._end.close()
        process.kill()
        _log.warning("the process that writes has ended with %s; another is started", process.wait())
        self._fail_sent()

    def _fail_sent(self) -> None:
        sent = [*self._sent]
        self._sent.clear()
        if sent:
            self._fail(sent, troubles.interrupted())

    def _work_off(self, tasks: Iterable[Task]) -> None:
        """In the thread."""
        for task in tasks:
            self._do(self._pen, task)
        self._deliver(self._rest)

    def _rest(self) -> None:
        self._working = False
        self._go_on()
