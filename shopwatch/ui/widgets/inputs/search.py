"""The search field."""

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from shopwatch.ui.look.theme import Theme

_PAUSE = 80
_LONGEST = 200
_ICON = 16


class SearchField(QLineEdit):
    """Searches while the owner types. `hint` says what can be searched for, where there is room for more than `name`.

    Signals: `searched(str)`, when typing paused for 80 ms.
    """

    searched = Signal(str)

    def __init__(self, theme: Theme, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._hint = hint or name
        self._key = QKeySequence(QKeySequence.StandardKey.Find).toString(QKeySequence.SequenceFormat.NativeText)
        self._key = self._key.replace("+", " ")
        self._told = ""
        self._hint_fits = True
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self.setFont(theme.font("body"))
        self.setMaxLength(_LONGEST)
        self.setClearButtonEnabled(False)
        self.setAccessibleName(name)
        self._pause.timeout.connect(self.on_paused)
        self.textChanged.connect(self.on_text_changed)
        theme.changed.connect(self.update)
        self._fit()

    def clear_quietly(self) -> None:
        """Empty the field without a search."""
        self._told = ""
        self.clear()
        self._pause.stop()

    @Slot(str)
    def on_text_changed(self, _text: str) -> None:
        self._pause.start()

    @Slot()
    def on_paused(self) -> None:
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.searched.emit(text)

    def _fit(self) -> None:
        before = _ICON + 8
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(0 if mirrored else before, 0, before if mirrored else 0, 0)
        hint = QFontMetrics(self._theme.font("tiny")).horizontalAdvance(self._key) + 12
        measure = self.fontMetrics().horizontalAdvance
        room = self.width() - _ICON - 40
        self.setPlaceholderText(self._hint if measure(self._hint) <= room - hint else self._name)
        self._hint_fits = measure(self.placeholderText()) <= room - hint

    def event(self, event: QEvent) -> bool:
        # Otherwise the drawer's Escape would be first.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - 10 - _ICON if mirrored else 10
        spot = QRectF(left, (self.height() - _ICON) / 2, _ICON, _ICON)
        self._theme.icons.paint(painter, "magnifying-glass", spot, tokens.colour("text3"))
        if self._hint_fits and not mirrored and not self.text() and self.isEnabled():
            self._paint_hint(painter, mirrored=mirrored)
        painter.end()

    def _paint_hint(self, painter: QPainter, *, mirrored: bool) -> None:
        tokens = self._theme.tokens
        painter.setFont(self._theme.font("tiny"))
        width = painter.fontMetrics().horizontalAdvance(self._key) + 12
        height = 18
        left = 10 if mirrored else self.width() - 10 - width
        box = QRectF(left + 0.5, (self.height() - height) / 2 + 0.5, width - 1, height - 1)
        painter.setPen(QPen(tokens.colour("line2"), 1))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(tokens.colour("text3"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
