"""Keeps what sold true on the screen."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, Signal

from shopwatch.domain.errors import UserError
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.popular_page import period
from shopwatch.ledger.popular.book import PopularBook
from shopwatch.presenting.popular.days import Days
from shopwatch.presenting.times import local
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.refresher import Refresher

_COALESCED = 500


@dataclass(frozen=True, slots=True)
class Sold:
    """What sold in the days that are looked at, and in those of the public page."""

    days: Days
    found: tuple[Popular, ...]
    on_page: tuple[Popular, ...]


class PopularWatch(Refresher):
    """Asks the ledger after each change, at most every half a second and one question at a time.

    Signals: `told(object)`, what `Sold`; `counting(int, int)`, how many of how many messages are counted so far, while
    that takes its time; `failed(object)`, the `UserError`.
    """

    told = Signal(object)
    counting = Signal(int, int)
    failed = Signal(object)

    def __init__(
        self, book: PopularBook, settings: SettingsStore, days: Days, run: Run = spawn, parent: QObject | None = None
    ) -> None:
        super().__init__(self._read, "what sold", _COALESCED, run, parent)
        self._book = book
        self._settings = settings
        self.days = days

    @property
    def today(self) -> date:
        return local(now()).date()

    def want(self, days: Days) -> None:
        """Look at these days from now on."""
        self.days = days
        self.look()

    async def _read(self) -> None:
        days = self.days
        try:
            found = await self._book.read(days.first, days.until, self.counting.emit)
            since, until = period(self._settings.current.popular, self.today)
            same = (since, until) == (days.first, days.until)
            on_page = found if same else await self._book.read(since, until)
        except UserError as problem:
            self.failed.emit(problem)
            return
        if days == self.days:
            self.told.emit(Sold(days, found, on_page))
