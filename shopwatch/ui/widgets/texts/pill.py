"""Pills: a state as an icon and a word."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.presenting.pill import PillLook
from shopwatch.ui.look.theme import Theme

_INKS = {"ok": "ok", "warn": "warn", "bad": "bad", "neutral": "text2", "practice": "text2", "accent": "accent"}
_GROUNDS = {"ok": "ok_soft", "warn": "warn_soft", "bad": "bad_soft", "neutral": "neutral_soft", "accent": "accent_soft"}
_SELECTED_INK = "on_accent"
"""In high contrast, where a selected row has the system's highlight as its ground."""
_HEIGHT = 20
_BEFORE = 23
_AFTER = 8


def pill_width(theme: Theme, look: PillLook) -> float:
    return _BEFORE + _AFTER + QFontMetricsF(theme.font("small", 500)).horizontalAdvance(look.text)


def paint_pill(painter: QPainter, theme: Theme, box: QRectF, look: PillLook, *, selected: bool = False) -> None:
    """Paint at the leading edge of `box`, centred in its height and no wider than it."""
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    room = box.width()
    dpr = painter.device().devicePixelRatio()

    def draw(canvas: QPainter) -> None:
        canvas.setLayoutDirection(painter.layoutDirection())
        _draw(canvas, theme, QRectF(0, 0, room, height), look, selected=selected)

    height = theme.px(_HEIGHT)
    pixmap = theme.drawing((look, selected, mirrored), QSizeF(room, height), dpr, draw)
    painter.drawPixmap(QPointF(box.left(), round(box.center().y() - height / 2)), pixmap)


def _draw(painter: QPainter, theme: Theme, room: QRectF, look: PillLook, *, selected: bool) -> None:
    tokens = theme.tokens
    font = theme.font("small", 500)
    metrics = QFontMetricsF(font)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    width = min(_BEFORE + _AFTER + metrics.horizontalAdvance(look.text), room.width())
    pill = QRectF(room.right() - width if mirrored else room.left(), room.top(), width, room.height())
    dashed = look.kind == "practice"
    if dashed or tokens.contrast:
        write_connection = QPen(tokens.colour(_SELECTED_INK if selected and tokens.contrast else "control"), 1)
        if dashed:
            write_connection.setDashPattern([3, 2])
        painter.setPen(write_connection)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shape = pill.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        raised = selected and look.kind in ("neutral", "accent")
        painter.setBrush(tokens.colour("surface" if raised else _GROUNDS[look.kind]))
        shape = pill
    painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
    ink = tokens.colour(_SELECTED_INK if selected and tokens.contrast else _INKS[look.kind])
    icon_left = pill.right() - 18 if mirrored else pill.left() + 6
    theme.icons.paint(painter, look.icon, QRectF(icon_left, pill.center().y() - 6, 12, 12), ink)
    painter.setFont(font)
    painter.setPen(ink)
    before, after = (_AFTER, _BEFORE) if mirrored else (_BEFORE, _AFTER)
    words = pill.adjusted(before, 0, -after, 0)
    flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(words, int(flags), metrics.elidedText(look.text, Qt.TextElideMode.ElideRight, words.width() + 1))


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
        return QSize(round(pill_width(self._theme, self._look) + 1) if self._look else 0, self._theme.px(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._look is not None:
            painter = QPainter(self)
            painter.setLayoutDirection(self.layoutDirection())
            paint_pill(painter, self._theme, QRectF(self.rect()), self._look)
            painter.end()
