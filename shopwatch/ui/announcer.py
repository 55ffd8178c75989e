"""Pop-ups and the bell, as the rules ask for them and this owner wishes them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from shopwatch.actions.ring.bursts import Destination, Wishes
from shopwatch.actions.ring.notifications import DesktopScreen
from shopwatch.actions.ring.popups import PopUps, Screen
from shopwatch.actions.ring.ringing import Ringing
from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import spawn
from shopwatch.providers import provider
from shopwatch.settings.resources import resource
from shopwatch.shop.shop import Shop
from shopwatch.ui.bell import Bell
from shopwatch.ui.theme import Theme
from shopwatch.ui.toast import EitherScreen, Toasts


class Announcer(QObject):
    """Announces what happens in one shop from `start` to `stop`.

    `on_open` hears what was clicked, `on_copy` which order number is to be copied, and `on_problem` whether the desktop
    hides pop-ups. `wrap` may stand between the pop-ups and the desktop that shows them.
    """

    def __init__(
        self,
        theme: Theme,
        shop: Shop,
        *,
        wrap: Callable[[Screen], Screen],
        on_open: Callable[[Destination], None],
        on_copy: Callable[[str], None],
        on_quiet: Callable[[], None],
        on_problem: Callable[[UserError | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shop = shop
        sounds = {"": resource("sounds", "bell.wav"), "special": resource("sounds", "special.wav")}
        self._bell = Bell(sounds, self)
        self._screen = wrap(EitherScreen(DesktopScreen(resource("icons", "shopwatch.png")), Toasts(theme, self)))
        self._popups = PopUps(
            shop.bus,
            self._screen,
            wishes=self._wishes,
            name_of=self._name_of,
            on_bell=self._bell.ring,
            on_open=on_open,
            on_copy=on_copy,
            on_quiet=on_quiet,
            on_problem=on_problem,
        )
        self._ringing = Ringing(shop.ledger.outbox, shop.bus)

    async def start(self) -> None:
        """Listen for what happens, on the running loop."""
        self._popups.start()
        await self._ringing.start()
        self._bell.prepare()
        # Connected before there is a sale, so that the first one does not wait for it.
        spawn(self._screen.check(), "notification service")

    async def stop(self) -> None:
        """Announce no more."""
        await self._ringing.stop()
        await self._popups.stop()

    @Slot()
    def on_seen(self) -> None:
        """The owner has looked at the sales."""
        self._popups.seen()

    def _wishes(self) -> Wishes:
        settings = self._shop.settings.current
        return Wishes(
            popups=settings.popups,
            bell=settings.bell,
            hide_details=settings.hide_details,
            quiet_until=settings.quiet_until,
            quiet_from=settings.quiet_from,
            quiet_to=settings.quiet_to,
            remind_after=settings.remind_after,
            locale=self._shop.locale,
        )

    def _name_of(self, source_id: str) -> str:
        source = self._shop.sources.get(source_id)
        known = provider(source.provider) if source else None
        return known.name if known else source_id
