"""The time line of a person."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.ui.people.telling import Entry
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.elided import Elided
from shopwatch.ui.widgets.words import Words

_DOT = 20


class Story(QWidget):
    """One row for each entry, joined by a line. Signals: `sale_requested(int)`, the id of a sale to be shown."""

    sale_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: Sequence[Entry] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("What has happened"))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if entries == self._shown:
            return
        self._shown = entries
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for entry in entries:
            row = _EntryRow(self._theme, entry, last=entry is entries[-1])
            row.sale_requested.connect(self.sale_requested)
            self._column.addWidget(row)
        self.updateGeometry()


class _EntryRow(QWidget):
    sale_requested = Signal(int)

    def __init__(self, theme: Theme, entry: Entry, *, last: bool) -> None:
        super().__init__()
        self._theme = theme
        self._entry = entry
        self._last = last
        self.setAccessibleName(entry.spoken())
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0 if last else 16)
        words.setSpacing(2)
        time = theme.label(entry.time, "small", ink="text3", figures=True)
        time.setFixedHeight(theme.px(20))
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self._elided(entry.sentence, "body", "text", 20), 1)
        first.addWidget(time)
        words.addLayout(first)
        if entry.note:
            words.addWidget(self._elided(entry.note, "small", "text3", 16))
        if entry.words:
            words.addSpacing(2)
            words.addWidget(Words(theme, entry.words))
        for label, value in entry.fields:
            words.addSpacing(2)
            if label:
                words.addWidget(Words(theme, label, "small", ink="text3"))
            words.addWidget(Words(theme, value or "\N{EN DASH}"))
        for address in entry.addresses:
            words.addWidget(Words(theme, address, "small", ink="text2"))
        if entry.sale is not None:
            words.addWidget(self._sale_button(), 0, Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addSpacing(_DOT + 12)
        row.addLayout(words, 1)
        theme.changed.connect(self.update)

    def _elided(self, text: str, font: str, ink: str, height: int) -> Elided:
        line = Elided(self._theme, font, ink=ink)
        line.show_own(text)
        line.setFixedHeight(self._theme.px(height))
        return line

    def _sale_button(self) -> Button:
        button = Button(self._theme, self.tr("Show the sale"), "link")
        button.setFont(self._theme.font("small", 500))
        button.setAccessibleName(self.tr("Show the sale: {order}").format(order=self._entry.sentence))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self.on_sale_clicked)
        return button

    @Slot()
    def on_sale_clicked(self) -> None:
        if self._entry.sale is not None:
            self.sale_requested.emit(self._entry.sale)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - _DOT if mirrored else 0
        if not self._last:
            painter.fillRect(QRectF(left + 9.5, _DOT, 1, self.height() - _DOT), tokens.colour("line2"))
        ground, ink = {
            "ok": ("ok_soft", "ok"),
            "warn": ("warn_soft", "warn"),
            "bad": ("bad_soft", "bad"),
        }.get(self._entry.kind, ("neutral_soft", "text2"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(ground))
        painter.drawEllipse(QRectF(left, 0, _DOT, _DOT))
        self._theme.icons.paint(painter, self._entry.icon, QRectF(left + 4, 4, 12, 12), tokens.colour(ink))
        painter.end()
