"""The steps of a rule, as cards that are dragged into their order."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.rules.rule_text import StepText
from shopwatch.ui.indexes import AnyIndex
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.texts.face import Face

_CARD = 48
_BETWEEN = 8
_BEFORE, _AFTER = 66, 32
_STEP = Qt.ItemDataRole.UserRole
_LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class StepList(QListWidget):
    """Signals: `reordered()`, by the owner's hand; `opened(int)`, the settings of the step at this place are wanted;
    `remove_requested(int)`."""

    reordered = Signal()
    opened = Signal(int)
    remove_requested = Signal(int)

    def __init__(self, theme: Theme, text_of: Callable[[RuleStep], StepText], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text_of = text_of
        self.setItemDelegate(_Cards(theme, text_of, self))
        self.setAccessibleName(say("Steps, in this order"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.itemClicked.connect(self.on_clicked)
        theme.changed.connect(self.viewport().update)

    def show_steps(self, steps: Sequence[RuleStep]) -> None:
        """Show these; what was current stays so, by its place."""
        at = self.currentRow()
        self.clear()
        for step in steps:
            item = QListWidgetItem()
            item.setData(_STEP, step)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
            item.setSizeHint(QSize(0, self._theme.px(_CARD) + _BETWEEN))
            self.addItem(item)
        if 0 <= at < self.count():
            self.setCurrentRow(at)
        self.setFixedHeight(self.count() * (self._theme.px(_CARD) + _BETWEEN))
        self.setVisible(bool(steps))
        self.refresh_names()

    def refresh_names(self) -> None:
        """What the steps are called has changed."""
        count = self.count()
        for place, step in enumerate(self.steps(), 1):
            text = say("Step {place} of {count}: {step}", place=place, count=count, step=self._text_of(step).spoken)
            self.item(place - 1).setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self.viewport().update()

    def steps(self) -> tuple[RuleStep, ...]:
        return tuple(self.item(at).data(_STEP) for at in range(self.count()))

    def move_current(self, by: int) -> None:
        """Let the current step go up (-1) or down (1)."""
        at, to = self.currentRow(), self.currentRow() + by
        if at < 0 or not 0 <= to < self.count():
            return
        self.insertItem(to, self.takeItem(at))
        self.setCurrentRow(to)
        self.refresh_names()
        self.reordered.emit()

    @Slot(QListWidgetItem)
    def on_clicked(self, item: QListWidgetItem) -> None:
        self.opened.emit(self.row(item))

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.refresh_names()
        self.reordered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_current(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.remove_requested.emit(self.currentRow())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.currentRow() < 0:
            self.setCurrentRow(0)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        by_keyboard = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if self.hasFocus() and index.isValid() and by_keyboard:
            painter = QPainter(self.viewport())
            box = QRectF(self.visualRect(index)).adjusted(0, 0, 0, -_BETWEEN)
            paint_ring(painter, box, self._theme.colour("accent"), 8)
            painter.end()


class _Cards(QStyledItemDelegate):
    def __init__(self, theme: Theme, text_of: Callable[[RuleStep], StepText], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text_of = text_of
        self._title = Face(theme.font("body", 500))
        self._detail = Face(theme.font("body"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, text = self._theme, self._text_of(index.data(_STEP))
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        card = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -_BETWEEN - 0.5)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        painter.setPen(QPen(theme.colour("line2"), 1))
        painter.setBrush(theme.colour("hover" if hovered else "surface"))
        painter.drawRoundedRect(card, 8, 8)
        for icon, place, ink in (
            ("dots-six-vertical", 16, "text3"),
            (text.icon, 45, "text2"),
            ("caret-left" if mirrored else "caret-right", card.width() - 17, "text3"),
        ):
            box = QRectF(0, 0, 18, 18)
            box.moveCenter(QPointF(card.right() - place if mirrored else card.left() + place, card.center().y()))
            theme.icons.paint(painter, icon, box, theme.colour(ink))
        before, after = (_AFTER, _BEFORE) if mirrored else (_BEFORE, _AFTER)
        words = card.toRect().adjusted(before, 0, -after, 0)
        self._write(painter, words, text, mirrored=mirrored)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text, box = self._text_of(index.data(_STEP)), view.visualRect(index)
        taken = (
            self._title.metrics.horizontalAdvance(text.title) + 8 + self._detail.metrics.horizontalAdvance(text.detail)
        )
        cut = taken > box.width() - _BEFORE - _AFTER
        QToolTip.showText(event.globalPos(), tip(text.spoken) if cut else "", view, box)
        return True

    def _write(self, painter: QPainter, words: QRect, text: StepText, *, mirrored: bool) -> None:
        title = self._title.fit(text.title, words.width())
        painter.setFont(self._title.font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(words, _LEADING, title)
        taken = self._title.metrics.horizontalAdvance(title) + 8
        rest = words.adjusted(0 if mirrored else taken, 0, -taken if mirrored else 0, 0)
        if text.detail and rest.width() > 24:
            painter.setFont(self._detail.font)
            painter.setPen(self._theme.colour("text2"))
            painter.drawText(rest, _LEADING, self._detail.fit(text.detail, rest.width()))
