"""How the rows of a list are painted: the ground, the bar of the chosen one, and a cell for each column."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from shopwatch.ui.indexes import AnyIndex
from shopwatch.ui.text import tip
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face

EDGE = 24
GAP = 8
_BAR = 3
LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
TRAILING = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is in pixels at the usual text size, 0 for a share of what is left; `least` is the list's width below
    which the column gives way, and `before` what something painted before the words takes, in pixels."""

    title: str
    width: int = 0
    trailing: bool = False
    least: int = 0
    before: int = 0


class RowDelegate(QStyledItemDelegate):
    """Paints a row's ground and bar; what a column holds is painted by `paint_cell`. All text is literal and elided."""

    def __init__(self, theme: Theme, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.columns = columns
        self.hovered = -1
        self._plain = Face(theme.font("body"))

    def paint_cell(self, painter: QPainter, box: QRect, at: int, column: int, *, selected: bool) -> None:
        """Paint what this column of the row at `at` holds into `box`."""
        raise NotImplementedError

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[int, int, int]], at: int, *, selected: bool
    ) -> None:
        """Paint the row at this place into `rect`; `cells` are its columns with their left edges and widths."""
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ground = "accent_soft" if selected else "hover" if at == self.hovered else "surface"
        painter.fillRect(rect, self.theme.colour(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self.theme.colour("line"))
        if selected:
            left = rect.right() - _BAR + 1 if mirrored else rect.left()
            painter.fillRect(left, rect.top(), _BAR, rect.height() - 1, self.theme.colour("accent"))
        for column, left, width in cells:
            box = self.inside(QRect(left, rect.top(), width, rect.height()), column, mirrored=mirrored)
            if box.width() > 0:
                self.paint_cell(painter, box, at, column, selected=selected)

    def inside(self, rect: QRect, column: int, *, mirrored: bool) -> QRect:
        """Where the words of a cell stand."""
        first = EDGE if column == 0 else GAP
        last = EDGE if column == len(self.columns) - 1 else GAP
        return rect.adjusted(last, 0, -first, -1) if mirrored else rect.adjusted(first, 0, -last, -1)

    def write(self, painter: QPainter, box: QRect, text: str, face: Face, ink: str, *, trailing: bool = False) -> None:
        painter.setFont(face.font)
        painter.setPen(self.ink(ink))
        painter.drawText(box, TRAILING if trailing else LEADING, face.fit(text, box.width()))

    def ink(self, name: str) -> QColor:
        return self.theme.colour(name)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        return QSize(0, 0)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = str(index.data(Qt.ItemDataRole.ToolTipRole) or index.data() or "")
        room = self.inside(view.visualRect(index), index.column(), mirrored=False).width()
        room -= self.columns[index.column()].before
        cut = text != index.data() or self._plain.metrics.horizontalAdvance(text) > room
        QToolTip.showText(event.globalPos(), tip(text) if cut else "", view, view.visualRect(index))
        return True
