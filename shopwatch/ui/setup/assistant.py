"""The assistant while it is wanted, and nothing at other times."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.providers import PROVIDERS
from shopwatch.ui.window.page_context import PageContext

if TYPE_CHECKING:
    from shopwatch.ui.setup.window import SetupWindow


class Assistant(QObject):
    """Signals, each once its window is gone: `finished()`; `practice_chosen()`, a made-up shop is wanted;
    `restore_wanted()`, a backup is to be brought back."""

    finished = Signal()
    practice_chosen = Signal()
    restore_wanted = Signal()

    def __init__(self, context: PageContext, *, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._window: SetupWindow | None = None

    @property
    def is_open(self) -> bool:
        return self._window is not None

    def open(self) -> None:
        """Show it above the others, where it was left."""
        window = self._window = self._window or self._made()
        window.show()
        window.raise_()
        window.activateWindow()

    def hide(self) -> None:
        """Take it off the screen."""
        if self._window is not None:
            self._window.hide()

    def _made(self) -> "SetupWindow":
        from shopwatch.ui.setup.window import SetupWindow

        window = SetupWindow(self._context, providers=PROVIDERS)
        window.finished.connect(self.on_finished)
        window.later.connect(self.on_finished)
        window.practice_chosen.connect(self.on_practice_chosen)
        window.restore_wanted.connect(self.on_restore_wanted)
        return window

    @Slot()
    def on_finished(self) -> None:
        self._end()
        self.finished.emit()

    @Slot()
    def on_practice_chosen(self) -> None:
        self._end()
        self.practice_chosen.emit()

    @Slot()
    def on_restore_wanted(self) -> None:
        self._end()
        self.restore_wanted.emit()

    def _end(self) -> None:
        window, self._window = self._window, None
        if window is not None:
            window.hide()
            window.deleteLater()
