"""How one row of the people is painted."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from shopwatch.ui.lists.row_delegate import PaintedRow, RowDelegate
from shopwatch.ui.people.model import AVATAR, PersonColumn
from shopwatch.ui.widgets.texts.avatar import paint_avatar


class PeopleDelegate(RowDelegate):
    """The initials stand before the name; what is practice is faint, and its initials are dashed."""

    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        if column == PersonColumn.NAME:
            round_box, box = self.beside(painter, box, AVATAR)
            ground = self.theme.colour("surface" if selected else "neutral_soft")
            paint_avatar(painter, self.theme, round_box, line.text.initials, ground, dashed=line.text.faint)
        super().paint_cell(painter, box, line, column, selected=selected)
