"""A switch, on or off at once."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme


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
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_switch(painter, self._theme, QRectF(4, 4, 32, 18), on=self.isChecked(), mirrored=mirrored)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), self._theme.colour("accent"), 12)
        painter.end()


def paint_switch(painter: QPainter, theme: Theme, box: QRectF, *, on: bool, mirrored: bool) -> None:
    """Paint a switch into a `box` of 32 by 18."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    contrast = theme.tokens.contrast
    knob = "surface" if contrast and not on else "on_accent"
    # In high contrast a selected row has the same ground as a switch that is on.
    painter.setPen(QPen(theme.colour(knob), 1) if contrast else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent_fill" if on else "switch_off"))
    painter.drawRoundedRect(box, 9, 9)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(knob))
    left = box.left() + (16 if on != mirrored else 2)
    painter.drawEllipse(QRectF(left, box.top() + 2, 14, 14))
    painter.restore()
