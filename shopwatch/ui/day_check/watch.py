"""Knows how the day compares with the providers' lists, and opens what tells more."""

from datetime import date

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.ledger.recovery.day_checks import DayCheckBook
from shopwatch.presenting.day_check.day_check_text import Line, line
from shopwatch.presenting.times import day_before
from shopwatch.runtime.tasks import Run
from shopwatch.shop.checking.day_checks import DayChecks
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.day_check.dialog import DayDialog
from shopwatch.ui.look.theme import Theme


class DayCheckWatch(QObject):
    """Today's last comparison; yesterday's while there is none, or where only yesterday's found a difference.

    Signals: `line_told(object)`, the `Line` for it; `sale_wanted(int)` and `noticed(str)` are those of its dialog.
    """

    line_told = Signal(object)
    sale_wanted = Signal(int)
    noticed = Signal(str)

    def __init__(
        self,
        book: DayCheckBook,
        day_checks: DayChecks,
        sources: SourceRegistry,
        theme: Theme,
        bridge: Bridge,
        *,
        locale: str,
        run: Run,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._day_checks = day_checks
        self._sources = sources
        self._locale = locale
        self._theme = theme
        self._run = run
        self._over = parent
        self._today = date.min
        self._checks: tuple[DayCheck, ...] = ()
        self._dialog: DayDialog | None = None
        bridge.day_checked.connect(self.on_day_checked)
        bridge.sources_changed.connect(self.on_day_checked)

    @property
    def dialog(self) -> DayDialog | None:
        return self._dialog

    def begin_day(self, today: date) -> None:
        self._today = today
        self._look()

    @Slot()
    def open(self) -> None:
        """Show both sides of the day that the line is about."""
        if self._dialog is None:
            day = self._checks[0].day if self._checks else self._today
            self._dialog = DayDialog(
                self._book,
                self._day_checks,
                self._sources,
                self._theme,
                day,
                today=self._today,
                locale=self._locale,
                run=self._run,
                parent=self._over,
            )
            self._dialog.sale_wanted.connect(self.on_sale_wanted)
            self._dialog.noticed.connect(self.noticed)
            self._dialog.finished.connect(self.on_dialog_finished)
            self._dialog.open()

    @Slot(object)
    def on_day_checked(self, _fact: object) -> None:
        self._look()

    @Slot(int)
    def on_sale_wanted(self, sale_id: int) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self.sale_wanted.emit(sale_id)

    @Slot(int)
    def on_dialog_finished(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _look(self) -> None:
        if self._today != date.min:
            self._run(self._read(self._today), "how the day compares")

    async def _read(self, today: date) -> None:
        try:
            checks = await self._book.of(today)
            before = await self._book.of(day_before(today))
        except UserError:
            return  # the banner tells that the ledger is away
        if not checks or (_differs(before) and not _differs(checks)):
            checks = before
        self._checks = checks
        self.line_told.emit(line(checks, today, self._locale) if self._sources.all else Line(""))


def _differs(checks: tuple[DayCheck, ...]) -> bool:
    return any(each.differences for each in checks)
