"""A table whose rows are painted whole, one selected at a time, and which stands still while rows come in above."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QEvent, QItemSelectionModel, QModelIndex, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.overlay_bar import OverlayBar

_ROW = 40
_COMPACT_ROW = 32


class RowPainter(Protocol):
    """What paints the rows."""

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[Any, int, int]], at: int, *, selected: bool
    ) -> None:
        """Paint the row at this place into `rect`; `cells` are its columns with their left edges and widths."""


class RowView(QTableView):
    """The look and the manners of all lists; what is in them their heirs know."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hovered = -1
        self._was_at = 0
        self._columns: Sequence[int] = ()

    def hovered_row(self) -> int:
        """The row under the pointer, or -1."""
        return self._hovered

    def select_at(self, at: int) -> None:
        """Make the row at this place the chosen one."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(at, 0), flags)

    def show_compact(self, compact: bool) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_COMPACT_ROW if compact else _ROW))

    def _dress(
        self, model: QAbstractTableModel, delegate: QAbstractItemDelegate, head: QHeaderView, columns: Sequence[int]
    ) -> None:
        self._columns = columns
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setHorizontalHeader(head)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        OverlayBar(self)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        self.show_compact(False)
        head.setStretchLastSection(False)
        self._theme.changed.connect(self.viewport().update)
        model.rowsAboutToBeInserted.connect(self.on_rows_about_to_be_inserted)
        model.rowsInserted.connect(self.on_rows_inserted)

    @Slot(QModelIndex, int, int)
    def on_rows_about_to_be_inserted(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        self._was_at = self.verticalScrollBar().value()

    @Slot(QModelIndex, int, int)
    def on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """What the owner looks at stays where it is, unless it is the top."""
        height = self.verticalHeader().defaultSectionSize()
        if self._was_at > 0 and first * height <= self._was_at:
            # The scroll bar learns of the new rows only when the view lays itself out again.
            self.executeDelayedItemsLayout()
            self.updateGeometries()
            self.verticalScrollBar().setValue(self._was_at + (last - first + 1) * height)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for each in (before, row):
                self._repaint_row(each)

    def _repaint_row(self, row: int) -> None:
        if 0 <= row < self.model().rowCount():
            top = self.rowViewportPosition(row)
            self.viewport().update(0, top, self.viewport().width(), self.rowHeight(row))

    def _paint_rows(self, event: QPaintEvent, delegate: RowPainter) -> None:
        # Qt would ask Python for each cell anew, which in a burst takes twice as long as the drawing itself.
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(self.layoutDirection())
        cells = [(column, self.columnViewportPosition(column), self.columnWidth(column)) for column in self._columns]
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        if first >= 0:
            width, chosen = self.viewport().width(), self.selectionModel()
            for at in range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1):
                rect = QRect(0, self.rowViewportPosition(at), width, self.rowHeight(at))
                selected = chosen.isRowSelected(at, QModelIndex())
                delegate.paint_row(painter, rect, cells, at, selected=selected)
        index = self.currentIndex()
        by_keyboard = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if self.hasFocus() and index.isValid() and by_keyboard:
            top = self.rowViewportPosition(index.row())
            box = QRectF(0, top, self.viewport().width(), self.rowHeight(index.row()) - 1)
            paint_ring(painter, box, self._theme.colour("accent"), 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)
