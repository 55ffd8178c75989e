"""How one row of the Inbox is painted."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from shopwatch.ui.inbox.columns import TILE, DeliveryColumn, columns
from shopwatch.ui.inbox.model import InboxModel
from shopwatch.ui.inbox.wording import DeliveryText
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.pill import paint_pill
from shopwatch.ui.widgets.row_delegate import EDGE, GAP, RowDelegate
from shopwatch.ui.widgets.tile import paint_tile

_AIR = 4


class InboxDelegate(RowDelegate):
    """The provider's tile stands before its name, and the result is a pill."""

    def __init__(self, theme: Theme, model: InboxModel) -> None:
        super().__init__(theme, columns())
        self._model = model
        self._words = Face(theme.font("body"))
        self._time = Face(theme.font("body", figures=True))

    def width_for_time(self, time: str) -> int:
        """How wide the first column must be to hold `time`, in pixels."""
        return self._time.metrics.horizontalAdvance(time) + EDGE + GAP + _AIR

    def width_for_sender(self, name: str) -> int:
        """How wide the second column must be to hold `name` behind its tile, in pixels."""
        return self._words.metrics.horizontalAdvance(name) + GAP + TILE + GAP + GAP + _AIR

    def inside(self, rect: QRect, column: int, *, mirrored: bool) -> QRect:
        """The list ends where the reader begins, so the last column needs no margin of the page's."""
        first = EDGE if column == DeliveryColumn.TIME else GAP
        return rect.adjusted(GAP, 0, -first, -1) if mirrored else rect.adjusted(first, 0, -GAP, -1)

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        text = self._model.text(self._model.row_at(at))
        on_highlight = selected and self.theme.tokens.contrast
        strong = "on_accent" if on_highlight else "text"
        weak = "on_accent" if on_highlight else "text2"
        match DeliveryColumn(column):
            case DeliveryColumn.TIME:
                self.write(painter, box, text.time, self._time, weak)
            case DeliveryColumn.FROM:
                self._paint_sender(painter, box, text, strong)
            case DeliveryColumn.ABOUT:
                ink = "text3" if text.faint and not on_highlight else weak
                self.write(painter, box, text.about, self._words, ink)
            case DeliveryColumn.RESULT:
                paint_pill(painter, self.theme, QRectF(box), text.pill, selected=selected)

    def _paint_sender(self, painter: QPainter, box: QRect, text: DeliveryText, ink: str) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - TILE + 1 if mirrored else box.left()
        tile = QRectF(left, box.top() + (box.height() - 1 - TILE) // 2, TILE, TILE)
        paint_tile(painter, self.theme, tile, text.provider, text.letters)
        beside = TILE + GAP
        words = box.adjusted(0, 0, -beside, 0) if mirrored else box.adjusted(beside, 0, 0, 0)
        self.write(painter, words, text.sender, self._words, ink)
