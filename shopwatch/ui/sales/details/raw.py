"""The messages of a sale, word for word."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.ledger.sales.query import Moment
from shopwatch.presenting.sales.message_text import message_text
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.texts.elided import Elided


class RawMessages(QWidget):
    """A line that unfolds to the raw messages, one at a time.

    Signals: `wanted(int)`, the id of the delivery whose text is to be shown; `unfolded()`; `inbox_requested(int)`, the
    delivery is to be shown in the Inbox.
    """

    wanted = Signal(int)
    unfolded = Signal()
    inbox_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head = _Expander(theme, say("Raw message"))
        self._which = Combo(theme, say("Message"))
        self.inbox = Button(theme, say("Show in Inbox"), "link")
        self._text = QPlainTextEdit()
        self._ids: tuple[int, ...] = ()
        self._build()
        self._head.toggled.connect(self.on_toggled)
        self._which.currentIndexChanged.connect(self.on_chosen)
        self.inbox.clicked.connect(self.on_inbox_clicked)

    def tell(self, moments: Sequence[Moment], times: Sequence[str]) -> None:
        """Offer the messages of these moments."""
        ids = tuple(moment.delivery_id for moment in moments)
        self._head.tell(say_n("{n} message, signature checked", "{n} messages, signature checked", len(ids)))
        if ids == self._ids:
            return
        self._ids = ids
        self._which.blockSignals(True)
        self._which.clear()
        for moment, time in zip(moments, times, strict=True):
            self._which.addItem(f"{time}  {legible(moment.part.type, 40)}", moment.delivery_id)
        self._which.blockSignals(False)
        self._which.setVisible(len(ids) > 1)
        self._text.clear()
        if self._head.is_open and ids:
            self.wanted.emit(ids[0])

    def show_message(self, delivery: DeliveryRow | None) -> None:
        wanted = self._which.currentData()
        if delivery is None:
            self._text.setPlainText(say("This message is no longer kept."))
        elif delivery.id == wanted:
            self._text.setPlainText(message_text(delivery))

    def fold(self) -> None:
        self._head.set_open(False)

    def _build(self) -> None:
        theme = self._theme
        self._text.setReadOnly(True)
        self._text.setFont(theme.font("mono"))
        self._text.setAccessibleName(say("Raw message"))
        self._text.setFixedHeight(theme.px(220))
        self._text.setTabChangesFocus(True)
        self._text.setUndoRedoEnabled(False)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(24, 0, 24, 16)
        body.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self._which)
        row.addStretch()
        row.addWidget(self.inbox)
        body.addLayout(row)
        body.addWidget(self._text)
        self._body.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._body)

    @Slot(bool)
    def on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        if is_open:
            self.unfolded.emit()
        if is_open and self._ids and not self._text.toPlainText():
            self.wanted.emit(self._which.currentData())

    @Slot()
    def on_inbox_clicked(self) -> None:
        if self._which.currentData() is not None:
            self.inbox_requested.emit(self._which.currentData())

    @Slot(int)
    def on_chosen(self, _index: int) -> None:
        if self._head.is_open and self._which.currentData() is not None:
            self._text.clear()
            self.wanted.emit(self._which.currentData())


class _Expander(QWidget):
    toggled = Signal(bool)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.is_open = False
        self._name = theme.label(name, "body", 500, ink="text2")
        self._note = Elided(theme, "small", ink="text3")
        self._note.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(name)
        self.setFixedHeight(theme.px(40))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        # Unlike a margin, this changes sides with the writing direction.
        row.addSpacing(24)
        row.addWidget(self._name)
        row.addWidget(self._note, 1)
        theme.changed.connect(self.update)

    def tell(self, note: str) -> None:
        self._note.show_own(note)
        self.setAccessibleDescription(note)

    def set_open(self, is_open: bool) -> None:
        if is_open != self.is_open:
            self.is_open = is_open
            self.update()
            self.toggled.emit(is_open)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.set_open(not self.is_open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.set_open(not self.is_open)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        sign = "caret-down" if self.is_open else "caret-left" if mirrored else "caret-right"
        left = self.width() - 40 if mirrored else 24
        spot = QRectF(left, (self.height() - 16) / 2, 16, 16)
        self._theme.icons.paint(painter, sign, spot, self._theme.colour("text2"))
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            paint_ring(painter, QRectF(self.rect()).adjusted(16, 4, -16, -4), self._theme.colour("accent"), 6)
        painter.end()
