"""The table of what sold: a switch in each row, and names that are changed in place."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QLineEdit

from shopwatch.domain.i18n import say
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.delegate import PopularDelegate
from shopwatch.ui.popular.model import ItemColumn, PopularModel

_ROW = 48


class PopularTable(RowTable):
    """Signals: `switched(str)`, the name of an item whose switch was used; `renamed(str, str)`, an item's name and the
    owner's new one, empty for the one it had."""

    switched = Signal(str)
    renamed = Signal(str, str)

    def __init__(self, theme: Theme, model: PopularModel) -> None:
        super().__init__(theme, model, PopularDelegate(theme, model))
        self._field: QLineEdit | None = None
        self._renaming = ""
        self._row_font = theme.font("body", 500)
        self.doubleClicked.connect(self.on_double_clicked)
        model.modelReset.connect(self.stop_renaming)
        for keys, slot in ((Qt.Key.Key_Space, self.switch_chosen), (Qt.Key.Key_F2, self.rename_chosen)):
            key = QShortcut(QKeySequence(keys), self, slot)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_compact(self, _compact: bool) -> None:
        """A switch needs its room."""
        self.verticalHeader().setDefaultSectionSize(self._theme.px(_ROW))

    @Slot()
    def switch_chosen(self) -> None:
        """Show the chosen item on the page, or take it off."""
        at = self.currentIndex().row()
        if self.chosen_id() is not None:
            self.switched.emit(self._model.row_at(at).name)

    @Slot()
    def rename_chosen(self) -> None:
        """Let the owner write another name over the chosen one."""
        at = self.currentIndex().row()
        if self.chosen_id() is None:
            return
        self.stop_renaming()
        self._renaming = self._model.row_at(at).name
        field = QLineEdit(self._renaming, self.viewport())
        field.setFont(self._row_font)
        field.setAccessibleName(say("Name on the page"))
        field.setPlaceholderText(say("Its own name"))
        field.setMaxLength(120)
        cell = self.visualRect(self.model().index(at, ItemColumn.NAME))
        height = field.sizeHint().height()
        field.setGeometry(cell.left(), cell.top() + (cell.height() - height) // 2, cell.width() - 8, height)
        field.returnPressed.connect(self.on_name_given)
        field.installEventFilter(self)
        self._field = field
        field.show()
        field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def stop_renaming(self) -> None:
        """Leave the name as it was."""
        field, self._field = self._field, None
        if field is not None:
            had = field.hasFocus()
            field.removeEventFilter(self)
            field.hide()
            field.deleteLater()
            if had:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_name_given(self) -> None:
        if self._field is not None:
            new = self._field.text()
            self.stop_renaming()
            self.renamed.emit(self._renaming, new)

    @Slot(QModelIndex)
    def on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() == ItemColumn.NAME:
            self.rename_chosen()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() == ItemColumn.PAGE:
            self.switched.emit(self._model.row_at(index.row()).name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and self._field is not None:
            if event.type() == QEvent.Type.FocusOut:
                self.stop_renaming()
            elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self.stop_renaming()
                return True
        return super().eventFilter(watched, event)
