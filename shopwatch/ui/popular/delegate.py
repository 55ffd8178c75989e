"""How one row of what sold is painted: numbers carry the meaning, bars show it."""

from operator import attrgetter

from PySide6.QtCore import QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPen

from shopwatch.ui.lists.row_delegate import PaintedRow, RowDelegate
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.model import ItemColumn, PopularModel
from shopwatch.ui.widgets.inputs.switch import paint_switch

_BAR = 16
_BEFORE_BAR = 12
_LEAST_NUMBER = 28
_SWITCH = (32, 18)


class PopularDelegate(RowDelegate):
    """Bars grow from one edge, whatever stands before them."""

    def __init__(self, theme: Theme, model: PopularModel) -> None:
        super().__init__(theme, model)
        self._number_width = _LEAST_NUMBER
        model.modelReset.connect(self.on_rows_changed)
        model.dataChanged.connect(self.on_rows_changed)

    @Slot()
    def on_rows_changed(self) -> None:
        """All quantities take the room of the widest."""
        widest = max(map(self._model.row_at, range(self._model.rowCount())), key=attrgetter("qty"), default=None)
        text = self._model.text(widest).qty if widest is not None else ""
        width = self.faces[ItemColumn.QUANTITY].metrics.horizontalAdvance(text)
        self._number_width = max(_LEAST_NUMBER, width + 2)

    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        row = self._model.row_at(line.at)
        match ItemColumn(column):
            case ItemColumn.RANK if selected:
                text, ink = line.text.rank, self.ink_of("text", selected=True)
                self.write(painter, box, text, self.faces[column], ink)
            case ItemColumn.QUANTITY:
                self._paint_quantity(painter, box, line, self.ink_of("text", selected=selected))
            case ItemColumn.BAR:
                self._paint_bar(painter, box, row.money_share, "accent_line", outlined=row.outlined)
            case ItemColumn.PAGE:
                mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
                paint_switch(
                    painter, self.theme, self.switch_box(box, mirrored=mirrored), on=row.on_page, mirrored=mirrored
                )
            case _:
                super().paint_cell(painter, box, line, column, selected=selected)

    def switch_box(self, box: QRect, *, mirrored: bool) -> QRectF:
        """Where the switch stands in its cell."""
        width, height = _SWITCH
        left = box.left() if mirrored else box.right() - width + 1
        return QRectF(left, box.top() + (box.height() - height) // 2, width, height)

    def _paint_quantity(self, painter: QPainter, box: QRect, line: PaintedRow, ink: str) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        width = min(self._number_width, box.width())
        number = QRect(box.right() - width + 1 if mirrored else box.left(), box.top(), width, box.height())
        self.write(painter, number, line.text.qty, self.faces[ItemColumn.QUANTITY], ink, trailing=True)
        taken = width + _BEFORE_BAR
        rest = box.adjusted(0, 0, -taken, 0) if mirrored else box.adjusted(taken, 0, 0, 0)
        self._paint_bar(painter, rest, self._model.row_at(line.at).qty_share, "bar")

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
