"""The one event loop of the desktop: asyncio's, inside Qt's."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from qasync import QEventLoop


class Loop(QEventLoop):  # type: ignore[misc]
    """What is to be called soon is called in rounds, as in asyncio's own loop, with Qt's turn between two of them.

    qasync by itself makes a timer of Qt's for each call, which takes longer than nearly all that is called.
    """

    def __init__(self, app: QCoreApplication) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._round = QTimer(singleShot=True, interval=0)
        self._round.timeout.connect(self._run_round)
        super().__init__(app)

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context=context)
        self._soon.append(handle)
        if len(self._soon) == 1:
            self._round.start()
        return handle

    def _run_round(self) -> None:
        for _ in range(len(self._soon)):
            if not self._soon:
                break
            handle = self._soon.popleft()
            if self._soon and not self._round.isActive():
                self._round.start()  # this one may open a dialog, in whose loop the others must go on
            if not handle.cancelled():
                handle._run()
