"""The list, and what stands in its place while there is none."""

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say_n
from shopwatch.ui.lists.row_listing import RowListing
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.table.table import SalesTable
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.empty import EmptyShop, Loading, NothingFound


class Listing(RowListing):
    """Shows one of table, empty shop, nothing found and loading; over the table a chip tells of new sales unseen.

    Signals: `chip_clicked()`.
    """

    chip_clicked = Signal()

    def __init__(self, theme: Theme, table: SalesTable, parent: QWidget | None = None) -> None:
        self._sales = table
        self.empty = EmptyShop(theme)
        self.nothing = NothingFound(theme)
        loading = Loading(theme)
        super().__init__(theme, table, loading=loading, empty=self.empty, nothing=self.nothing, parent=parent)
        self._chip = Button(theme, "", "primary", "arrow-up", parent=self)
        self._chip.hide()
        self._chip.clicked.connect(self.chip_clicked)
        table.installEventFilter(self)

    def show_empty(self) -> None:
        super().show_empty()
        self._chip.hide()

    def show_nothing(self) -> None:
        super().show_nothing()
        self._chip.hide()

    @Slot(int)
    def set_new(self, count: int) -> None:
        """How many sales have come that are not in sight."""
        self._chip.setVisible(count > 0 and self.is_table_shown)
        if count:
            self._chip.setText(say_n("{n} new sale", "{n} new sales", count))
            self._chip.adjustSize()
            self._place_chip()

    def _place_chip(self) -> None:
        top = self._sales.horizontalHeader().height() + 4
        self._chip.move((self.width() - self._chip.width()) // 2, top)
        self._chip.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._sales:
            self._place_chip()
        return super().eventFilter(watched, event)
