"""An end to transactions that would have none."""

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from psycopg.pq import TransactionStatus

_LONGEST = 8.0
"""Seconds. Senders wait for about ten."""
_LOOKS_EVERY = 1.0


class Deadlines:
    """Cuts the connection of a transaction that takes too long.

    No setting of the server's ends a commit that waits for a copy to confirm it, and whoever cancels such a commit is
    told that all is well (https://www.postgresql.org/docs/current/warm-standby.html, "Synchronous Replication"). Cut
    off, nobody knows how it ended, and the sender comes again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[Any, float] = {}
        self._watching: threading.Thread | None = None
        self._closed = threading.Event()

    def begin(self, driver: Any) -> None:
        """A transaction begins on this connection of psycopg's."""
        with self._lock:
            self._until[driver] = time.monotonic() + _LONGEST
            if self._watching is None:
                self._watching = threading.Thread(target=self._watch, name="ledger-deadlines", daemon=True)
                self._watching.start()

    def close(self) -> None:
        """Watch no longer."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(_LOOKS_EVERY):
            moment = time.monotonic()
            with self._lock:
                for driver, until in list(self._until.items()):
                    if driver.closed or driver.pgconn.transaction_status is TransactionStatus.IDLE:
                        del self._until[driver]
                    elif until <= moment:
                        del self._until[driver]
                        _cut(driver)


def _cut(driver: Any) -> None:
    with suppress(Exception), socket.socket(fileno=os.dup(driver.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)
