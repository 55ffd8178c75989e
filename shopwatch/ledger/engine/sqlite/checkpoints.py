"""Moving what was committed from the log into the database file, beside the writer."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

EVERY_BYTES = 24 * 2**20
"""About so much is written between two passes; the log stays well below 64 MiB."""

_log = logging.getLogger(__name__)


class Checkpoints:
    """A pass in a thread of its own moves nearly all; then the writer moves the rest and the log begins anew.

    Without the first the writer would stand still for the whole pass; without the second the log of a busy shop would
    never end. Both run the same `move`, the thread on its own connection.
    """

    def __init__(self, move: Callable[[], None]) -> None:
        self._move = move
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-checkpoint")
        self._pass: Future[None] | None = None
        self._written = 0

    def wrote(self, size: int, finish: Callable[[], None]) -> None:
        """The writer committed about `size` bytes, and is between transactions."""
        self._written += size
        if self._pass is None:
            if self._written >= EVERY_BYTES:
                self._written = 0
                self._pass = self._thread.submit(self._move)
        elif self._pass.done():
            if (problem := self._pass.exception()) is not None:
                _log.warning("the log could not be moved into the database: %s", problem)
            self._pass = None
            finish()

    def close(self) -> None:
        """End after the pass under way."""
        self._thread.shutdown()
