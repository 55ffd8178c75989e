"""What sells best, and the page on which the shop shows it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shopwatch.domain.clock import Instant, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus
from shopwatch.domain.popular import Popular
from shopwatch.domain.popular_page import PATH, period, shown, title_of
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.paths import Paths
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiver import Receiver

if TYPE_CHECKING:
    from shopwatch.actions.popular.public import PublicPage


class Storefront:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    receiver: Receiver
    settings: SettingsStore
    bus: Bus
    paths: Paths
    locale: str
    _page: "PublicPage | None" = None

    async def popular(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
    ) -> tuple[Popular, ...]:
        """See `PopularBook.read`."""
        return await self.ledger.popular.read(since, until, on_counted)

    @property
    def page_address(self) -> str:
        """Where the page of popular items is to be read; empty while there is no public address."""
        tunnel = self.receiver.tunnel
        public = tunnel.public_url if tunnel.kind is not TunnelKind.NONE else ""
        base = public or self.settings.current.known_url or self.settings.current.own_url
        return base.rstrip("/") + PATH if base else ""

    @property
    def page_made_at(self) -> Instant | None:
        """As of when the page is that visitors see; None where there is none."""
        return self._page.made_at if self._page else None

    @property
    def page_line(self) -> str:
        """The line by which the page stands in the shop's own site; empty while it has no address."""
        from shopwatch.actions.popular.rendering import frame_line

        page, address = self.settings.current.popular, self.page_address
        return frame_line(address, title_of(page, self.settings.current.shop_name), page.most) if address else ""

    async def save_page(self, file: Path) -> None:
        """Write the page as it would be now to `file`, on or off. Raises UserError."""
        from shopwatch.actions.popular.rendering import made
        from shopwatch.settings.files import write_whole

        self.paths.refuse_own(file)
        page, moment = replace(self.settings.current.popular, on=True), now()
        found = await self.ledger.popular.read(*period(page, date.today()))  # noqa: DTZ011 - the shop's own days
        items = shown(page, found)
        document = made(page, items, shop_name=self.settings.current.shop_name, updated=moment, locale=self.locale).page
        try:
            await asyncio.to_thread(write_whole, file, document.body)
        except OSError as failure:
            raise UserError(
                say("{file} cannot be written.", file=file.name),
                say("Choose another place, or free some space there."),
                code="file-unwritable",
            ) from failure

    def _public_page(self) -> "PublicPage":
        from shopwatch.actions.popular.public import PublicPage

        if self._page is None:
            self._page = PublicPage(self.ledger.popular, self.bus, self.settings.latest, self.locale)
        return self._page

    async def _stop_page(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            await page.stop()
