"""A row of what happened one after the other."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopwatch.ui.look.theme import Theme

DOT = 20
_LOOKS = {"ok": ("ok_soft", "ok"), "warn": ("warn_soft", "warn"), "bad": ("bad_soft", "bad")}
_NEUTRAL = ("neutral_soft", "text2")


class DotRow(QWidget):
    """Has a round sign at its beginning, `DOT` wide, and unless it is the `last` one, a line from there to the next.

    `kind` is "ok", "warn", "bad" or anything else, which is neutral.
    """

    def __init__(self, theme: Theme, kind: str, icon: str, *, last: bool) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._icon = icon
        self._last = last
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - DOT if mirrored else 0
        if not self._last:
            painter.fillRect(QRectF(left + 9.5, DOT, 1, self.height() - DOT), tokens.colour("line2"))
        ground, ink = _LOOKS.get(self._kind, _NEUTRAL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(ground))
        painter.drawEllipse(QRectF(left, 0, DOT, DOT))
        self._theme.icons.paint(painter, self._icon, QRectF(left + 4, 4, 12, 12), tokens.colour(ink))
        painter.end()
