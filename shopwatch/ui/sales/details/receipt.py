"""The receipt: quantity left, money right, a tear line between items and sum."""

from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.receipt_text import ReceiptLine
from shopwatch.ui.look.theme import Theme

_LINE = 24
_TEAR = 17
_QTY = 20
"""At least this wide is the column of quantities."""
_GAP = 12


class ReceiptView(QWidget):
    """Paints the lines; they are also its accessible description."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[ReceiptLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say("Receipt"))
        theme.changed.connect(self.update)

    def show_lines(self, lines: tuple[ReceiptLine, ...]) -> None:
        self._lines = lines
        spoken = (" ".join(part for part in (line.qty, line.text, line.amount) if part) for line in lines)
        self.setAccessibleDescription(", ".join(part for part in spoken if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(200, sum(px(_TEAR if line.kind == "tear" else _LINE) for line in self._lines))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = (each for each in self._places() if each[1].contains(event.pos()))
            line, box = next(under, (ReceiptLine("tear"), QRectF()))
            whole = line.text if self._fitting(line, box) != line.text else ""
            QToolTip.showText(event.globalPos(), tip(whole), self, box.toRect())
            return True
        return super().event(event)

    def _places(self) -> Iterator[tuple[ReceiptLine, QRectF]]:
        """Each line, and where it stands."""
        top = 0
        for line in self._lines:
            height = self._theme.px(_TEAR if line.kind == "tear" else _LINE)
            yield line, QRectF(0, top, self.width(), height)
            top += height

    def _faces(self, line: ReceiptLine) -> tuple[QFont, QFont]:
        """For its words, and for its figures."""
        weight = 600 if line.kind == "sum" else 400
        return self._theme.font("body", weight), self._theme.font("body", weight, figures=True)

    def _qty_width(self) -> int:
        longest = max((line.qty for line in self._lines), key=len, default="")
        figures = QFontMetricsF(self._theme.font("body", figures=True))
        return max(self._theme.px(_QTY), ceil(figures.horizontalAdvance(longest)))

    def _fitting(self, line: ReceiptLine, box: QRectF) -> str:
        """As much of its text as has room beside its figures."""
        words, figures = self._faces(line)
        room = box.width() - self._qty_width() - _GAP - QFontMetricsF(figures).horizontalAdvance(line.amount) - _GAP
        return QFontMetricsF(words).elidedText(line.text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        for line, box in self._places():
            if line.kind == "tear":
                write_connection = QPen(self._theme.colour("line2"), 1)
                write_connection.setDashPattern([3, 3])
                painter.setPen(write_connection)
                middle = round(box.top()) + _TEAR // 2
                painter.drawLine(0, middle, self.width(), middle)
            else:
                self._paint_line(painter, line, box)
        painter.end()

    def _paint_line(self, painter: QPainter, line: ReceiptLine, box: QRectF) -> None:
        tokens = self._theme.tokens
        words, figures = self._faces(line)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        qty = self._qty_width()
        left = box.right() - qty if mirrored else box.left()
        trailing = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(figures)
        painter.setPen(tokens.colour("text3"))
        painter.drawText(QRectF(left, box.top(), qty, box.height()), trailing, line.qty)
        inner = box.adjusted(0, 0, -qty - _GAP, 0) if mirrored else box.adjusted(qty + _GAP, 0, 0, 0)
        painter.setPen(tokens.colour("text2" if line.kind == "note" else "text"))
        painter.drawText(inner, trailing, line.amount)
        painter.setFont(words)
        leading = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(inner, leading, self._fitting(line, box))
