"""The time line of a person."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.people.timeline_text import Entry
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.dot_row import DOT, DotRow
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.wrapped_label import WrappedLabel


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
        self.setAccessibleName(say("What has happened"))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if entries == self._shown:
            return
        self._shown = entries
        clear(self._column)
        for entry in entries:
            row = _EntryRow(self._theme, entry, last=entry is entries[-1])
            row.sale_requested.connect(self.sale_requested)
            self._column.addWidget(row)
        self.updateGeometry()


class _EntryRow(DotRow):
    sale_requested = Signal(int)

    def __init__(self, theme: Theme, entry: Entry, *, last: bool) -> None:
        super().__init__(theme, entry.kind, entry.icon, last=last)
        self._entry = entry
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
            words.addWidget(WrappedLabel(theme, entry.words))
        for label, value in entry.fields:
            words.addSpacing(2)
            if label:
                words.addWidget(WrappedLabel(theme, label, "small", ink="text3"))
            words.addWidget(WrappedLabel(theme, value or "\N{EN DASH}"))
        for address in entry.addresses:
            words.addWidget(WrappedLabel(theme, address, "small", ink="text2"))
        if entry.sale is not None:
            words.addWidget(self._sale_button(), 0, Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addSpacing(DOT + 12)
        row.addLayout(words, 1)

    def _elided(self, text: str, font: str, ink: str, height: int) -> Elided:
        line = Elided(self._theme, font, ink=ink)
        line.show_own(text)
        line.setFixedHeight(self._theme.px(height))
        return line

    def _sale_button(self) -> Button:
        button = Button(self._theme, say("Show the sale"), "link")
        button.setFont(self._theme.font("small", 500))
        button.setAccessibleName(say("Show the sale: {order}", order=self._entry.sentence))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self.on_sale_clicked)
        return button

    @Slot()
    def on_sale_clicked(self) -> None:
        if self._entry.sale is not None:
            self.sale_requested.emit(self._entry.sale)
