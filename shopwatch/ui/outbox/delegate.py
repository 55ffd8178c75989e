"""How one row of the outbox is painted."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from shopwatch.ui.lists.row_delegate import PaintedRow, RowDelegate
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.outbox.model import JobColumn, OutboxModel

_ICON = 16


class OutboxDelegate(RowDelegate):
    """A row is `height` pixels high, also where more room below it holds an explanation. Practice is faint."""

    def __init__(self, theme: Theme, model: OutboxModel) -> None:
        super().__init__(theme, model)
        self.height = theme.px(40)

    def ground_of(self, at: int, *, selected: bool) -> QColor:
        return (
            self.ink("neutral_soft")
            if selected and not self.theme.tokens.contrast
            else super().ground_of(at, selected=selected)
        )

    def bar_of(self, _at: int, *, selected: bool) -> str:  # noqa: ARG002 - the explanation tells which one is chosen
        return ""

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[int, int, int]], at: int, *, selected: bool
    ) -> None:
        row = QRect(rect.left(), rect.top(), rect.width(), min(self.height, rect.height()))
        super().paint_row(painter, row, cells, at, selected=selected)

    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        if column == JobColumn.WHAT:
            sign, box = self.beside(painter, box, _ICON)
            ink = self.ink_of("text2", faint=line.text.faint, selected=selected)
            self.theme.icons.paint(painter, line.text.icon, sign, self.ink(ink))
        super().paint_cell(painter, box, line, column, selected=selected)
