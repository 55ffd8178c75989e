"""The other process that books, as this one sees it: in a rush it takes as long as all the rest of an answer."""

import asyncio
import logging
import selectors
import socket
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shopwatch.domain.errors import Outage
from shopwatch.ledger.writing.batch_codec import pack, unpack_written
from shopwatch.ledger.writing.message_socket import MessageSocket, packed
from shopwatch.ledger.writing.write_connection import Batch, BatchOutcome, TaskOutcome, WriteTask

_BETWEEN_STARTS = 1.0
"""Seconds. A process that cannot live is not started over and over."""
_PATIENCE = 10.0
"""Seconds that it has for its last commit, and to end."""

type Answer = tuple[int, BatchOutcome | Outage | TaskOutcome]
"""What became of so many deliveries, or of one task, in the order in which they were sent."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WriterProcessConfig:
    """How deliveries are booked in a process of their own during a rush.

    `command` starts it; it calls `write_down` with its standard input. It costs memory, and a moment to start: so many
    deliveries `a_second` are a rush, and after `quiet` seconds without one it ends.
    """

    command: Sequence[str]
    a_second: int = 200
    quiet: float = 60.0


class WriterProcess:
    """Started where it is needed, it books deliveries at `place`; it ends with this one, whatever ends this one.

    `hear` is told of all answers, and of none once it is ready; `miss` that it has ended, whyever. Methods are called
    on the loop's thread; `end` on any, once nothing else is called.
    """

    def __init__(
        self,
        writer_config: WriterProcessConfig,
        place: str | Path,
        hear: Callable[[Iterable[Answer]], None],
        miss: Callable[[], None],
    ) -> None:
        self._writer_config = writer_config
        self._place = place
        self._hear = hear
        self._miss = miss
        self.ready = False
        """Whether it may be sent something."""
        self._process: subprocess.Popen[bytes] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._greeted = self._dismissed = False
        self._out = 0
        self._counted = 0
        self._counted_since = self._rushed_at = self._started_at = float("-inf")
        self._quiet: asyncio.TimerHandle | None = None

    def count(self, loop: asyncio.AbstractEventLoop) -> None:
        """One delivery more has come, booked by whomever."""
        self._counted += 1
        if self._counted < self._writer_config.a_second:
            return
        moment = loop.time()
        if moment - self._counted_since < 1.0:
            self._rushed_at = moment
            if self._process is None and moment - self._started_at > _BETWEEN_STARTS:
                self._started_at = moment
                self._start_process(loop)
        self._counted, self._counted_since = 0, moment

    def send(self, batch: Batch, unheard: tuple[type, ...]) -> bool:
        """Have `batch` booked; facts of the kinds `unheard` need not come back. Only while it is `ready`.

        False: it holds what cannot be handed over.
        """
        try:
            parcel = packed((pack(batch), unheard))
        except Exception:
            _log.exception("messages could not be handed over")
            return False
        self._hand_over(parcel, len(batch))
        return True

    def send_chore(self, task: WriteTask) -> bool:
        """Have `write_task` done. Only while it is `ready`. False: it can only be done here."""
        if not isinstance(task.work, partial):
            return False
        try:
            parcel = packed(task)
        except Exception:  # whatever pickle says of a value that it does not know
            return False
        self._hand_over(parcel, 1)
        return True

    def deafen(self) -> None:
        """Hear nothing any more on the loop; what it still says is for `end`."""
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None
        if self._loop is not None:
            with suppress(RuntimeError):  # it may have ended
                self._loop.remove_reader(self._end)
                self._loop.remove_writer(self._end)
            self._loop = None

    def end(self) -> Iterable[Answer]:
        """Have all booked that was sent, and wait for the process to end; its last answers. After `deafen`."""
        process, self._process, self.ready = self._process, None, False
        answers: list[Answer] = []
        if process is None:
            return answers
        with suppress(Exception), selectors.DefaultSelector() as ready:  # as in `_receive`
            ready.register(self._end, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while self._messages.push() and ready.select(_PATIENCE):  # it may be waiting until it may answer
                answers += self._read_answers()
            self._end.shutdown(socket.SHUT_WR)
            self._end.settimeout(_PATIENCE)
            while True:
                answers += self._read_answers()
        self._end.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
        process.wait()
        return answers

    def _start_process(self, loop: asyncio.AbstractEventLoop) -> None:
        self._greeted = self._dismissed = False
        self._out = 0
        self._end, theirs = socket.socketpair()
        self._end.setblocking(False)
        self._messages = MessageSocket(self._end)
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this program itself
                    self._writer_config.command,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
        except OSError as error:
            _log.warning("the process that books could not be started: %s", error)
            self._end.close()
            return
        self._loop = loop
        loop.add_reader(self._end, self._receive_answers)
        with suppress(OSError):  # if it is gone already, `_receive` hears of it
            self._messages.send(packed(self._place))
        self._quiet = loop.call_later(self._writer_config.quiet, self._look_for_quiet, loop)

    def _look_for_quiet(self, loop: asyncio.AbstractEventLoop) -> None:
        rest = self._rushed_at + self._writer_config.quiet - loop.time()
        if rest > 0 or self._out or not self.ready:
            self._quiet = loop.call_later(rest if rest > 0 else 1.0, self._look_for_quiet, loop)
            return
        self.ready = False
        self._dismissed = True
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_WR)  # it ends by itself then, and `_receive` hears of it

    def _hand_over(self, parcel: memoryview, count: int) -> None:
        self._out += count
        try:
            if self._messages.send(parcel) and self._loop is not None:
                self._loop.add_writer(self._end, self._push_waiting)
        except OSError:
            self._lose_process()

    def _push_waiting(self) -> None:
        try:
            if not self._messages.push() and self._loop is not None:
                self._loop.remove_writer(self._end)
        except OSError:
            self._lose_process()

    def _receive_answers(self) -> None:
        try:
            answers = self._read_answers()
        except Exception:  # gone; or it speaks in another way, where the program was renewed under our feet
            self._lose_process()
        else:
            self._out -= sum(count for count, _ in answers)
            self._hear(answers)

    def _read_answers(self) -> Sequence[Answer]:
        values = self._messages.receive()
        if values and not self._greeted:
            self.ready = self._greeted = True
            del values[0]
        return [
            (count, said if isinstance(said, Outage | TaskOutcome) else unpack_written(said)) for count, said in values
        ]

    def _lose_process(self) -> None:
        process, self._process, self.ready = self._process, None, False
        self.deafen()
        self._end.close()
        if process is not None:
            process.kill()
            process.wait()
        if not self._dismissed:
            _log.warning("the process that books has ended by itself")
        self._miss()
