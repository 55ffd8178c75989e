"""What can be done with the table of sales by keyboard or by the other mouse button."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ledger.sales.query import SalesQuery, Sort
from shopwatch.presenting.sales.columns import SORTS, title


class TableMenu(QMenu):
    """Of the row that is `chosen`, if any, and of the order of all. Signals: `details_wanted()`, `copy_wanted()`,
    `sort_wanted(Sort)`."""

    details_wanted = Signal()
    copy_wanted = Signal()
    sort_wanted = Signal(object)

    def __init__(self, query: SalesQuery, *, chosen: bool, parent: QWidget) -> None:
        super().__init__(parent)
        if chosen:
            self.addAction(say("Show details")).triggered.connect(self.details_wanted)
            self.addAction(say("Copy order no.")).triggered.connect(self.copy_wanted)
            self.addSeparator()
        for column, sort in SORTS.items():
            action = self.addAction(say("Sort by {column}", column=title(column).lower()))
            action.setCheckable(True)
            action.setChecked(query.sort is sort)
            action.setData(sort)
        self.triggered.connect(self.on_triggered)

    @Slot(QAction)
    def on_triggered(self, action: QAction) -> None:
        sort = action.data()
        if isinstance(sort, Sort):
            self.sort_wanted.emit(sort)
