"""How one row of the people is painted."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from shopwatch.ui.people.model import AVATAR, PeopleModel, PersonColumn, columns
from shopwatch.ui.people.wording import PersonText
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.avatar import paint_avatar
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.row_delegate import GAP, RowDelegate


class PeopleDelegate(RowDelegate):
    """The initials stand before the name; what is practice is faint, and its initials are dashed."""

    def __init__(self, theme: Theme, model: PeopleModel) -> None:
        super().__init__(theme, columns())
        self._model = model
        self._words = Face(theme.font("body"))
        self._name = Face(theme.font("body", 500))
        self._count = Face(theme.font("body", figures=True))
        self._money = Face(theme.font("body", 600, figures=True))

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        text = self._model.text_at(at)
        on_highlight = selected and self.theme.tokens.contrast
        strong = "on_accent" if on_highlight else "text3" if text.faint else "text"
        weak = "on_accent" if on_highlight else "text3" if text.faint else "text2"
        match PersonColumn(column):
            case PersonColumn.NAME:
                self._paint_name(painter, box, text, strong, selected=selected)
            case PersonColumn.REACH:
                self.write(painter, box, text.reach, self._words, weak)
            case PersonColumn.ORDERS:
                self.write(painter, box, text.orders, self._count, weak, trailing=True)
            case PersonColumn.TOTAL:
                self.write(painter, box, text.total, self._money, strong, trailing=True)
            case PersonColumn.LATEST:
                self.write(painter, box, text.latest, self._words, weak)
            case PersonColumn.TIME:
                self.write(painter, box, text.time, self._count, weak)

    def _paint_name(self, painter: QPainter, box: QRect, text: PersonText, ink: str, *, selected: bool) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - AVATAR + 1 if mirrored else box.left()
        round_box = QRectF(left, box.top() + (box.height() - AVATAR) // 2, AVATAR, AVATAR)
        ground = self.theme.colour("surface" if selected else "neutral_soft")
        paint_avatar(painter, self.theme, round_box, text.initials, ground, dashed=text.faint)
        beside = AVATAR + GAP
        words = box.adjusted(0, 0, -beside, 0) if mirrored else box.adjusted(beside, 0, 0, 0)
        self.write(painter, words, text.name, self._name, ink)
