"""How one row of the sales table is painted."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from shopwatch.presenting.sales.columns import Column
from shopwatch.ui.lists.row_delegate import PaintedRow, RowDelegate
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.table.model import SalesModel
from shopwatch.ui.widgets.texts.face import Face


class SalesDelegate(RowDelegate):
    """What has just come has a tint, and what is unseen a bar; `freshness` tells how new a sale still looks, 0 to 1."""

    def __init__(self, theme: Theme, model: SalesModel, freshness: Callable[[int], float]) -> None:
        super().__init__(theme, model)
        self._sales = model
        self._freshness = freshness
        self._faint = Face(theme.font("body", 500, figures=True))
        self._struck = Face(theme.font("body", 500, figures=True, struck=True))

    def ground_of(self, at: int, *, selected: bool) -> QColor:
        fresh = 0.0 if selected or at == self.hovered else self._freshness(self._sales.row_at(at).id)
        if fresh:
            return _between(self.ink("surface"), self.ink("new"), fresh)
        return super().ground_of(at, selected=selected)

    def bar_of(self, at: int, *, selected: bool) -> str:
        return "accent" if selected else "accent_line" if self._sales.is_unseen(self._sales.row_at(at)) else ""

    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        text = line.text
        if column == Column.AMOUNT and (text.faint or text.struck):
            ink = self.ink_of("text3", selected=selected)
            self.write(painter, box, text.amount, self._struck if text.struck else self._faint, ink, trailing=True)
        else:
            super().paint_cell(painter, box, line, column, selected=selected)


def _between(low: QColor, high: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
    )
