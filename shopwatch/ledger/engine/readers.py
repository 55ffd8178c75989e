"""Reading beside the writer: a few threads, each with a connection of its own."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import Connection

from shopwatch.ledger import errors
from shopwatch.ledger.engine.ports import Store

THREADS = 2


class Readers:
    """Answers questions in read transactions, which see one state throughout and never wait for the writer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ledger-reader")
        self._local = threading.local()
        self._open: list[Connection] = []
        self._closed = False

    async def run[T](self, question: Callable[[Connection], T]) -> T:
        """What `question` returns. Raises `Outage` if the database cannot be read now."""
        if self._closed:
            raise errors.closed()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run_query, question)

    def close(self) -> None:
        """End once the questions under way are answered."""
        self._closed = True
        self._threads.shutdown()
        for connection in self._open:
            with suppress(Exception):
                connection.close()
        self._open.clear()

    def _run_query[T](self, question: Callable[[Connection], T]) -> T:
        try:
            connection = self._open_connection()
            with connection.begin():
                return question(connection)
        except Exception as error:
            self._drop_connection()
            problem = self._store.translate(error)
            if problem is None or problem is error:
                raise
            raise problem from error

    def _open_connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._store.reader()
            self._open.append(connection)
        return connection

    def _drop_connection(self) -> None:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            self._open.remove(connection)
            with suppress(Exception):
                connection.close()
