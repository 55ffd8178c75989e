"""The page on which the shop shows what sells best."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import Bus
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.popular_page import PATH, period, shown, title_of
from shopwatch.host.paths import Paths
from shopwatch.ledger.ledger import Ledger
from shopwatch.runtime.clock import now
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing.export import unwritable
from shopwatch.shop.receiving.receiver import Receiver

if TYPE_CHECKING:
    from shopwatch.actions.popular.public import PublicPage


class PopularItems:
    """Where the page is, how the owner takes it along, and its making from `start` to `stop`."""

    def __init__(
        self, ledger: Ledger, settings: SettingsStore, receiver: Receiver, *, paths: Paths, bus: Bus, locale: str
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._receiver = receiver
        self._paths = paths
        self._bus = bus
        self._locale = locale
        self._page: PublicPage | None = None

    @property
    def address(self) -> str:
        """Where the page of popular items is to be read; empty while there is no public address."""
        tunnel = self._receiver.tunnel
        public = tunnel.public_url if tunnel.kind is not TunnelKind.NONE else ""
        base = public or self._settings.current.known_url or self._settings.current.own_url
        return base.rstrip("/") + PATH if base else ""

    @property
    def made_at(self) -> Instant | None:
        """As of when the page is that visitors see; None where there is none."""
        return self._page.made_at if self._page else None

    @property
    def line(self) -> str:
        """The line by which the page stands in the shop's own site; empty while it has no address."""
        from shopwatch.actions.popular.rendering import frame_line

        page, address = self._settings.current.popular, self.address
        return frame_line(address, title_of(page, self._settings.current.shop_name), page.most) if address else ""

    async def save(self, file: Path) -> None:
        """Write the page as it would be now to `file`, on or off. Raises UserError."""
        from shopwatch.actions.popular.rendering import made
        from shopwatch.host.files import write_whole

        self._paths.refuse_own(file)
        settings, moment = self._settings.current, now()
        page = replace(settings.popular, on=True)
        found = await self._ledger.popular.read(*period(page, date.today()))  # noqa: DTZ011 - the shop's own days
        items = shown(page, found)
        document = made(page, items, shop_name=settings.shop_name, updated=moment, locale=self._locale).page
        try:
            await asyncio.to_thread(write_whole, file, document.body)
        except OSError as failure:
            raise unwritable(file) from failure

    def public(self) -> "PublicPage":
        """The page as visitors have it."""
        from shopwatch.actions.popular.public import PublicPage

        if self._page is None:
            self._page = PublicPage(self._ledger.popular, self._bus, self._settings.latest, self._locale)
        return self._page

    def start(self) -> None:
        """Make the page, and keep it as it should be, on the running loop."""
        self.public().start()

    async def stop(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            await page.stop()
