"""Pop-ups of our own and the bell, for what is announced of a shop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.popup import Destination, NotificationService
from shopwatch.host.resources import resource
from shopwatch.shop.outgoing.announcements import Announcements
from shopwatch.shop.shop import Shop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.system.bell import Bell
from shopwatch.ui.system.toast import Toasts


class Announcer(QObject):
    """Announces what happens in one shop from `start` to `stop`; see `Announcements`."""

    def __init__(
        self,
        theme: Theme,
        shop: Shop,
        *,
        wrap: Callable[[NotificationService], NotificationService],
        on_open: Callable[[Destination], None],
        on_copy: Callable[[str], None],
        on_quiet: Callable[[], None],
        on_problem: Callable[[UserError | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        sounds = {"": resource("sounds", "bell.wav"), "special": resource("sounds", "special.wav")}
        self._bell = Bell(sounds, self)
        self._announcements = Announcements(
            shop,
            Toasts(theme, self),
            wrap=wrap,
            on_bell=self._bell.ring,
            on_open=on_open,
            on_copy=on_copy,
            on_quiet=on_quiet,
            on_problem=on_problem,
        )

    async def start(self) -> None:
        """Listen for what happens, on the running loop."""
        await self._announcements.start()
        self._bell.prepare()

    async def stop(self) -> None:
        """Announce no more."""
        await self._announcements.stop()

    @Slot()
    def on_seen(self) -> None:
        """The owner has looked at the sales."""
        self._announcements.seen()
