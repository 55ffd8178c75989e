"""A switch, on or off at once."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from shopwatch.ui.style import paint_ring
from shopwatch.ui.theme import Theme


class Switch(QCheckBox):
    """32 by 18 and 4 px around it for the focus ring; a check box to the keyboard and to screen readers."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setFixedSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(40, 26)

    def hitButton(self, _point: QPoint) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        on = self.isChecked()
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.setBrush(tokens.colour("accent_fill" if on else "switch_off"))
        painter.drawRoundedRect(QRectF(4, 4, 32, 18), 9, 9)
        painter.setBrush(tokens.colour("on_accent"))
        at_end = on != (self.layoutDirection() == Qt.LayoutDirection.RightToLeft)
        painter.drawEllipse(QRectF(20 if at_end else 6, 6, 14, 14))
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), tokens.colour("accent"), 12)
        painter.end()
