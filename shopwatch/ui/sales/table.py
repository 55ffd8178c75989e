"""The table of sales."""

from collections.abc import Callable, Iterable
from time import monotonic

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHeaderView, QWidget

from shopwatch.domain.facts import SaleRow
from shopwatch.ledger.sales.query import Sort
from shopwatch.presenting.sales.columns import FALLING_FIRST, SORTS, Column
from shopwatch.ui.lists.row_view import RowView
from shopwatch.ui.sales.delegate import SalesDelegate
from shopwatch.ui.sales.fresh import Freshness
from shopwatch.ui.sales.model import SalesModel
from shopwatch.ui.sales.table_header import TableHeader
from shopwatch.ui.theme import Theme

_WIDTHS = {
    Column.TIME: 80,
    Column.ORDER: 88,
    Column.CUSTOMER: 132,
    Column.AMOUNT: 88,
    Column.FROM: 112,
    Column.STATE: 128,
}
_ROOMY = 1000
_GROWING = {Column.ORDER: 184, Column.AMOUNT: 168}
"""Columns that make room for what is in them, and how wide they may become."""
_MOST_FROM = 168
_ITEMS_LEAST = 56
_GIVING_WAY = {Column.FROM: 64, Column.ORDER: 0}
"""What is left of these, one after the other, where large text leaves no room for items: a tile, and nothing."""
_LOOKED_AT = 24
_ANNOUNCE_EVERY = 5.0


class SalesTable(RowView):
    """Rows of a `SalesModel`, one selected at a time; the view stands still when rows come in above.

    Signals: `chosen(object)`, the `SaleRow` now selected or None; `opened(object)`, one to be shown in full;
    `sort_requested(Sort, bool)`, with whether descending; `menu_requested(QPoint)`, at this place on the screen;
    `new_above(int)`, how many arrived rows are above what is seen.
    """

    chosen = Signal(object)
    opened = Signal(object)
    sort_requested = Signal(Sort, bool)
    menu_requested = Signal(object)
    new_above = Signal(int)

    def __init__(
        self, theme: Theme, model: SalesModel, is_still: Callable[[], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._sales = model
        self._above = 0
        self._chosen_id: int | None = None
        self._announced_at = -_ANNOUNCE_EVERY
        self._fresh = Freshness(is_still, self)
        self._delegate = SalesDelegate(theme, model, self.hovered_row, self.freshness, self)
        self._head = TableHeader(theme, self)
        self._build(model)
        self._connect(model)

    def freshness(self, row: SaleRow) -> float:
        return self._fresh.of(row.id)

    def show_sorted(self, sort: Sort, *, descending: bool) -> None:
        column = next(column for column, known in SORTS.items() if known is sort)
        self._head.show_sorted(column, descending=descending)

    def fit_times(self, longest: tuple[str, ...]) -> None:
        """Make room for times like these."""
        self._least[Column.TIME] = max(self._delegate.width_for(Column.TIME, time) for time in longest)
        self._fit_columns()

    def fit_senders(self, names: Iterable[str]) -> None:
        """Make room for names like these, within reason."""
        needed = max((self._delegate.width_for(Column.FROM, name) for name in names), default=0)
        self._least[Column.FROM] = min(needed, self._theme.px(_MOST_FROM))
        self._fit_columns()

    def request_sort(self, sort: Sort) -> None:
        """By this, in its usual direction; the other way round if it is sorted by this already."""
        query = self._sales.query
        descending = not query.descending if query.sort is sort else sort in FALLING_FIRST
        self.sort_requested.emit(sort, descending)

    def to_top(self) -> None:
        self.scrollToTop()
        self._tell_above(0)

    def chosen_row(self) -> SaleRow | None:
        return self._sales.row(self.currentIndex()) if self.selectionModel().hasSelection() else None

    def _build(self, model: SalesModel) -> None:
        self._least: dict[Column, int] = {}
        self._dress(model, self._delegate, self._head, tuple(Column))
        self._head.setMinimumSectionSize(0)
        for column in Column:
            stretch = column is Column.ITEMS
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Fixed
            self._head.setSectionResizeMode(column, mode)
        self._fit_columns()

    def _connect(self, model: SalesModel) -> None:
        self._head.sectionClicked.connect(self.on_section_clicked)
        self._fresh.faded.connect(self.on_faded)
        model.modelAboutToBeReset.connect(self.on_about_to_be_reset)
        model.modelReset.connect(self.on_reset)
        model.arrived.connect(self.on_arrived)
        self.verticalScrollBar().valueChanged.connect(self.on_scrolled)
        self.clicked.connect(self.on_clicked)

    def _fit_columns(self) -> None:
        px = self._theme.px
        widths = {column: max(px(width), self._least.get(column, 0)) for column, width in _WIDTHS.items()}
        if self.width() < px(_ROOMY):
            widths[Column.ORDER] = px(_WIDTHS[Column.ORDER])
        for column, width in _GIVING_WAY.items():
            if self.width() - sum(widths.values()) < px(_ITEMS_LEAST):
                widths[column] = px(width)
        for column, wide in widths.items():
            if self._head.sectionSize(column) != wide:
                self._head.resizeSection(column, wide)

    @Slot(int)
    def on_section_clicked(self, section: int) -> None:
        sort = SORTS.get(Column(section))
        if sort is not None:
            self.request_sort(sort)

    @Slot(object)
    def on_faded(self, sale_ids: tuple[int, ...]) -> None:
        for sale_id in sale_ids:
            at = self._sales.position(sale_id)
            if at is not None:
                self._repaint_row(at)

    @Slot(object)
    def on_arrived(self, rows: list[SaleRow]) -> None:
        # Laid out now, the new rows cost one repaint instead of two.
        self.executeDelayedItemsLayout()
        self._fresh.add([row.id for row in rows])
        self._fit_rows(rows[:_LOOKED_AT])
        if self.verticalScrollBar().value() > 0:
            self._tell_above(self._above + len(rows))
        if monotonic() - self._announced_at >= _ANNOUNCE_EVERY:
            self._announced_at = monotonic()
            event = QAccessibleAnnouncementEvent(self, self._sales.text(rows[0]).spoken())
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    @Slot()
    def on_about_to_be_reset(self) -> None:
        row = self.chosen_row()
        self._chosen_id = row.id if row else None

    @Slot()
    def on_reset(self) -> None:
        self._tell_above(0)
        for column in _GROWING:
            self._least.pop(column, None)
        self._fit_rows(self._sales.top(_LOOKED_AT))
        at = self._sales.position(self._chosen_id) if self._chosen_id is not None else None
        if at is not None:
            self.select_at(at)
        else:
            self.chosen.emit(None)

    @Slot(int)
    def on_scrolled(self, value: int) -> None:
        if value == 0:
            self._tell_above(0)

    @Slot(QModelIndex)
    def on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._sales.row(index))

    def _fit_rows(self, rows: Iterable[SaleRow]) -> None:
        """Money is never shortened as long as there is any room for it; order numbers only where there is little."""
        texts = [self._sales.text(row) for row in rows]
        for column, most in _GROWING.items():
            needed = max((self._delegate.width_for(column, text.cells()[column]) for text in texts), default=0)
            needed = min(needed, self._theme.px(most))
            self._least[column] = max(needed, self._least.get(column, 0))
        self._fit_columns()

    def _tell_above(self, count: int) -> None:
        if count != self._above:
            self._above = count
            self.new_above.emit(count)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit(self.chosen_row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.chosen_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.opened.emit(row)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and row is None and self._sales.rowCount():
            # Otherwise the first key would pass by the first row.
            self.select_at(max(0, self.currentIndex().row()))
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_rows(event, self._delegate)
