"""Blocking work kept off the loop."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class WorkerThread:
    """One thread that does blocking work in the order it was asked for.

    It is a daemon thread: work that hangs for ever cannot keep the program from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any], float]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._due: float | None = None

    async def do[Result](self, work: Callable[[], Result], seconds: float) -> Result:
        """What `work` returns or raises.

        Raises TimeoutError after `seconds`, or at once while earlier work is past its own time. Work that has begun
        then still ends on its thread; work that has not begun is dropped.
        """
        due = self._due
        if due is not None and time.monotonic() >= due:
            raise TimeoutError(f"{self._name} still hangs in earlier work")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        future: Future[Result] = Future()
        self._waiting.put((future, work, time.monotonic() + seconds))
        return await asyncio.wait_for(asyncio.wrap_future(future), seconds)

    def _run(self) -> None:
        while True:
            future, work, due = self._waiting.get()
            if not future.set_running_or_notify_cancel():
                continue
            self._due = due
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
            finally:
                self._due = None
