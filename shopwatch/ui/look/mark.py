"""Drawings of ShopWatch's own: the awning mark, the lamps and the shop."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from shopwatch.presenting.level import Level
from shopwatch.ui.look.tokens import LIGHT, Tokens

_ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def paint_lamp(painter: QPainter, box: QRectF, level: Level, tokens: Tokens) -> None:
    """A circle, a triangle, a square with a cross, or a ring, filling a square `box` of any size."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 14, box.height() / 14)
    painter.setPen(Qt.PenStyle.NoPen)
    match level:
        case Level.OK:
            painter.setBrush(tokens.colour("ok_dot"))
            painter.drawEllipse(QRectF(2, 2, 10, 10))
        case Level.WARN:
            colour = tokens.colour("warn_dot")
            painter.setBrush(colour)
            painter.setPen(QPen(colour, 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolygon(QPolygonF([QPointF(7, 2), QPointF(12.3, 11.5), QPointF(1.7, 11.5)]))
        case Level.BAD:
            painter.setBrush(tokens.colour("bad_dot"))
            painter.drawRoundedRect(QRectF(2, 2, 10, 10), 2, 2)
            painter.setPen(QPen(tokens.colour("on_dot"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(5, 5), QPointF(9, 9))
            painter.drawLine(QPointF(9, 5), QPointF(5, 9))
        case Level.OFF:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.colour("control"), 1.6))
            painter.drawEllipse(QRectF(2.8, 2.8, 8.4, 8.4))
    painter.restore()


def paint_mark(painter: QPainter, box: QRectF, ground: QColor, sign: QColor) -> None:
    """The awning over the counter, on its rounded tile."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 32, box.height() / 32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(0, 0, 32, 32), 8, 8)
    painter.fillPath(_scallops(7, 9, 18, 5, 3), sign)
    middle = QColor(ground)
    middle.setAlphaF(0.55)
    painter.fillPath(_scallops(13, 9, 6, 5, 1), middle)
    counter = QPainterPath(QPointF(9, 19.5))
    counter.lineTo(9, 23)
    counter.arcTo(QRectF(9, 21.5, 3, 3), 180, 90)
    counter.lineTo(21.5, 24.5)
    counter.arcTo(QRectF(20, 21.5, 3, 3), 270, 90)
    counter.lineTo(23, 19.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(sign, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(counter)
    painter.restore()


def _scallops(left: float, top: float, width: float, drop: float, count: int) -> QPainterPath:
    """A valance: straight above, `count` half circles below."""
    each = width / count
    path = QPainterPath(QPointF(left, top))
    path.lineTo(left + width, top)
    path.lineTo(left + width, top + drop)
    for index in range(count, 0, -1):
        path.arcTo(QRectF(left + (index - 1) * each, top + drop - each / 2, each, each), 0, -180)
    path.closeSubpath()
    return path


def mark_pixmap(
    size: int, tokens: Tokens = LIGHT, level: Level | None = None, *, plain: bool = False, news: bool = False
) -> QPixmap:
    """The mark, `size` real pixels wide; `level` puts a lamp in its corner, `news` a dot in the one above. `plain`: one
    colour, for macOS masks.
    """
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    box = QRectF(0, 0, size, size)
    if plain:
        paint_mark(painter, box, QColor(0, 0, 0, 0), QColor(0, 0, 0))
    else:
        paint_mark(painter, box, tokens.colour("accent_fill"), tokens.colour("on_accent"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if news:
        _clear(painter, QRectF(size * 0.55, -size * 0.05, size * 0.5, size * 0.5))
        painter.setBrush(QColor(0, 0, 0) if plain else tokens.colour("accent"))
        painter.drawEllipse(QRectF(size * 0.63, size * 0.03, size * 0.34, size * 0.34))
    if level is not None:
        badge = QRectF(size * 0.5, size * 0.5, size * 0.5, size * 0.5)
        _clear(painter, badge)
        paint_lamp(painter, badge, level, tokens)
    painter.end()
    return pixmap


def _clear(painter: QPainter, circle: QRectF) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0))
    painter.drawEllipse(circle)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def mark_icon(tokens: Tokens = LIGHT, level: Level | None = None, *, plain: bool = False, news: bool = False) -> QIcon:
    """The mark as an icon in every usual size; the window's without `level`, the tray's with one. See `mark_pixmap`."""
    icon = QIcon()
    for size in _ICON_SIZES:
        icon.addPixmap(mark_pixmap(size, tokens, level, plain=plain, news=news))
    icon.setIsMask(plain)
    return icon


def paint_shop(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """The shop of the empty screen, 160 by 120, in two line colours."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 160, box.height() / 120)
    line = QPen(
        tokens.colour("control"), 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x1, y1, x2, y2 in ((24, 104, 136, 104), (36, 104, 36, 52), (124, 104, 124, 52)):
        painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))
    painter.drawRoundedRect(QRectF(48, 66, 28, 38), 2, 2)
    painter.drawRoundedRect(QRectF(88, 66, 28, 24), 2, 2)
    painter.drawPoint(QPointF(71, 86))
    painter.setBrush(tokens.colour("surface"))
    painter.drawPolygon(QPolygonF([QPointF(28, 20), QPointF(132, 20), QPointF(140, 44), QPointF(20, 44)]))
    painter.setPen(QPen(line))
    valance = _scallops(20, 44, 120, 0, 6)
    painter.fillPath(valance, tokens.colour("accent_soft"))
    for top, bottom in ((48, 40), (64, 60), (80, 80), (96, 100), (112, 120)):
        painter.drawLine(QPointF(top, 20), QPointF(bottom, 44))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens.colour("accent"), 1.75))
    for index in range(6):
        painter.drawArc(QRectF(20 + index * 20, 34, 20, 20), 180 * 16, 180 * 16)
    painter.restore()
