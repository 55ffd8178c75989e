"""The list, and what stands in its place while there is none."""

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shopwatch.domain.words import say_n
from shopwatch.ui.sales.empty import EmptyShop, Loading, NothingFound
from shopwatch.ui.sales.table import SalesTable
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button


class Listing(QWidget):
    """Shows one of table, empty shop, nothing found and loading; over the table a chip tells of new sales unseen.

    Signals: `chip_clicked()`.
    """

    chip_clicked = Signal()

    def __init__(self, theme: Theme, table: SalesTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.empty = EmptyShop(theme)
        self.nothing = NothingFound(theme)
        self._loading = Loading(theme)
        self._stack = QStackedWidget()
        for page in (self._loading, table, self.empty, self.nothing):
            self._stack.addWidget(page)
        self._cut = theme.label("", "small", ink="text2")
        self._cut.setContentsMargins(24, 6, 24, 6)
        self._cut.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._cut)
        self._chip = Button(theme, "", "primary", "arrow-up", parent=self)
        self._chip.hide()
        self._chip.clicked.connect(self.chip_clicked)
        table.installEventFilter(self)

    def show_table(self) -> None:
        self._stack.setCurrentWidget(self._table)

    def show_empty(self) -> None:
        self._stack.setCurrentWidget(self.empty)
        self._chip.hide()

    def show_nothing(self) -> None:
        self._stack.setCurrentWidget(self.nothing)
        self._chip.hide()

    @property
    def is_table_shown(self) -> bool:
        return self._stack.currentWidget() is self._table

    def tell_cut(self, sentence: str) -> None:
        """Say under the list why it ends before its end; nothing where it does not."""
        self._cut.setText(sentence)
        self._cut.setVisible(bool(sentence))

    @Slot(int)
    def tell_new(self, count: int) -> None:
        """How many sales have come that are not in sight."""
        self._chip.setVisible(count > 0 and self.is_table_shown)
        if count:
            self._chip.setText(say_n("{n} new sale", "{n} new sales", count))
            self._chip.adjustSize()
            self._place_chip()

    def _place_chip(self) -> None:
        top = self._table.horizontalHeader().height() + 4
        self._chip.move((self.width() - self._chip.width()) // 2, top)
        self._chip.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._table:
            self._place_chip()
        return super().eventFilter(watched, event)
