"""Looks anew at what has changed: not for each change, and not twice at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.runtime.tasks import Run

COUNTED_EVERY = 1_000
"""Milliseconds; nobody counts faster."""


class Refresher(QObject):
    """Runs `work`, `what` it is called in the log, one at a time; changes wait `pause` milliseconds for those on their
    heels."""

    def __init__(
        self,
        work: Callable[[], Coroutine[Any, Any, None]],
        what: str,
        pause: int,
        run: Run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._what = what
        self._run = run
        self._busy = False
        self._again = False
        self._pause = QTimer(self, singleShot=True, interval=pause)
        self._pause.timeout.connect(self.on_paused)

    @Slot()
    def look(self) -> None:
        """Look now, or as soon as the look under way is over."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._again = False
        self._run(self._look(), self._what)

    @Slot()
    def look_soon(self) -> None:
        """Look once what comes on the heels of a change is there too."""
        if not self._pause.isActive():
            self._pause.start()

    def rest(self) -> None:
        """Leave what has changed for the next time that somebody asks."""
        self._pause.stop()

    @Slot()
    def on_paused(self) -> None:
        if self._busy:
            self._pause.start()
        else:
            self.look()

    async def _look(self) -> None:
        try:
            await self._work()
        except asyncio.CancelledError:
            self._again = False  # it is called off for good
            raise
        finally:
            self._busy = False
            if self._again:
                self.look()
