"""A day beside the providers' lists: compared by a button, and what is missing counted by another."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QScrollArea, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.ledger.recovery.day_checks import DayCheckBook
from shopwatch.presenting.day_check.day_check_text import account, count_words, end_words
from shopwatch.presenting.times import day_before, long_day
from shopwatch.runtime.tasks import Run
from shopwatch.shop.checking.day_checks import DayChecks
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.day_check.sheet import DaySheet
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton
from shopwatch.ui.widgets.texts.sign import NoteLine

_WIDTH, _HEIGHT = 720, 520
_EARLIEST = 60
"""Days back; hardly a provider tells of more."""


class DayDialog(WorkDialog):
    """Shows how the last comparison of a day ended. Open it with `open()`.

    Signals: `sale_wanted(int)`, this sale is to be shown among the others; `noticed(str)`, how a comparison ended.
    """

    sale_wanted = Signal(int)
    noticed = Signal(str)

    def __init__(
        self,
        book: DayCheckBook,
        day_checks: DayChecks,
        sources: SourceRegistry,
        theme: Theme,
        day: date,
        *,
        today: date,
        locale: str,
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(run, parent)
        self._book = book
        self._day_checks = day_checks
        self._sources = sources
        self._locale = locale
        self._theme = theme
        self._today = today
        self._day = day
        self._asked = 0
        self._busy = False
        self._checks: tuple[DayCheck, ...] = ()
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("Compare a day"))
        self._heading = theme.label("", "heading")
        self._account = theme.label("", ink="text2")
        self._account.setWordWrap(True)
        self.before = IconButton(theme, "caret-left", say("The day before"))
        self.after = IconButton(theme, "caret-right", say("The day after"))
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._problem = NoteLine(theme)
        self.compare = Button(theme, say("Compare now"), "", "arrows-clockwise")
        self.count = Button(theme, "", "primary")
        self._close = Button(theme, say("Close"))
        self._build()
        self._connect()
        self._show(())
        self._look()

    @property
    def day(self) -> date:
        return self._day

    def _build(self) -> None:
        foot = Ground("foot")
        row(self.compare, STRETCH, self._close, self.count, inside=foot, margins=(20, 8, 20, 8))
        column(
            (
                column(
                    row((self._heading, 1), self.before, self.after),
                    *(self._account, self._progress),
                    (self._area, 1),
                    self._problem,
                    margins=(24, 16, 20, 0),
                    gap=8,
                ),
                1,
            ),
            foot,
            inside=self,
        )
        px = self._theme.px
        self.resize(px(_WIDTH), px(_HEIGHT))
        self.setMinimumSize(px(560), px(360))

    def _connect(self) -> None:
        self.before.clicked.connect(self.on_before)
        self.after.clicked.connect(self.on_after)
        self.compare.clicked.connect(self.on_compare)
        self.count.clicked.connect(self.on_count)
        self._close.clicked.connect(self.reject)

    @Slot()
    def on_before(self) -> None:
        self._turn_to(day_before(self._day))

    @Slot()
    def on_after(self) -> None:
        self._turn_to(day_before(self._day, -1))

    @Slot()
    def on_compare(self) -> None:
        self._begin(count=False)

    @Slot()
    def on_count(self) -> None:
        self._begin(count=True)

    def _turn_to(self, day: date) -> None:
        self._day = day
        self._problem.clear()
        self._show(())
        self._look()

    def _look(self) -> None:
        self._asked += 1
        self.work(self._read(self._asked, self._day), "how a day compared")

    async def _read(self, asked: int, day: date) -> None:
        try:
            checks = await self._book.of(day)
        except UserError as problem:
            self._problem.tell("bad", str(problem))
            return
        if asked == self._asked:
            self._show(checks)

    def _begin(self, *, count: bool) -> None:
        if not self._busy:
            self._busy = True
            self._problem.clear()
            self._show(self._checks)
            self.work(self._compare(self._day, count=count), "comparing a day")

    async def _compare(self, day: date, *, count: bool) -> None:
        checks: tuple[DayCheck, ...] = ()
        try:
            checks = await self._day_checks.check(day, count=count)
        except UserError as problem:
            self._problem.tell("bad", str(problem))
        else:
            self.noticed.emit(end_words(checks))
            if not checks:
                self._problem.tell("info", say("No service that sells was connected on that day."))
        finally:
            self._busy = False
            self._show(checks or self._checks)

    def _show(self, checks: Sequence[DayCheck]) -> None:
        self._checks = tuple(checks)
        self._heading.setText(long_day(self._day, self._locale))
        self._account.setText(account(checks, self._today, self._locale))
        self.before.setEnabled(not self._busy and (self._today - self._day).days < _EARLIEST)
        self.after.setEnabled(not self._busy and self._day < self._today)
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._progress.setVisible(self._busy)
        countable = sum(each.countable for each in checks)
        self.count.setText(count_words(countable))
        self.count.setVisible(bool(countable))
        for button in (self.compare, self.count):
            button.setEnabled(not self._busy)
        sheet = DaySheet(self._theme, checks, self._sources.all, self._day, self._locale)
        sheet.sale_wanted.connect(self.sale_wanted)
        self._area.setWidget(sheet)
