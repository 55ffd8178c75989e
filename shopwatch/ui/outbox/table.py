"""The list of jobs, with room for an explanation below the chosen one."""

from collections.abc import Hashable
from itertools import pairwise

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.outbox.delegate import OutboxDelegate
from shopwatch.ui.outbox.model import OutboxModel
from shopwatch.ui.outbox.note import OutboxNote


class OutboxTable(RowTable):
    """Rows of an `OutboxModel`; `note` lies below the row it is about."""

    def __init__(self, theme: Theme, model: OutboxModel, note: OutboxNote) -> None:
        self._painter = OutboxDelegate(theme, model)
        self._note = note
        self._below: Hashable = None
        super().__init__(theme, model, self._painter)
        note.setParent(self.viewport())
        note.resized.connect(self.on_note_resized)
        model.rowsInserted.connect(self.on_note_resized)
        model.rowsRemoved.connect(self.on_note_resized)
        model.modelReset.connect(self.on_note_resized)

    def open_below(self, key: Hashable) -> None:
        """Lay the note below the row of this key or, if it is None, put it away."""
        is_new, self._below = key != self._below, key
        self._lay_out_note()
        at = self._model.position(key)
        if is_new and at is not None:
            self.scrollTo(self.model().index(at, 0))
        for one, next_one in pairwise([self, *self._note.buttons()]):
            QWidget.setTabOrder(one, next_one)

    def show_compact(self, compact: bool) -> None:
        super().show_compact(compact)
        self._painter.height = self.verticalHeader().defaultSectionSize()
        self._lay_out_note()

    @Slot()
    def on_note_resized(self) -> None:
        self._lay_out_note()

    def _lay_out_note(self) -> None:
        rows, high = self.verticalHeader(), self._painter.height
        at = self._model.position(self._below)
        for each in range(self.model().rowCount()):
            if each != at and rows.sectionSize(each) != high:
                rows.resizeSection(each, high)
        if at is None:
            self._note.hide()
            return
        tall = self._note.height_for(self.viewport().width())
        if rows.sectionSize(at) != high + tall:
            rows.resizeSection(at, high + tall)
        self._place_note(at, tall)
        self._note.show()

    def _place_note(self, at: int, tall: int) -> None:
        self._note.setGeometry(0, self.rowViewportPosition(at) + self._painter.height, self.viewport().width(), tall)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._follow()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_note()

    def _follow(self) -> None:
        at = self._model.position(self._below)
        if at is not None:
            self._place_note(at, self._note.height())
