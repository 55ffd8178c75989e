"""Keeps the figures of the day true."""

from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SalesChanged
from shopwatch.domain.instant import DAY, MINUTE, Clock
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import Figures
from shopwatch.presenting.sales.day import Day
from shopwatch.presenting.times import day_before, local, midnight
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.refresher import Refresher

_PAUSE = 250


class DayWatch(Refresher):
    """Asks the ledger for today's figures after each change, at most every 250 ms and one question at a time.

    Signals: `day_told(object)`, the `Day`; `day_began(object)`, its date, at the first look and after midnight.
    """

    day_told = Signal(object)
    day_began = Signal(object)

    def __init__(self, sales: SalesBook, clock: Clock = now, run: Run = spawn, parent: QObject | None = None) -> None:
        super().__init__(self._read, "figures of the day", _PAUSE, run, parent)
        self._sales = sales
        self._clock = clock
        self._before: tuple[date, Figures] | None = None
        self._before_so_far: tuple[int, Figures] | None = None
        self.today: date = local(clock()).date()
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self.on_minute)

    def start(self) -> None:
        self.day_began.emit(self.today)
        self._minute.start()

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        begins, ends = midnight(self.today), midnight(day_before(self.today, -1))
        if any(not begins <= change.row.sale.paid_at < ends for change in fact.changes):
            self._before = self._before_so_far = None
        self.look_soon()

    @Slot()
    def on_minute(self) -> None:
        today = local(self._clock()).date()
        if today != self.today:
            self.today = today
            self.day_began.emit(today)
        self.look()

    async def _read(self) -> None:
        start = midnight(self.today)
        try:
            now_ = self._clock()
            figures = await self._sales.figures(start, start + 2 * DAY)
            before = await self._day_before(start)
            so_far = await self._so_far(start, now_)
        except UserError:
            pass  # the banner tells that the ledger is away
        else:
            self.day_told.emit(Day(figures, before, so_far))

    async def _day_before(self, start: int) -> Figures:
        if self._before is None or self._before[0] != self.today:
            since = midnight(day_before(self.today))
            self._before = (self.today, await self._sales.figures(since, start))
        return self._before[1]

    async def _so_far(self, start: int, now_: int) -> Figures:
        minute = now_ // MINUTE
        if self._before_so_far is None or self._before_so_far[0] != minute:
            since = midnight(day_before(self.today))
            self._before_so_far = (minute, await self._sales.figures(since, min(since + now_ - start, start)))
        return self._before_so_far[1]
