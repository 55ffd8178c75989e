"""The public page as visitors see it, small, in its own light look whatever the window's is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.sales.popular_page import COLOURS, Shown, Tint
from shopwatch.ui.lists.row_delegate import LEADING
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.look.tokens import LIGHT

_MOST = 6
_HEAD = 32
_ROW = 40
_SIDE = 28
_BAR = 120
_DOT = "#C4CCD1"
_FAINT = "#58636B"
_HAIR = "#E8EBEC"


@dataclass(frozen=True, slots=True)
class Preview:
    """What is seen of the page; `nothing` stands in the place of items, and `away` says that it is off."""

    address: str
    title: str
    period: str
    items: Sequence[Shown]
    updated: str
    tint: Tint = Tint.HARBOUR
    nothing: str = ""
    away: str = ""


class PagePreview(QWidget):
    """A browser's window with the beginning of the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = Preview("", "", "", (), "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_page(self, shown: Preview) -> None:
        self._shown = shown
        listed = ", ".join(each.name for each in shown.items[:_MOST])
        said = [shown.title, shown.period, listed, shown.updated, shown.away]
        self.setAccessibleName(say("How visitors see the page"))
        self.setAccessibleDescription(". ".join(part for part in said if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = max(1, min(_MOST, len(self._shown.items)))
        return QSize(320, self._theme.px(_HEAD + 24 + 28 + 20 + 16 + rows * _ROW + 12 + 16 + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.fillPath(frame, QColor(LIGHT.surface))
        painter.save()
        painter.setClipPath(frame)
        self._paint_head(painter)
        self._paint_page(painter)
        painter.restore()
        painter.setPen(QPen(self._theme.colour("line2"), 1))
        painter.drawPath(frame)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        head = self._theme.px(_HEAD)
        painter.fillRect(0, 0, self.width(), head, QColor(LIGHT.window))
        painter.fillRect(0, head - 1, self.width(), 1, QColor(LIGHT.line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_DOT))
        for at in range(3):
            painter.drawEllipse(QPointF(self._mirror(16 + at * 16), head / 2), 4, 4)
        self._write(painter, QRectF(72, 0, self.width() - 84, head), self._shown.address, "tiny", ink=_FAINT)

    def _paint_page(self, painter: QPainter) -> None:
        shown, px = self._shown, self._theme.px
        words = LIGHT.text3 if shown.away else LIGHT.text
        colours = COLOURS[shown.tint]
        room = self.width() - 2 * _SIDE
        top = px(_HEAD) + px(24)
        self._write(painter, QRectF(_SIDE, top, room, px(28)), shown.title, "title", 600, ink=words)
        top += px(28) + px(4)
        self._write(painter, QRectF(_SIDE, top, room, px(16)), shown.away or shown.period, "small", ink=_FAINT)
        top += px(16) + px(16)
        bar_room = min(_BAR, room // 3)
        for rank, item in enumerate(shown.items[:_MOST], 1):
            painter.fillRect(QRectF(_SIDE, top, room, 1), QColor(_HAIR))
            line = QRectF(_SIDE, top, 28, px(_ROW))
            self._write(painter, line, str(rank), "body", 600, ink=LIGHT.text3 if shown.away else colours.accent)
            line = QRectF(_SIDE + 28, top, room - 28 - bar_room - 12, px(_ROW))
            self._write(painter, line, item.name, "lead", ink=words)
            if item.share:
                width = bar_room * item.share / 100
                left = self.width() - _SIDE - bar_room
                bar = self._mirrored(QRectF(left, top + px(_ROW) / 2 - 4, width, 8))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(LIGHT.line if shown.away else colours.bar))
                painter.drawRoundedRect(bar, min(4, width / 2), 4)
            top += px(_ROW)
        if not shown.items:
            self._write(painter, QRectF(_SIDE, top, room, px(_ROW)), shown.nothing, "lead", ink=words)
            top += px(_ROW)
        top += px(12)
        self._write(painter, QRectF(_SIDE, top, room, px(16)), shown.updated, "tiny", ink=_FAINT)

    def _write(self, painter: QPainter, box: QRectF, text: str, font: str, weight: int = 0, *, ink: str) -> None:
        painter.setFont(self._theme.font(font, weight))
        painter.setPen(QColor(ink))
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(self._mirrored(box), LEADING, fitting)

    def _mirrored(self, box: QRectF) -> QRectF:
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())
        return box

    def _mirror(self, x: float) -> float:
        return self.width() - x if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x
