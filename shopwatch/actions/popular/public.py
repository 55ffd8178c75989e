"""The public page, ready in memory: made anew soon after what it shows has changed, and asked for without any work."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, PopularPageMade, SalesChanged, SettingsChanged, Subscriptions
from shopwatch.domain.instant import SECOND, Clock, Instant
from shopwatch.domain.messages.document import Document
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.popular_page import DATA_PATH, PATH, PopularPage, Shown, period, shown
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.settings.settings import Settings

if TYPE_CHECKING:
    from shopwatch.actions.popular.rendering import Made

PAUSE: Instant = 10 * SECOND
"""Between two makings at least, however many sales come."""

_RETRY: Instant = 60 * SECOND
_SHOWN_IN = frozenset({"popular", "shop_name"})

_log = logging.getLogger(__name__)


class Counting(Protocol):
    """What the ledger tells of what sold."""

    async def read(self, since: date, until: date) -> Sequence[Popular]:
        """Raises UserError where it cannot be told now."""


class PublicPage:
    """Keeps the page and its data as they are to be answered: none before the page was ever switched on, and only that
    it will be back while it is off.

    Until it can be made for the first time, which a large ledger makes last, it says that it will be back, too.
    Made again at most every `pause`, after sales, after what the owner changes, and when a new day begins. Each making
    is told as `PopularPageMade`.
    """

    def __init__(
        self,
        popular: Counting,
        bus: Bus,
        settings: Callable[[], Settings],
        locale: str,
        *,
        clock: Clock = now,
        pause: Instant = PAUSE,
    ) -> None:
        self._popular = popular
        self._bus = bus
        self._settings = settings
        self._locale = locale
        self._clock = clock
        self._pause = pause
        self._made: Made | None = None
        self.made_at: Instant | None = None
        """As of when the page is; None where there is none."""
        self._stale = asyncio.Event()
        self._hurry = asyncio.Event()
        self._turn: asyncio.Task[None] | None = None
        self._making = asyncio.Lock()
        self._subscriptions = Subscriptions(bus)
        self._ears_for_sales = Subscriptions(bus)

    def start(self) -> None:
        """Keep it fresh from now on, on the running loop."""
        self._subscriptions.listen(SettingsChanged, self._on_settings_changed)
        self._hear_sales()
        self._stale.set()
        self._turn = spawn(self._keep_fresh(), "page of popular items")

    async def stop(self) -> None:
        self._subscriptions.close()
        self._ears_for_sales.close()
        await call_off(self._turn)
        self._turn = None

    def page(self, path: str) -> Document | None:
        """What is answered at this path; None where nothing is."""
        if self._made is None:
            return None
        return {PATH: self._made.page, DATA_PATH: self._made.data}.get(path)

    async def refresh(self) -> "Made | None":
        """Make it now, from what is in the ledger; None if it was never switched on. Raises UserError."""
        async with self._making:
            self._stale.clear()
            self._hurry.clear()
            moment = self._clock()
            self._made = await self._make_page(moment)
            self.made_at = moment if self._made else None
        self._bus.tell(PopularPageMade(moment))
        return self._made

    async def _make_page(self, moment: Instant) -> "Made | None":
        while True:
            page = self._settings().popular
            if not page.begun:
                return None
            if self._made is None:
                self._made = self._write_page(replace(page, on=False), (), moment)
            found = await self._popular.read(*period(page, _day_of(moment))) if page.on else ()
            # What the owner took off meanwhile must not come back.
            if self._settings().popular == page:
                return self._write_page(page, shown(page, found), moment)

    def _write_page(self, page: PopularPage, items: Sequence[Shown], moment: Instant) -> "Made":
        from shopwatch.actions.popular.rendering import made  # noqa: PLC0415 - most shops have no page

        return made(page, items, shop_name=self._settings().shop_name, updated=moment, locale=self._locale)

    async def _keep_fresh(self) -> None:
        while True:
            await _either_text(self._stale, self._until_tomorrow())
            pause = self._pause
            try:
                await self.refresh()
            except UserError as problem:
                _log.info("the page of popular items could not be made now: %s", problem)
                self._stale.set()
                pause = max(pause, _RETRY)
            await _either_text(self._hurry, pause / SECOND)

    def _until_tomorrow(self) -> float:
        here = datetime.fromtimestamp(self._clock() / 1000).astimezone()
        midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time()).astimezone()
        return (midnight - here).total_seconds() + 1

    def _hear_sales(self) -> None:
        """Sales are told only where somebody listens, and telling costs."""
        self._ears_for_sales.close()
        if self._settings().popular.on:
            self._ears_for_sales.listen(SalesChanged, self._on_sales_changed)

    def _on_sales_changed(self, _fact: SalesChanged) -> None:
        self._stale.set()

    def _on_settings_changed(self, fact: SettingsChanged) -> None:
        if fact.names & _SHOWN_IN:
            self._hear_sales()
            self._stale.set()
            self._hurry.set()


async def _either_text(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, and no longer than so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _day_of(moment: Instant) -> date:
    return datetime.fromtimestamp(moment / 1000).astimezone().date()
