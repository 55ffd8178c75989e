"""Both sides of a day, source by source, and the sales that differ."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.closing import DayCheck, Difference
from shopwatch.domain.source import Source
from shopwatch.presenting.day_check.day_check_text import Mark, amount, mark, order, rest, sums_text, time_text, what
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.sale_text import tile_letters, told_apart
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.ground import Hairline
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import Sign
from shopwatch.ui.widgets.texts.tile import ProviderTile

_TALL_ROW, _ROW, _SMALL_ROW = 48, 40, 32
_STRETCHES = (4, 5, 5)
_VERDICT = 76


class DaySheet(QWidget):
    """What a comparison found. Made anew for each.

    Signals: `sale_wanted(int)`, this sale is to be shown among the others.
    """

    sale_wanted = Signal(int)

    def __init__(
        self, theme: Theme, checks: Sequence[DayCheck], sources: Sequence[Source], day: date, locale: str
    ) -> None:
        super().__init__()
        self._theme = theme
        self._locale = locale
        self._day = day
        self._sources = {source.id: source for source in sources}
        self._names = told_apart(tuple(sources))
        self.setProperty("ground", "surface")
        whole = column(inside=self, gap=8)
        shown = [each for each in checks if each.source_id in self._sources]
        if not shown:
            whole.addWidget(theme.label(say("Not compared yet."), ink="text3"))
            whole.addStretch(1)
            return
        whole.addWidget(self._sides(shown))
        differing = [(each, difference) for each in shown for difference in each.differences]
        if differing:
            whole.addSpacing(8)
            whole.addWidget(theme.label(say("What differs"), "body", 600))
            whole.addWidget(self._differing(differing))
            if words := rest(sum(each.more for each in shown)):
                whole.addWidget(theme.label(words, "small", ink="text2"))
        whole.addStretch(1)

    def _sides(self, checks: Sequence[DayCheck]) -> QWidget:
        card = Card(0)
        card.column.setSpacing(0)
        grid = self._grid()
        row = 0
        if any(each.problem is None for each in checks):
            for at, words in ((1, say("Here")), (2, say("In their list"))):
                grid.addWidget(self._caption(words), row, at)
            grid.setRowMinimumHeight(row, self._theme.px(_SMALL_ROW))
            row += 1
        for check in checks:
            row = self._add_check(grid, row, check)
        card.column.addLayout(grid)
        return card

    def _add_check(self, grid: QGridLayout, row: int, check: DayCheck) -> int:
        if row:
            self._add_line(grid, row)
            row += 1
        first = row
        if check.problem is not None:
            self._add_words(grid, row, str(check.problem))
            row += 1
        elif not check.sums:
            self._add_words(grid, row, say("No sales on either side") if check.agrees else "")
            self._add_mark(grid, row, mark(agrees=check.agrees))
            row += 1
        for sums in check.sums:
            for at, count, minor in ((1, sums.count_here, sums.here), (2, sums.count_there, sums.there)):
                grid.addWidget(self._figure(sums_text(count, minor, sums.currency, self._locale)), row, at)
            self._add_mark(grid, row, mark(agrees=sums.agrees))
            grid.setRowMinimumHeight(row, self._theme.px(_ROW))
            row += 1
        grid.addWidget(self._sender(self._sources[check.source_id]), first, 0, row - first, 1)
        return row

    def _add_words(self, grid: QGridLayout, row: int, words: str) -> None:
        label = self._theme.label(words, "small", ink="text2")
        label.setWordWrap(True)
        label.setContentsMargins(0, 8, 0, 8)
        grid.addWidget(label, row, 1, 1, 2)
        grid.setRowMinimumHeight(row, self._theme.px(_ROW))

    def _add_mark(self, grid: QGridLayout, at: int, told: Mark) -> None:
        holder = QWidget()
        holder.setFixedWidth(self._theme.px(_VERDICT))
        row(
            Sign(self._theme, told.icon, 16, told.ink),
            (self._theme.label(told.text, "small", 500, ink=told.ink), 1),
            inside=holder,
            gap=6,
        )
        grid.addWidget(holder, at, 3)

    def _sender(self, source: Source) -> QWidget:
        holder, line = self._cell(source)
        name = Elided(self._theme, "body", 500)
        own = self._names.get(source.id)
        name.show_own(sender_name(source) if own is None else legible(own))
        line.addWidget(name, 1)
        return holder

    def _cell(self, source: Source) -> tuple[QWidget, QHBoxLayout]:
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = row(ProviderTile(self._theme, source.provider, tile_letters(source.provider), 20), inside=holder, gap=10)
        return holder, line

    def _differing(self, differing: Sequence[tuple[DayCheck, Difference]]) -> QWidget:
        card = Card(0)
        card.column.setSpacing(0)
        grid = self._grid()
        for nth, (check, difference) in enumerate(differing):
            if nth:
                self._add_line(grid, 2 * nth - 1)
            self._add_difference(grid, 2 * nth, self._sources[check.source_id], difference)
        card.column.addLayout(grid)
        return card

    def _add_difference(self, grid: QGridLayout, row: int, source: Source, difference: Difference) -> None:
        holder, line = self._cell(source)
        # A link is 4 px smaller than its widget.
        time = Elided(self._theme, "small", ink="text3", figures=True)
        time.show_own(time_text(difference, self._day, self._locale))
        line.addLayout(
            column(STRETCH, self._order(difference), -4 if difference.sale_id is not None else 0, time, STRETCH), 1
        )
        grid.addWidget(holder, row, 0)
        for at, money in ((1, difference.here), (2, difference.there)):
            grid.addWidget(self._figure(amount(money, self._locale)), row, at)
        kind = self._theme.label(what(difference), "small", ink="text2")
        kind.setWordWrap(True)
        kind.setFixedWidth(self._theme.px(_VERDICT))
        grid.addWidget(kind, row, 3)
        grid.setRowMinimumHeight(row, self._theme.px(_TALL_ROW))

    def _order(self, difference: Difference) -> QWidget:
        if difference.sale_id is None:
            number = Elided(self._theme, "body", 500, mode=Qt.TextElideMode.ElideMiddle)
            number.show_own(order(difference))
            return number
        link = _SaleLink(self._theme, order(difference), difference.sale_id)
        link.chosen.connect(self.sale_wanted)
        return link

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(16, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        # Both grids share their columns, whatever is in them.
        for at, stretch in enumerate(_STRETCHES):
            grid.setColumnStretch(at, stretch)
        grid.setColumnMinimumWidth(3, self._theme.px(_VERDICT))
        return grid

    def _add_line(self, grid: QGridLayout, row: int) -> None:
        line = Hairline()
        grid.addWidget(line, row, 0, 1, 4)

    def _caption(self, words: str) -> QLabel:
        label = self._theme.label(words, "small", ink="text3")
        label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        return label

    def _figure(self, words: str) -> QLabel:
        label = Elided(self._theme, "body", 500, figures=True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        label.show_own(words)
        return label


class _SaleLink(Button):
    """An order number that leads to its sale.

    Signals: `chosen(int)`, its id.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, number: str, sale_id: int) -> None:
        super().__init__(theme, "", "link")
        self._number = number
        self._sale_id = sale_id
        self.setFont(theme.font("body", 500))
        self.setAccessibleName(say("Show sale {number}", number=number))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.on_clicked)

    @Slot()
    def on_clicked(self) -> None:
        self.chosen.emit(self._sale_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = self.fontMetrics().elidedText(self._number, Qt.TextElideMode.ElideMiddle, self.width())
        self.setText(fitting.replace("&", "&&"))
        self.setToolTip(tip(self._number if fitting != self._number else ""))
