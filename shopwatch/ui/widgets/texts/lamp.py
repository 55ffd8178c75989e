"""Lamps, and lines that say what a lamp means."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.presenting.level import Level
from shopwatch.ui.look.mark import paint_lamp
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row
from shopwatch.ui.widgets.texts.elided import Elided

_AROUND = 6
"""Room for the focus ring of a line, at both of its ends."""


class Lamp(QWidget):
    """16 by 16; its shape tells the level as well as its colour."""

    def __init__(self, theme: Theme, level: Level = Level.OFF, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._level = level
        self.setFixedSize(16, 16)
        theme.changed.connect(self.update)

    @property
    def level(self) -> Level:
        return self._level

    def show_level(self, level: Level) -> None:
        if level is not self._level:
            self._level = level
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_lamp(painter, QRectF(self.rect()), self._level, self._theme.tokens)
        painter.end()


class StateLine(QWidget):
    """A lamp, a name, and what is to be said; what does not fit is in the tooltip.

    Signals: `clicked()`, by mouse, Space or Enter.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lamp = Lamp(theme)
        self._name = Elided(theme, weight=500, mode=Qt.TextElideMode.ElideRight)
        self._detail = Elided(theme, "small", ink="text2", mode=Qt.TextElideMode.ElideMiddle)
        self._name.setFixedWidth(theme.px(96))
        self.setFixedHeight(theme.px(20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row(self._lamp, self._name, (self._detail, 1), inside=self, margins=(_AROUND, 0, _AROUND, 0), gap=8)

    @property
    def level(self) -> Level:
        return self._lamp.level

    def tell(self, level: Level, name: str, detail: str, more: str = "") -> None:
        """Show this; `more` is the longer sentence for the tooltip and for screen readers."""
        self._lamp.show_level(level)
        self._name.show_own(name)
        self._detail.show_own(detail, more)
        self.setAccessibleName(f"{name}: {more or detail}")

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(288) + 2 * _AROUND, self._theme.px(20))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            paint_ring(painter, QRectF(self.rect()), self._theme.colour("accent"), 4)
            painter.end()
