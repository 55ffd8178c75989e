"""Fills a drawer with what is chosen, and keeps it true."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, QTimer, Slot

from shopwatch.domain.errors import UserError
from shopwatch.runtime.tasks import Run
from shopwatch.ui.widgets.frames.drawer import Drawer

_PAUSE = 40


class DrawerFiller[Detail](QObject):
    """While `drawer` is open, it has `read` get one thing at a time, `what` it is called in the log, and `show` it, if
    it is still wanted; without an answer there is nothing to be seen."""

    def __init__(
        self,
        drawer: Drawer,
        read: Callable[[int], Awaitable[Detail | None]],
        show: Callable[[Detail], None],
        *,
        run: Run,
        what: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._drawer = drawer
        self._read = read
        self._show = show
        self._run = run
        self._what = what
        self._is_open = False
        self.wanted: int | None = None
        # Holding an arrow key down passes by many that nobody wants to see.
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.on_paused)

    @Slot(bool)
    def on_drawer_shown(self, is_open: bool) -> None:
        self._is_open = is_open
        self.look()

    @Slot(object)
    def want(self, wanted: int | None) -> None:
        """Show the one of this id while the drawer is open."""
        self.wanted = wanted
        self.look()

    @Slot()
    def look(self) -> None:
        """Show the chosen one as it is now."""
        if not self._is_open:
            return
        if self.wanted is None:
            self._drawer.show_nothing()
        else:
            self._pause.start()

    @Slot()
    def on_paused(self) -> None:
        if self.wanted is not None:
            self._run(self._fetch(self.wanted), self._what)

    async def _fetch(self, wanted: int) -> None:
        try:
            detail = await self._read(wanted)
        except UserError:
            detail = None
        if wanted != self.wanted:
            return
        if detail is None:
            self._drawer.show_nothing()
        else:
            self._show(detail)
