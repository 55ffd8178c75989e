"""A list of whole rows: painted by one delegate, one row selected at a time, still while rows come in above."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
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

from shopwatch.ui.style import paint_ring
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.overlay_bar import OverlayBar
from shopwatch.ui.widgets.row_delegate import LEADING, TRAILING, RowDelegate

_ROW = 40
_COMPACT_ROW = 32


class RowTable(QTableView):
    """Rows of a model, in the delegate's columns. `find` gives the place of the row of this id, `id_at` the reverse.

    Signals: `chosen(object)`, the id of the row now selected or None; `opened(object)`, one to be shown in full.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        theme: Theme,
        model: QAbstractTableModel,
        delegate: RowDelegate,
        *,
        find: Callable[[int], int | None],
        id_at: Callable[[int], int | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._delegate = delegate
        self._find = find
        self._id_at = id_at
        self._was_at = 0
        self._kept_id: int | None = None
        self._head = _Header(theme, delegate, self)
        self.setModel(model)
        self._build()
        delegate.setParent(self)
        theme.changed.connect(self.viewport().update)
        model.rowsAboutToBeInserted.connect(self.on_rows_about_to_be_inserted)
        model.rowsInserted.connect(self.on_rows_inserted)
        model.modelAboutToBeReset.connect(self.on_about_to_be_reset)
        model.modelReset.connect(self.on_reset)
        self.clicked.connect(self.on_clicked)

    def chosen_id(self) -> int | None:
        has_one = self.selectionModel().hasSelection() and self.currentIndex().isValid()
        return self._id_at(self.currentIndex().row()) if has_one else None

    def select_at(self, at: int) -> None:
        """Make the row at this place the chosen one."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(at, 0), flags)

    def show_compact(self, compact: bool) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_COMPACT_ROW if compact else _ROW))

    def _build(self) -> None:
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
        self.setMouseTracking(True)
        OverlayBar(self)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        self.show_compact(False)
        self._head.setStretchLastSection(False)
        self._head.setMinimumSectionSize(0)
        for at in range(len(self._delegate.columns)):
            self._head.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)

    def widths(self, width: int) -> list[int]:
        """How wide each column is in a list of this width, in pixels; 0 for one that gives way."""
        columns, px = self._delegate.columns, self._theme.px
        gone = {at for at, column in enumerate(columns) if width < px(column.least)}
        fixed = sum(px(column.width) for at, column in enumerate(columns) if at not in gone)
        sharing = [at for at, column in enumerate(columns) if not column.width and at not in gone]
        share, rest = divmod(max(0, width - fixed), len(sharing) or 1)
        first = sharing[0] if sharing else -1
        return [
            0 if at in gone else px(column.width) or share + (rest if at == first else 0)
            for at, column in enumerate(columns)
        ]

    def fit_columns(self) -> None:
        for at, wide in enumerate(self.widths(self.viewport().width())):
            if self._head.sectionSize(at) != wide:
                self._head.resizeSection(at, wide)

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered:
            before, self._delegate.hovered = self._delegate.hovered, row
            for each in (before, row):
                if 0 <= each < self.model().rowCount():
                    top = self.rowViewportPosition(each)
                    self.viewport().update(0, top, self.viewport().width(), self.rowHeight(each))

    @Slot(QModelIndex)
    def on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._id_at(index.row()))

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
        self._kept_id = self.chosen_id()

    @Slot()
    def on_reset(self) -> None:
        at = self._find(self._kept_id) if self._kept_id is not None else None
        if at is not None:
            self.select_at(at)
        elif self._kept_id is not None:
            self.chosen.emit(None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit(self.chosen_id())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.chosen_id()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.opened.emit(chosen)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and chosen is None and self.model().rowCount():
            # Otherwise the first key would pass by the first row.
            self.select_at(max(0, self.currentIndex().row()))
        # Letters are keys of the screen, not a search among the first column.
        elif event.text().strip() or event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(self.layoutDirection())
        count = len(self._delegate.columns)
        cells = [(at, self.columnViewportPosition(at), self.columnWidth(at)) for at in range(count)]
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        if first >= 0:
            width, chosen = self.viewport().width(), self.selectionModel()
            for at in range(first, (last if last >= 0 else self.model().rowCount() - 1) + 1):
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
    def __init__(self, theme: Theme, delegate: RowDelegate, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._delegate = delegate
        self.setFont(theme.font("small", 500))
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(32))
        theme.changed.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._delegate.columns[section]
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.fillRect(rect, self._theme.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.colour("line"))
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("text3"))
        box = self._delegate.inside(rect, section, mirrored=mirrored)
        painter.drawText(box, TRAILING if column.trailing else LEADING, column.title)
        painter.restore()
