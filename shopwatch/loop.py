"""The one event loop of the desktop: asyncio's, inside Qt's."""

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from contextvars import Context
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector, DefaultSelector
from time import monotonic
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, Qt, QTimer, Signal
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
        self._ready_sockets = self._watch_sockets() if sys.platform != "win32" else None

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
        if self._ready_sockets is not None:
            self._ready_sockets.setEnabled(True)

    def _after_run_forever(self) -> None:
        super()._after_run_forever()
        if self._ready_sockets is not None:
            self._ready_sockets.setEnabled(False)

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

    if sys.platform != "win32":
        # Asyncio's own ways of waiting for sockets, which qasync replaces by one notifier of Qt's for each of them:
        # Qt would go through them all in every turn, and be asked for a turn before each is read.
        _add_reader = asyncio.SelectorEventLoop._add_reader  # type: ignore[attr-defined]
        _remove_reader = asyncio.SelectorEventLoop._remove_reader  # type: ignore[attr-defined]
        _add_writer = asyncio.SelectorEventLoop._add_writer  # type: ignore[attr-defined]
        _remove_writer = asyncio.SelectorEventLoop._remove_writer  # type: ignore[attr-defined]
        _selector: BaseSelector

        def _watch_sockets(self) -> QSocketNotifier:
            self._selector.close()
            self._selector = DefaultSelector()
            self._add_reader(self._ssock.fileno(), self._read_from_self)
            ready = QSocketNotifier(self._selector.fileno(), QSocketNotifier.Type.Read)
            ready.setEnabled(False)
            ready.activated.connect(self._run_ready)
            return ready

    def _run_ready(self, *_: object) -> None:
        if not self.is_running():
            return
        until = monotonic() + _LONGEST
        for key, mask in self._selector.select(0):
            reader, writer = key.data
            for handle, event in ((reader, EVENT_READ), (writer, EVENT_WRITE)):
                if handle is not None and mask & event and not handle.cancelled():
                    handle._run()
            if monotonic() > until:
                break  # those left are ready at the next look too
        self._run_rounds()


class _Door(QObject):
    """Where other threads hand in what is to be called."""

    called = Signal(object)
