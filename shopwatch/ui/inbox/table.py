"""The list of deliveries."""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from shopwatch.ledger.query import DeliveryRow
from shopwatch.ui.inbox.columns import Column, title
from shopwatch.ui.inbox.delegate import InboxDelegate, inside
from shopwatch.ui.inbox.model import InboxModel
from shopwatch.ui.style import paint_ring
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.overlay_bar import OverlayBar

_WIDTHS = {Column.TIME: 100, Column.FROM: 128, Column.RESULT: 128}
_NARROW_FROM = 104
_NARROW_RESULT = 112
_ROOMY = 480
_MOST_TIME = 156
_ROW = 40
_COMPACT_ROW = 32
_LOOKED_AT = 24


class InboxTable(QTableView):
    """Rows of an `InboxModel`, one selected at a time; the view stands still when rows come in above.

    Signals: `chosen(object)`, the `DeliveryRow` now selected or None.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, model: InboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._hovered = -1
        self._was_at = 0
        self._time_width = 0
        self._kept_id: int | None = None
        self._delegate = InboxDelegate(theme, model, self.hovered_row, self)
        self._head = _Header(theme, self)
        self._build()
        theme.changed.connect(self.viewport().update)
        model.rowsAboutToBeInserted.connect(self.on_rows_about_to_be_inserted)
        model.rowsInserted.connect(self.on_rows_inserted)
        model.modelAboutToBeReset.connect(self.on_about_to_be_reset)
        model.modelReset.connect(self.on_reset)

    def hovered_row(self) -> int:
        return self._hovered

    def chosen_row(self) -> DeliveryRow | None:
        return self._model.row(self.currentIndex()) if self.selectionModel().hasSelection() else None

    def select_at(self, at: int) -> None:
        """Make the row at this place the chosen one."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(at, 0), flags)

    def show_compact(self, compact: bool) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_COMPACT_ROW if compact else _ROW))

    def _build(self) -> None:
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self._head)
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
        OverlayBar(self)
        self.setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        self.show_compact(False)
        self._head.setStretchLastSection(False)
        self._head.setMinimumSectionSize(24)
        for column in Column:
            stretch = column is Column.ABOUT
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Fixed
            self._head.setSectionResizeMode(column, mode)
        self._fit_columns()

    def _fit_columns(self) -> None:
        px = self._theme.px
        roomy = self.width() >= px(_ROOMY)
        for column, width in _WIDTHS.items():
            wide = px(width)
            if column is Column.TIME:
                wide = min(max(wide, self._time_width), px(_MOST_TIME))
            elif not roomy:
                wide = px(_NARROW_FROM if column is Column.FROM else _NARROW_RESULT)
            if self._head.sectionSize(column) != wide:
                self._head.resizeSection(column, wide)

    def _fit_times(self) -> None:
        """Earlier days need room for their day."""
        rows = [self._model.row_at(at) for at in range(min(_LOOKED_AT, self._model.rowCount()))]
        times = [self._delegate.width_for(Column.TIME, self._model.text(row).time) for row in rows]
        self._time_width = max(times, default=0)
        self._fit_columns()

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

    @Slot()
    def on_about_to_be_reset(self) -> None:
        row = self.chosen_row()
        self._kept_id = row.id if row else None

    @Slot()
    def on_reset(self) -> None:
        self._fit_times()
        at = self._model.position(self._kept_id) if self._kept_id is not None else None
        if at is not None:
            self.select_at(at)
        else:
            self.chosen.emit(None)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for each in (before, row):
                if 0 <= each < self._model.rowCount():
                    top = self.rowViewportPosition(each)
                    self.viewport().update(0, top, self.viewport().width(), self.rowHeight(each))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit(self.chosen_row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters are keys of the screen, not a search among the times.
        if event.text().strip() or event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(self.layoutDirection())
        cells = [(column, self.columnViewportPosition(column), self.columnWidth(column)) for column in Column]
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        if first >= 0:
            width, chosen = self.viewport().width(), self.selectionModel()
            for at in range(first, (last if last >= 0 else self._model.rowCount() - 1) + 1):
                rect = QRect(0, self.rowViewportPosition(at), width, self.rowHeight(at))
                selected = chosen.isRowSelected(at, QModelIndex())
                self._delegate.paint_row(painter, rect, cells, at, selected=selected)
        index = self.currentIndex()
        by_keyboard = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if self.hasFocus() and index.isValid() and by_keyboard:
            top = self.rowViewportPosition(index.row())
            box = QRectF(0, top, self.viewport().width(), self.rowHeight(index.row()) - 1)
            paint_ring(painter, box, self._theme.colour("accent"), 4)
        painter.end()


class _Header(QHeaderView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setFont(theme.font("small", 500))
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(32))
        theme.changed.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        tokens = self._theme.tokens
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.fillRect(rect, tokens.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, tokens.colour("line"))
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self.font())
        painter.setPen(tokens.colour("text3"))
        column = Column(section)
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(inside(rect, column, mirrored=mirrored), flags, title(column))
        painter.restore()
