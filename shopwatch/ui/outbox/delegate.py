"""How one row of the outbox is painted."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from shopwatch.ui.outbox.model import JobColumn, OutboxModel, columns
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.pill import paint_pill
from shopwatch.ui.widgets.row_delegate import GAP, RowDelegate

_ICON = 16


class OutboxDelegate(RowDelegate):
    """A row is `height` pixels high, also where more room below it holds an explanation. Practice is faint."""

    def __init__(self, theme: Theme, model: OutboxModel) -> None:
        super().__init__(theme, columns())
        self._model = model
        self.height = theme.px(40)
        self._words = Face(theme.font("body"))
        self._whom = Face(theme.font("body"), Qt.TextElideMode.ElideMiddle)
        self._figures = Face(theme.font("body", figures=True))
        self._order = Face(theme.font("body", figures=True), Qt.TextElideMode.ElideMiddle)

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[int, int, int]], at: int, *, selected: bool
    ) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        row = QRect(rect.left(), rect.top(), rect.width(), min(self.height, rect.height()))
        ground = "accent_soft" if selected and self.theme.tokens.contrast else "neutral_soft" if selected else "surface"
        painter.fillRect(row, self.theme.colour("hover" if at == self.hovered and not selected else ground))
        painter.fillRect(row.left(), row.bottom(), row.width(), 1, self.theme.colour("line"))
        for column, left, width in cells:
            box = self.inside(QRect(left, row.top(), width, row.height()), column, mirrored=mirrored)
            if box.width() > 0:
                self.paint_cell(painter, box, at, column, selected=selected)

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        text, faint = self._model.text_at(at), self._model.job(at).practice
        on_highlight = selected and self.theme.tokens.contrast
        strong = "on_accent" if on_highlight else "text3" if faint else "text"
        weak = "on_accent" if on_highlight else "text3" if faint else "text2"
        match JobColumn(column):
            case JobColumn.TIME:
                self.write(painter, box, text.time, self._figures, weak)
            case JobColumn.WHAT:
                self._paint_what(painter, box, text.icon, text.what, (strong, weak))
            case JobColumn.TO:
                self.write(painter, box, text.to, self._whom, weak)
            case JobColumn.ORDER:
                self.write(painter, box, text.order, self._order, strong)
            case JobColumn.STATE:
                paint_pill(painter, self.theme, QRectF(box), text.pill, selected=selected)

    def _paint_what(self, painter: QPainter, box: QRect, icon: str, what: str, inks: tuple[str, str]) -> None:
        strong, weak = inks
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - _ICON + 1 if mirrored else box.left()
        sign = QRectF(left, box.top() + (box.height() - _ICON) // 2, _ICON, _ICON)
        self.theme.icons.paint(painter, icon, sign, self.theme.colour(weak))
        beside = _ICON + GAP
        words = box.adjusted(0, 0, -beside, 0) if mirrored else box.adjusted(beside, 0, 0, 0)
        self.write(painter, words, what, self._words, strong)
