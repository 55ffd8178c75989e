"""Pills: a state as an icon and a word."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.ui.theme import Theme

_INKS = {"ok": "ok", "warn": "warn", "bad": "bad", "neutral": "text2", "practice": "text2", "accent": "accent"}
_GROUNDS = {"ok": "ok_soft", "warn": "warn_soft", "bad": "bad_soft", "neutral": "neutral_soft", "accent": "accent_soft"}


@dataclass(frozen=True, slots=True)
class PillLook:
    """`kind` is "ok", "warn", "bad", "neutral", "accent" or "practice", the one that is dashed."""

    kind: str
    icon: str
    text: str


def pill_width(theme: Theme, look: PillLook) -> float:
    return 31 + QFontMetricsF(theme.font("small", 500)).horizontalAdvance(look.text)


def paint_pill(painter: QPainter, theme: Theme, box: QRectF, look: PillLook, *, selected: bool = False) -> None:
    """Paint at the leading edge of `box`, centred in its height and no wider than it."""
    tokens = theme.tokens
    font = theme.font("small", 500)
    metrics = QFontMetricsF(font)
    width = min(31 + metrics.horizontalAdvance(look.text), box.width())
    height = theme.px(20)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    left = box.right() - width if mirrored else box.left()
    pill = QRectF(left, box.center().y() - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.kind == "practice" or tokens.contrast:
        pen = QPen(tokens.colour("control"), 1)
        if look.kind == "practice":
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shape = pill.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        ground = "surface" if selected and look.kind in ("neutral", "accent") else _GROUNDS[look.kind]
        painter.setBrush(tokens.colour(ground))
        shape = pill
    painter.drawRoundedRect(shape, height / 2, height / 2)
    ink = tokens.colour(_INKS[look.kind])
    icon_left = pill.right() - 18 if mirrored else pill.left() + 6
    theme.icons.paint(painter, look.icon, QRectF(icon_left, pill.center().y() - 6, 12, 12), ink)
    painter.setFont(font)
    painter.setPen(ink)
    words = pill.adjusted(8, 0, -23, 0) if mirrored else pill.adjusted(23, 0, -8, 0)
    flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(words, int(flags), metrics.elidedText(look.text, Qt.TextElideMode.ElideRight, words.width() + 1))
    painter.restore()


class Pill(QWidget):
    """A pill by itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look: PillLook | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_look(self, look: PillLook) -> None:
        self._look = look
        self.setAccessibleName(look.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(pill_width(self._theme, self._look) + 1) if self._look else 0, self._theme.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._look is not None:
            painter = QPainter(self)
            painter.setLayoutDirection(self.layoutDirection())
            paint_pill(painter, self._theme, QRectF(self.rect()), self._look)
            painter.end()
