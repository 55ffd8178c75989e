"""The list of rules: a sentence and a switch for each."""

from PySide6.QtCore import QEvent, QModelIndex, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.indexes import AnyIndex
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.list_delegate import RuleDelegate
from shopwatch.ui.rules.model import RulesModel
from shopwatch.ui.widgets.frames.overlay_bar import OverlayBar


class RuleList(QListView):
    """Signals: `chosen(int)`, the id of the rule now selected; `opened(int)`, it is to be changed; `switched(int)`,
    turn it on or off; `moved(int, int)`, it goes up or down by one; `delete_requested(int)`; `mend_requested(int)`."""

    chosen = Signal(int)
    opened = Signal(int)
    switched = Signal(int)
    moved = Signal(int, int)
    delete_requested = Signal(int)
    mend_requested = Signal(int)

    def __init__(self, theme: Theme, model: RulesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rules = model
        self._delegate = RuleDelegate(theme, model, self)
        self._quiet = False
        self._kept_id: int | None = None
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say("Rules"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        OverlayBar(self)
        theme.changed.connect(self.viewport().update)
        model.modelAboutToBeReset.connect(self.on_about_to_be_reset)
        model.modelReset.connect(self.on_reset)
        model.dataChanged.connect(self.on_data_changed)
        self.clicked.connect(self.on_clicked)

    def wanted_height(self) -> int:
        """What all rules need."""
        return sum(self.sizeHintForRow(at) for at in range(self._rules.rowCount()))

    def chosen_id(self) -> int | None:
        index = self.currentIndex()
        return (
            self._rules.line(index.row()).rule.id if index.isValid() and self.selectionModel().hasSelection() else None
        )

    def choose(self, rule_id: int | None) -> None:
        """Select this rule, or none, without a signal."""
        self._quiet = True
        at = self._rules.position(rule_id) if rule_id is not None else None
        if at is None:
            self.clearSelection()
        else:
            self.setCurrentIndex(self._rules.index(at))
        self._quiet = False

    @Slot()
    def on_about_to_be_reset(self) -> None:
        self._kept_id = self.chosen_id()

    @Slot()
    def on_reset(self) -> None:
        self.choose(self._kept_id)

    @Slot()
    def on_data_changed(self) -> None:
        # A sentence that grows by a line makes its row higher.
        self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._rules.line(index.row()).rule.id)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._quiet:
            self.chosen.emit(self._rules.line(current.row()).rule.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        rule_id, place = self._rules.line(index.row()).rule.id, event.position().toPoint()
        mirrored, row = self.layoutDirection() == Qt.LayoutDirection.RightToLeft, self.visualRect(index)
        if self._delegate.switch_box(row, mirrored=mirrored).adjusted(-8, -8, 8, 8).contains(place):
            self.switched.emit(rule_id)
        elif (
            self._delegate.link_box(row, self._rules.line(index.row()), mirrored=mirrored)
            .adjusted(-2, -2, 2, 2)
            .contains(place)
        ):
            self.mend_requested.emit(rule_id)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rule_id = self.chosen_id()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if rule_id is None:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._rules.rowCount():
                self.setCurrentIndex(self._rules.index(0))
            else:
                super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self.switched.emit(rule_id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(rule_id)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_requested.emit(rule_id)
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(rule_id, -1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.text().strip():
            # Letters are keys of the screen, not a search among the sentences.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if event.key() == Qt.Key.Key_Space or (alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)):
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        by_keyboard = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if self.hasFocus() and index.isValid() and by_keyboard:
            painter = QPainter(self.viewport())
            paint_ring(painter, QRectF(self.visualRect(index)).adjusted(0, 0, 0, -1), self._theme.colour("accent"), 4)
            painter.end()
