"""The head of the Sales screen: what the day has brought, and whether all is well."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.day_check.day_check_text import Line
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.day import Day
from shopwatch.presenting.status.lamps import LampText
from shopwatch.presenting.times import long_day
from shopwatch.ui.day_check.day_line import DayLine
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.head.chart import HourChart
from shopwatch.ui.widgets.frames.ground import Hairline
from shopwatch.ui.widgets.texts.lamp import StateLine


class SalesHeader(QFrame):
    """Today's totals, whether they agree with the providers' lists, key figures, the chart, and three lamps.

    Signals: `lamp_clicked()` and `check_clicked()`, the owner wants to know more.
    """

    lamp_clicked = Signal()
    check_clicked = Signal()

    def __init__(self, theme: Theme, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._locale = locale
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(128))
        self._day = theme.label("", "small", ink="text3")
        self._total = theme.label("", "figure", figures=True)
        self._others = theme.label("", "title", ink="text2", figures=True)
        self._none = theme.label("", "small", ink="text3")
        self._count = theme.label("", "title", figures=True)
        self._average_name = theme.label("", "small", ink="text3")
        self._average = theme.label("", "title", figures=True)
        self._figures = QWidget()
        self._chart_wanted = True
        self.check = DayLine(theme)
        self.chart = HourChart(theme, locale)
        self._lines = tuple(StateLine(theme) for _ in range(3))
        self._build()
        for line in self._lines:
            line.clicked.connect(self.lamp_clicked)
        self.check.clicked.connect(self.check_clicked)
        self.set_day(Day())

    def set_today(self, today: date) -> None:
        self._day.setText(say("Today, {day}", day=long_day(today, self._locale)))

    def set_day(self, day: Day) -> None:
        locale = self._locale
        others = day.others(locale)
        sold = bool(day.today.count)
        self._total.setText(day.total(locale))
        self._total.setAccessibleName(say("Today’s total: {amount}", amount=day.total(locale)))
        self._others.setText(others if sold else "")
        self._others.setToolTip(tip(day.every_total(locale)) if len(day.today.totals) > 2 else "")
        self._others.setVisible(sold)
        self._none.setText("" if sold else others)
        self._none.setVisible(not sold)
        self._count.setText(count_text(day.today.count, locale))
        self._average_name.setText(day.average_name(locale))
        self._average.setText(day.average(locale))
        self.chart.tell(day.hours(day.today), day.hours(day.before), day.currency, *day.comparison(locale))
        self._fit()

    def set_lamps(self, texts: Sequence[LampText]) -> None:
        for line, text in zip(self._lines, texts, strict=True):
            line.tell(text.level, text.name, text.detail, text.more)

    def set_check(self, line: Line) -> None:
        self.check.tell(line)
        self.check.setEnabled(bool(line.text))

    def show_chart(self, wanted: bool) -> None:
        """Show it where there is room for it beside the whole totals."""
        self._chart_wanted = wanted
        self._fit()

    def _fit(self) -> None:
        """The chart goes first, then the key figures; totals and lamps never do."""
        chart = self.chart.minimumSizeHint().width() + self._row.spacing()
        figures = self._figures.sizeHint().width() + self._row.spacing()
        margins = self._row.contentsMargins()
        kept = self._totals.minimumSizeHint().width() + self._lamps.minimumWidth() + 2 * self._row.spacing() + 1
        left = self.width() - kept - margins.left() - margins.right()
        self.chart.setVisible(self._chart_wanted and left >= figures + chart)
        self._figures.setVisible(left >= figures)

    def _build(self) -> None:
        px = self._theme.px
        self._row = row = QHBoxLayout(self)
        row.setSpacing(32)
        totals = QVBoxLayout()
        totals.setSpacing(0)
        for label, height, below in (
            (self._day, 16, 4),
            (self._total, 32, 2),
            (self._others, 24, 0),
            (self._none, 24, 0),
        ):
            label.setFixedHeight(px(height))
            totals.addWidget(label)
            totals.addSpacing(below)
        totals.addSpacing(3)
        totals.addWidget(self.check)
        totals.addStretch()
        self._totals = QWidget()
        self._totals.setLayout(totals)
        totals.setContentsMargins(0, 0, 0, 0)
        totals.addStrut(px(208))
        self._build_figures()
        self._lamps = self._lamp_column()
        row.addWidget(self._totals)
        row.addWidget(self._figures)
        row.addStretch(1)
        row.addWidget(self.chart, 100, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        line = Hairline(upright=True)
        row.addWidget(line)
        row.addWidget(self._lamps)
        row.setContentsMargins(24, 16, 18, 15)

    def _build_figures(self) -> None:
        column = QVBoxLayout(self._figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStrut(self._theme.px(88))
        count_name: QLabel = self._theme.label(say("Sales"), "small", ink="text3")
        for label, height in (
            (count_name, 16),
            (self._count, 24),
            (None, 8),
            (self._average_name, 16),
            (self._average, 24),
        ):
            if label is None:
                column.addSpacing(height)
            else:
                label.setFixedHeight(self._theme.px(height))
                column.addWidget(label)
        column.addStretch()

    def _lamp_column(self) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(self._lines[0].sizeHint().width())
        holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch()
        for line in self._lines:
            column.addWidget(line)
        column.addStretch()
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
