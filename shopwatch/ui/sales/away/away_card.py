"""The card that tells what came in of a time in which nothing was heard."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from shopwatch.domain.connection.gap import Cause
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.job import Job
from shopwatch.presenting.sales.away import Away, account, gaps_left, held_words, title
from shopwatch.presenting.sales.job_steps import job_step
from shopwatch.presenting.sales.sale_text import row_text
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.banner import Banner
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.ground import Hairline
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import Sign
from shopwatch.ui.widgets.texts.tile import ProviderTile

_ICONS = {
    Cause.CLOSED: "moon",
    Cause.ASLEEP: "moon",
    Cause.OFFLINE: "wifi-slash",
    Cause.ADDRESS: "ear-slash",
    Cause.LISTENER: "ear-slash",
}
_TIME, _ORDER, _CUSTOMER, _ITEMS, _AMOUNT, _TILE, _FROM, _SIGN, _LETTER, _END = range(1, 11)
_WIDTHS = {_ORDER: 88, _CUSTOMER: 136, _FROM: 88, _LETTER: 156}
_NARROW = {_ORDER: 80, _CUSTOMER: 112, _FROM: 72, _LETTER: 148}
_FEW = 2
_INKS = {"ok": "ok", "warn": "text2", "bad": "bad", "neutral": "text2"}


class AwayCard(Banner):
    """Signals: `show_requested()`, these sales in the list; `review_requested()`, the e-mails that wait;
    `close_requested()`.
    """

    show_requested = Signal()
    review_requested = Signal()
    close_requested = Signal()

    def __init__(
        self, theme: Theme, away: Away, locale: str, today: date, *, names: dict[str, str], narrow: bool
    ) -> None:
        kind = "accent" if away.count and not away.problems and not away.unasked else "warn"
        super().__init__(theme, kind, _ICONS[away.gap.cause], title(away), account(away, locale, today))
        self.away = away
        self._theme = theme
        self._narrow = narrow
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.below.addLayout(self._head())
        if away.count:
            self.below.addSpacing(4)
            self.below.addLayout(self._rows(locale, today, names))
            self.below.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        """The sentences, with the way out beside them."""
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.heading)
        words.addWidget(self.text)
        for sentence in gaps_left(self.away):
            label = self._theme.label(sentence)
            label.setWordWrap(True)
            words.addWidget(label)
        close = Button(self._theme, say("Close"))
        close.clicked.connect(self.close_requested)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(-4)
        return row

    def _rows(self, locale: str, today: date, names: dict[str, str]) -> QVBoxLayout:
        card = Card(0)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(_ITEMS, 1)
        for edge in (0, _END):
            grid.setColumnMinimumWidth(edge, 4)
        shown = self.away.rows[:_FEW] if self._narrow else self.away.rows
        height = self._theme.px(32 if self._narrow else 40)
        for nth, row in enumerate(shown):
            if nth:
                line = Hairline()
                grid.addWidget(line, 2 * nth - 1, 0, 1, _END + 1)
            grid.setRowMinimumHeight(2 * nth, height)
            letter = (self.away.letters or {}).get(row.id)
            self._add_row(grid, 2 * nth, row, locale, today, names=names, letter=letter)
        card.column.addLayout(grid)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(card)
        more = self.away.count - len(shown)
        if more:
            words = say_n("and {n} more", "and {n} more", more)
            column.addWidget(self._theme.label(words, "small", ink="text2"))
        return column

    def _add_row(
        self,
        grid: QGridLayout,
        at: int,
        row: SaleRow,
        locale: str,
        today: date,
        *,
        names: dict[str, str],
        letter: Job | None,
    ) -> None:
        text = row_text(row, locale, today, names)
        time = self._theme.label(text.time, ink="text2", figures=True)
        amount = self._theme.label(text.amount, weight=600, figures=True)
        amount.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        cells: dict[int, QLabel] = {
            _TIME: time,
            _ORDER: self._cell(text.order),
            _CUSTOMER: self._cell(text.customer, weight=500),
            _ITEMS: self._cell(text.items, ink="text2"),
            _AMOUNT: amount,
            _FROM: self._cell(text.sender),
        }
        if letter is not None:
            step = job_step(letter, locale, today)
            cells[_LETTER] = self._cell(step.sentence, font="small", ink="text2")
            grid.addWidget(Sign(self._theme, step.icon, 14, _INKS[step.kind]), at, _SIGN)
        for column, cell in cells.items():
            if width := (_NARROW if self._narrow else _WIDTHS).get(column):
                cell.setFixedWidth(self._theme.px(width))
            grid.addWidget(cell, at, column)
        grid.addWidget(ProviderTile(self._theme, text.provider, text.letters, 20), at, _TILE)

    def _cell(self, text: str, font: str = "body", weight: int = 0, ink: str = "text") -> Elided:
        cell = Elided(self._theme, font, weight, ink=ink)
        cell.show_own(text)
        return cell

    def _buttons(self) -> QHBoxLayout:
        show = Button(self._theme, say("Show these sales"), "primary")
        show.setShortcut("Alt+S")
        show.clicked.connect(self.show_requested)
        row = QHBoxLayout()
        row.setSpacing(0)
        # The buttons are 4 px smaller than their widgets; this lines them up with the words.
        row.addSpacing(-4)
        row.addWidget(show)
        if self.away.held:
            words = say_n("Review {n} e-mail…", "Review {n} e-mails…", len(self.away.held))
            review = Button(self._theme, words)
            review.clicked.connect(self.review_requested)
            row.addWidget(review)
        row.addSpacing(12)
        why = Elided(self._theme, "small", ink="text2")
        why.show_own(held_words(self.away))
        row.addWidget(why, 1)
        return row
