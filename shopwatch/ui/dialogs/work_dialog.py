"""A dialog that has work done for it."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from shopwatch.runtime.tasks import Run


class WorkDialog(QDialog):
    """Once closed it is out of sight, and is gone when all the work that it has begun has ended."""

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._working = 0
        self._left: int | None = None

    def work(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Have this done beside the dialog, which is there until it ends."""
        self._working += 1
        self._run(self._worked(work), name)

    async def _worked(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self._working -= 1
            if self._left is not None and not self._working:
                super().done(self._left)

    def done(self, result: int) -> None:
        if self._working:
            self._left = result
            self.hide()
        else:
            super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._working:
            event.ignore()  # Qt would delete it
