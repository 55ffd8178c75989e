"""Keeps what sold true on the screen."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.popular import Popular
from shopwatch.domain.popular_page import period
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.popular_book import PopularBook
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.popular.days import Days
from shopwatch.ui.times import local

_COALESCED = 500


@dataclass(frozen=True, slots=True)
class Sold:
    """What sold in the days that are looked at, and in those of the public page."""

    days: Days
    found: tuple[Popular, ...]
    on_page: tuple[Popular, ...]


class PopularWatch(QObject):
    """Asks the ledger after each change, at most every half a second and one question at a time.

    Signals: `told(object)`, what `Sold`; `counting(int, int)`, how many of how many messages are counted so far, while
    that takes its time; `failed(object)`, the `UserError`.
    """

    told = Signal(object)
    counting = Signal(int, int)
    failed = Signal(object)

    def __init__(
        self,
        book: PopularBook,
        settings: SettingsStore,
        days: Days,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._settings = settings
        self._run = run
        self._asking = False
        self._again = False
        self.days = days
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.look)

    @property
    def today(self) -> date:
        return local(now()).date()

    def want(self, days: Days) -> None:
        """Look at these days from now on."""
        self.days = days
        self.look()

    def look_soon(self) -> None:
        """Ask once what comes on the heels of a change is there too."""
        if not self._coalesce.isActive():
            self._coalesce.start()

    @Slot()
    def look(self) -> None:
        """Ask now, or as soon as the question under way is answered."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._again = False
        self._run(self._look(self.days), "what sold")

    async def _look(self, days: Days) -> None:
        try:
            found = await self._book.read(days.first, days.until, self.counting.emit)
            since, until = period(self._settings.current.popular, self.today)
            same = (since, until) == (days.first, days.until)
            on_page = found if same else await self._book.read(since, until)
        except UserError as problem:
            self.failed.emit(problem)
        else:
            if days == self.days:
                self.told.emit(Sold(days, found, on_page))
        finally:
            self._asking = False
            if self._again:
                self.look()
