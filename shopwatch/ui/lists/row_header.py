"""The head of a list: names of the columns, and the one that is sorted by."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from shopwatch.ui.lists.row_delegate import LEADING, TRAILING, RowDelegate
from shopwatch.ui.look.theme import Theme

_ARROW = 12


class RowHeader(QHeaderView):
    """Paints like the rows it stands on; a column that can be sorted by is lit under the pointer."""

    def __init__(self, theme: Theme, delegate: RowDelegate, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._delegate = delegate
        self._sorts: frozenset[int] = frozenset()
        self._sorted = -1
        self._descending = False
        self.setFont(theme.font("small", 500))
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(32))
        theme.changed.connect(self.viewport().update)

    def sort_by(self, columns: frozenset[int]) -> None:
        """Let a click on one of these columns be a wish to sort by it."""
        self._sorts = columns
        self.setSectionsClickable(True)

    def show_sorted(self, column: int, *, descending: bool) -> None:
        self._sorted, self._descending = column, descending
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._delegate.columns[section]
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.fillRect(rect, self._theme.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.colour("line"))
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self.font())
        lit = section == self._sorted or (section in self._sorts and self._is_pointed_at(rect))
        painter.setPen(self._theme.colour("text" if lit else "text3"))
        box = self._delegate.inside(rect, section, mirrored=mirrored)
        if section == self._sorted:
            width = self.fontMetrics().horizontalAdvance(column.title)
            left = box.right() - width - _ARROW - 4 if column.trailing is not mirrored else box.left() + width + 4
            sign = "caret-down-bold" if self._descending else "caret-up-bold"
            spot = QRectF(left, rect.center().y() - _ARROW / 2, _ARROW, _ARROW)
            self._theme.icons.paint(painter, sign, spot, self._theme.colour("text3"))
        painter.drawText(box, TRAILING if column.trailing else LEADING, column.title)
        painter.restore()

    def _is_pointed_at(self, rect: QRect) -> bool:
        return self.underMouse() and rect.contains(self.mapFromGlobal(self.cursor().pos()))
