"""The head of the sales table: names of the columns, and the one that is sorted by."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from shopwatch.presenting.sales.columns import SORTS, Column, title
from shopwatch.ui.sales.delegate import EDGE, GAP, TRAILING
from shopwatch.ui.theme import Theme

_ARROW = 12


class TableHeader(QHeaderView):
    """Paints like the rows it stands on; a click on a column that has an order sorts by it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._sorted: tuple[Column, bool] | None = None
        self.setFont(theme.font("small", 500))
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.px(32))
        theme.changed.connect(self.viewport().update)

    def show_sorted(self, column: Column, *, descending: bool) -> None:
        self._sorted = (column, descending)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = Column(section)
        tokens = self._theme.tokens
        painter.save()
        painter.fillRect(rect, tokens.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, tokens.colour("line"))
        first = EDGE if column in (Column.TIME, Column.FROM) else GAP
        last = TRAILING if column is Column.STATE else GAP
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.setLayoutDirection(self.layoutDirection())
        box = rect.adjusted(last, 0, -first, 0) if mirrored else rect.adjusted(first, 0, -last, 0)
        arrow = self._sorted[0] == column if self._sorted else False
        lit = column in SORTS and rect.contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
        painter.setFont(self.font())
        painter.setPen(tokens.colour("text" if arrow or lit else "text3"))
        words = title(column)
        width = self.fontMetrics().horizontalAdvance(words)
        trailing = column is Column.AMOUNT
        side = Qt.AlignmentFlag.AlignTrailing if trailing else Qt.AlignmentFlag.AlignLeading
        if arrow:
            at_right = trailing != mirrored
            left = box.right() - width - _ARROW - 4 if at_right else box.left() + width + 4
            sign = "caret-down-bold" if self._sorted and self._sorted[1] else "caret-up-bold"
            spot = QRectF(left, box.center().y() - _ARROW / 2, _ARROW, _ARROW)
            self._theme.icons.paint(painter, sign, spot, tokens.colour("text3"))
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)
        painter.restore()
