"""The receipt: quantity left, money right, a tear line between items and sum."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from shopwatch.domain.legible import legible
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Sale
from shopwatch.domain.words import say, say_n
from shopwatch.presenting.amounts import count_text, money_text
from shopwatch.ui.text import tip
from shopwatch.ui.theme import Theme

_LINE = 24
_TEAR = 17
_QTY = 20
"""At least this wide is the column of quantities."""
_GAP = 12
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """`kind` is "item", "sum" or "note"; a line without text is the tear line."""

    kind: str
    qty: str = ""
    text: str = ""
    amount: str = ""


def receipt_lines(sale: Sale, locale: str) -> tuple[ReceiptLine, ...]:
    lines = [
        ReceiptLine(
            "item",
            count_text(item.qty, locale),
            legible(item.name, 200) or say("Item"),
            money_text(Money(item.unit.minor * item.qty, item.unit.currency), locale) if item.unit else "",
        )
        for item in sale.items[:_MOST_LINES]
    ]
    if len(sale.items) > _MOST_LINES:
        more = len(sale.items) - _MOST_LINES
        lines.append(ReceiptLine("note", "", say_n("and {n} more item", "and {n} more items", more)))
    if lines:
        lines.append(ReceiptLine("tear"))
    if sale.amount is not None:
        paid = say("Would be paid") if sale.practice else say("Paid")
        lines.append(ReceiptLine("sum", "", paid, money_text(sale.amount, locale)))
    elif sale.amount_text:
        lines.append(ReceiptLine("sum", "", say("As sent, not counted"), legible(sale.amount_text, 40)))
    else:
        lines.append(ReceiptLine("note", "", say("The amount is not known yet.")))
    if sale.given_back is not None:
        back = Money(-sale.given_back.minor, sale.given_back.currency)
        lines.append(ReceiptLine("note", "", say("Given back"), money_text(back, locale)))
    return tuple(lines)


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
                pen = QPen(self._theme.colour("line2"), 1)
                pen.setDashPattern([3, 3])
                painter.setPen(pen)
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
