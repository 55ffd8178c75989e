"""Fills a drawer with what is chosen, and keeps it true."""

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.tasks import Run
from shopwatch.ui.widgets.drawer import Drawer

_PAUSE = 40


class DrawerFiller(QObject):
    """Asks for one thing at a time, `what` it is called in the log, while `drawer` is open.

    What it asks for is left to who knows it: `_fetch` shows what comes of it, if that is still `_wanted`.
    """

    def __init__(self, drawer: Drawer, run: Run, what: str, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._what = what
        self._wanted: int | None = None
        self._is_open = False
        self._drawer = drawer
        # Holding an arrow key down passes by many that nobody wants to see.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.on_paused)

    async def _fetch(self, wanted: int) -> None:
        raise NotImplementedError

    @Slot(bool)
    def on_drawer_shown(self, is_open: bool) -> None:
        self._is_open = is_open
        self.look()

    @Slot(object)
    def want(self, wanted: int | None) -> None:
        """Show the one of this id while the drawer is open."""
        self._wanted = wanted
        self.look()

    @Slot()
    def look(self) -> None:
        """Show the chosen one as it is now."""
        if not self._is_open:
            return
        if self._wanted is None:
            self._drawer.show_nothing()
        else:
            self._pause.start()

    @Slot()
    def on_paused(self) -> None:
        if self._wanted is not None:
            self._run(self._fetch(self._wanted), self._what)
