"""How one row of what sold is painted: numbers carry the meaning, bars show it."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from shopwatch.ui.amounts import count_text
from shopwatch.ui.popular.model import ItemColumn, PopularModel, columns
from shopwatch.ui.popular.wording import ItemRow, amount_text, name_text
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.row_delegate import RowDelegate
from shopwatch.ui.widgets.switch import paint_switch

_BAR = 16
_BEFORE_BAR = 12
_LEAST_NUMBER = 28
_SWITCH = (32, 18)


class PopularDelegate(RowDelegate):
    """Bars grow from one edge, whatever stands before them."""

    def __init__(self, theme: Theme, model: PopularModel, locale: str) -> None:
        super().__init__(theme, columns())
        self._model = model
        self._locale = locale
        self._name = Face(theme.font("body", 500))
        self._rank = Face(theme.font("body", figures=True))
        self._count = Face(theme.font("body", 600, figures=True))
        self._money = Face(theme.font("body", figures=True))
        self._number_width = _LEAST_NUMBER
        model.modelReset.connect(self.on_rows_changed)
        model.dataChanged.connect(self.on_rows_changed)

    def on_rows_changed(self) -> None:
        """All quantities take the room of the widest."""
        most = max((row.qty for row in self._model.rows), default=0)
        width = self._count.metrics.horizontalAdvance(count_text(most, self._locale))
        self._number_width = max(_LEAST_NUMBER, width + 2)

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        row = self._model.rows[at]
        on_highlight = selected and self.theme.tokens.contrast
        strong = "on_accent" if on_highlight else "text"
        match ItemColumn(column):
            case ItemColumn.RANK:
                self.write(
                    painter, box, count_text(row.rank, self._locale), self._rank, strong if selected else "text3"
                )
            case ItemColumn.NAME:
                self.write(painter, box, name_text(row), self._name, strong)
            case ItemColumn.QUANTITY:
                self._paint_quantity(painter, box, row, strong)
            case ItemColumn.MONEY:
                text = amount_text(row, self._locale)
                self.write(painter, box, text, self._money, strong if row.amount else "text3", trailing=True)
            case ItemColumn.BAR:
                self._paint_bar(painter, box, row.money_share, "accent_line", outlined=row.outlined)
            case ItemColumn.PAGE:
                mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
                paint_switch(
                    painter, self.theme, self.switch_box(box, mirrored=mirrored), on=row.on_page, mirrored=mirrored
                )

    def switch_box(self, box: QRect, *, mirrored: bool) -> QRectF:
        """Where the switch stands in its cell."""
        width, height = _SWITCH
        left = box.left() if mirrored else box.right() - width + 1
        return QRectF(left, box.top() + (box.height() - height) // 2, width, height)

    def _paint_quantity(self, painter: QPainter, box: QRect, row: ItemRow, ink: str) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        width = min(self._number_width, box.width())
        number = QRect(box.right() - width + 1 if mirrored else box.left(), box.top(), width, box.height())
        self.write(painter, number, count_text(row.qty, self._locale), self._count, ink, trailing=True)
        taken = width + _BEFORE_BAR
        rest = box.adjusted(0, 0, -taken, 0) if mirrored else box.adjusted(taken, 0, 0, 0)
        self._paint_bar(painter, rest, row.qty_share, "bar")

    def _paint_bar(self, painter: QPainter, box: QRect, share: float, ink: str, *, outlined: bool = False) -> None:
        if share <= 0 or box.width() < 4:
            return
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        width = max(3.0, box.width() * min(1.0, share))
        left = box.right() + 1 - width if mirrored else float(box.left())
        bar = QRectF(left, box.top() + (box.height() - _BAR) // 2, width, _BAR)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if outlined:
            painter.setPen(QPen(self.ink(ink), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ink(ink))
            painter.drawRoundedRect(bar, 3, 3)
        painter.restore()
