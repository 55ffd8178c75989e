"""A list of whole rows that are known by their ids, painted by one delegate, whose columns share the width."""

from collections.abc import Hashable
from typing import Any

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from shopwatch.ui.lists.row_delegate import RowDelegate
from shopwatch.ui.lists.row_header import RowHeader
from shopwatch.ui.lists.row_view import RowView
from shopwatch.ui.lists.rows_model import RowsModel
from shopwatch.ui.look.theme import Theme


class RowTable(RowView):
    """Rows of a model, in its columns.

    Signals: `chosen(object)`, the id of the row now selected or None; `opened(object)`, one to be shown in full.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        theme: Theme,
        model: RowsModel[Any, Any],
        delegate: RowDelegate | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        delegate = delegate or RowDelegate(theme, model)
        self._delegate = delegate
        self._model = model
        self._kept_id: Hashable = None
        self._head = RowHeader(theme, delegate, self)
        self._dress(model, delegate, self._head, range(len(delegate.columns)))
        self._head.setMinimumSectionSize(0)
        self._head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        delegate.setParent(self)
        model.modelAboutToBeReset.connect(self.on_about_to_be_reset)
        model.modelReset.connect(self.on_reset)
        self.clicked.connect(self.on_clicked)

    def chosen_id(self) -> Hashable | None:
        has_one = self.selectionModel().hasSelection() and self.currentIndex().isValid()
        return self._model.id_at(self.currentIndex().row()) if has_one else None

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
        self._delegate.hovered = row
        super()._hover(row)

    @Slot(QModelIndex)
    def on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.id_at(index.row()))

    @Slot()
    def on_about_to_be_reset(self) -> None:
        self._kept_id = self.chosen_id()

    @Slot()
    def on_reset(self) -> None:
        at = self._model.position(self._kept_id) if self._kept_id is not None else None
        if at is not None:
            self.select_at(at)
        elif self._kept_id is not None:
            self.chosen.emit(None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit(self.chosen_id())

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
        self._paint_rows(event, self._delegate)
