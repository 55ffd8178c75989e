"""Pop-ups and the bell, as the rules ask for them and this owner prefers them."""

from collections.abc import Callable

from shopwatch.actions.ring.coalescing import NotificationPreferences
from shopwatch.actions.ring.notifications import DesktopNotifications
from shopwatch.actions.ring.popups import PopUps
from shopwatch.actions.ring.ringing import Ringing
from shopwatch.domain.errors import UserError
from shopwatch.domain.rules.popup import DesktopNotification, Destination, NotificationService, Service
from shopwatch.host.resources import resource
from shopwatch.providers import provider
from shopwatch.runtime.tasks import spawn
from shopwatch.shop.shop import Shop


class Announcements:
    """Announces what happens in one shop from `start` to `stop`: by the desktop's notification service, or by `ours`
    while it has none.

    `on_bell` hears the sound that is wished for, `on_open` what was clicked, `on_copy` which order number is to be
    copied, and `on_problem` whether the desktop hides pop-ups. `wrap` may stand between the pop-ups and their screen.
    """

    def __init__(
        self,
        shop: Shop,
        ours: NotificationService,
        *,
        wrap: Callable[[NotificationService], NotificationService],
        on_bell: Callable[[str], None],
        on_open: Callable[[Destination], None],
        on_copy: Callable[[str], None],
        on_quiet: Callable[[], None],
        on_problem: Callable[[UserError | None], None],
    ) -> None:
        self._shop = shop
        self._screen = wrap(EitherNotifications(DesktopNotifications(resource("icons", "shopwatch.png")), ours))
        self._popups = PopUps(
            shop.bus,
            self._screen,
            preferences=self._preferences,
            name_of=self._name_of,
            on_bell=on_bell,
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
        # Connected before there is a sale, so that the first one does not wait for it.
        spawn(self._screen.check(), "notification service")

    async def stop(self) -> None:
        """Announce no more."""
        await self._ringing.stop()
        await self._popups.stop()

    def seen(self) -> None:
        """The owner has looked at the sales."""
        self._popups.seen()

    def _preferences(self) -> NotificationPreferences:
        settings = self._shop.settings.current
        return NotificationPreferences(
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


class EitherNotifications:
    """The desktop's own notification service, or ours while it has none."""

    def __init__(self, desktop: NotificationService, ours: NotificationService) -> None:
        self._desktop = desktop
        self._ours = ours
        self._own = False
        self._asked = False

    async def show(self, notice: DesktopNotification) -> None:
        if not self._asked:
            await self.check()
        await (self._ours if self._own else self._desktop).show(notice)

    async def check(self) -> Service:
        service = await self._desktop.check()
        self._asked, self._own = True, service.problem is not None
        return await self._ours.check() if self._own else service
