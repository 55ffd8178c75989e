"""What style sheets cannot draw: the focus ring, and the signs in check boxes and radio buttons."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

from shopwatch.ui.look.tokens import Tokens

_WIDTH = 2.0
_RADIUS = 8.0
_CHOICE = 16
_CHOICE_METRICS = frozenset(
    (
        QStyle.PixelMetric.PM_IndicatorWidth,
        QStyle.PixelMetric.PM_IndicatorHeight,
        QStyle.PixelMetric.PM_ExclusiveIndicatorWidth,
        QStyle.PixelMetric.PM_ExclusiveIndicatorHeight,
    )
)


def paint_ring(painter: QPainter, box: QRectF, colour: QColor, radius: float = _RADIUS) -> None:
    """A rounded line of 2 px just inside `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, _WIDTH))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


class RingStyle(QProxyStyle):
    """Fusion with ShopWatch's focus ring, drawn only after the keyboard moved the focus, and its check marks."""

    def __init__(self, tokens: Callable[[], Tokens]) -> None:
        super().__init__("Fusion")
        self._tokens = tokens

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        kind = QStyle.PrimitiveElement
        if element == kind.PE_FrameFocusRect:
            if widget is not None and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
                self._paint_focus(painter, widget)
        elif element in (kind.PE_IndicatorCheckBox, kind.PE_IndicatorRadioButton):
            self._paint_choice(painter, option, round_=element == kind.PE_IndicatorRadioButton)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def _paint_focus(self, painter: QPainter, widget: QWidget) -> None:
        """A ring; under a link a line, for its words begin and end where it does and a ring would cross them."""
        box, accent = QRectF(widget.rect()), self._tokens().colour("accent")
        if widget.property("kind") == "link":
            painter.fillRect(QRectF(box.left(), box.bottom() - _WIDTH, box.width(), _WIDTH), accent)
        else:
            paint_ring(painter, box, accent)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        return _CHOICE if metric in _CHOICE_METRICS else super().pixelMetric(metric, option, widget)

    def _paint_choice(self, painter: QPainter, option: QStyleOption, *, round_: bool) -> None:
        tokens = self._tokens()
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        on = bool(option.state & QStyle.StateFlag.State_On)
        box = QRectF(0, 0, _CHOICE, _CHOICE)
        box.moveCenter(QRectF(option.rect).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "line2" if not enabled else "accent_fill" if on else "control"
        painter.setPen(QPen(tokens.colour(edge), 1))
        painter.setBrush(tokens.colour("accent_fill" if on and enabled else "surface"))
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        sign = tokens.colour("on_accent" if enabled else "text3")
        if round_:
            painter.drawEllipse(inner)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(sign)
                painter.drawEllipse(box.center(), 3, 3)
        else:
            painter.drawRoundedRect(inner, 4, 4)
            if on:
                painter.setPen(
                    QPen(sign, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
                )
                corner = box.topLeft()
                tick = (QPointF(4, 8.3), QPointF(6.9, 11.2), QPointF(12, 5.2))
                painter.drawPolyline(QPolygonF([corner + point for point in tick]))
        painter.restore()
