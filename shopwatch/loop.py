"""The one event loop of the desktop: asyncio's, inside Qt's."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from functools import partial
from time import monotonic
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from qasync import QEventLoop

_LONGEST = 0.005
"""Seconds after which Qt gets its turn, though more is to be called soon."""


class Loop(QEventLoop):  # type: ignore[misc]
    """What is to be called soon is called in rounds, as in asyncio's own loop, with Qt's turn between some of them.

    qasync by itself makes a timer of Qt's for each call, which takes longer than nearly all that is called, and lets
    Qt paint between every two steps on the way to an answer.
    """

    def __init__(self, app: QCoreApplication) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._turn = QTimer(singleShot=True, interval=0)
        self._turn.timeout.connect(self._run_rounds)
        self._door = _Door()
        self._door.called.connect(self._let_in, Qt.ConnectionType.QueuedConnection)
        super().__init__(app)

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context=context)
        self._soon.append(handle)
        if len(self._soon) == 1:
            self._turn.start()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context=context)
        self._door.called.emit(handle)
        return handle

    def _let_in(self, handle: asyncio.Handle) -> None:
        self._soon.append(handle)
        self._run_rounds()

    def _before_run_forever(self) -> None:
        super()._before_run_forever()
        self._turn.start()

    def _run_rounds(self) -> None:
        if not self.is_running():
            return  # Qt is at work by itself, and what is waited for here may be gone with a window
        soon, until = self._soon, monotonic() + _LONGEST
        while soon:
            handle = soon.popleft()
            if soon and not self._turn.isActive():
                self._turn.start()  # this one may open a dialog, in whose loop the others must go on
            if not handle.cancelled():
                handle._run()
            if monotonic() > until:
                break

    def _add_reader(self, fd: Any, callback: Callable[..., object], *args: Any) -> None:
        """Asyncio's transports call this one, and qasync would have Qt take a turn before each `callback`."""
        super()._add_reader(fd, callback, *args)
        ready = self._read_notifiers[fd].activated["int"]
        ready.disconnect()
        ready.connect(partial(self._run_ready, asyncio.Handle(callback, args, self)))

    def _run_ready(self, handle: asyncio.Handle, _fd: int) -> None:
        if self.is_running():
            handle._run()


class _Door(QObject):
    """Where other threads hand in what is to be called."""

    called = Signal(object)
