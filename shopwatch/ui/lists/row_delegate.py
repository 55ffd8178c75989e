"""How the rows of a list are painted: the ground, the bar of the chosen one, and a cell for each column."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from shopwatch.presenting.outside_text import tip
from shopwatch.ui.indexes import AnyIndex
from shopwatch.ui.lists.column import EDGE, GAP, TILE, Column
from shopwatch.ui.lists.rows_model import RowsModel
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.texts.face import Face
from shopwatch.ui.widgets.texts.pill import paint_pill
from shopwatch.ui.widgets.texts.tile import paint_tile

_AIR = 4
_BAR = 3
_FEWEST_LETTERS = 40
"""Pixels; in less a name says nothing that its tile does not say."""
# Made once: joining Qt's flags costs more than drawing a short text.
LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
TRAILING = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class PaintedRow(NamedTuple):
    """The row at `at` in words, looked up once for all of its cells."""

    at: int
    text: Any
    cells: Sequence[str]


class RowDelegate(QStyledItemDelegate):
    """Paints a row's ground and bar, and its cells as their columns are declared. All text is literal and elided."""

    def __init__(self, theme: Theme, model: RowsModel[Any, Any]) -> None:
        super().__init__()
        self.theme = theme
        self.columns = model.columns
        self.hovered = -1
        self._model = model
        self._colours: dict[str, QColor] = {}
        self._plain = Face(theme.font("body"))
        self.faces = [
            Face(
                theme.font("body", column.weight, figures=column.figures),
                Qt.TextElideMode.ElideMiddle if column.middle else Qt.TextElideMode.ElideRight,
            )
            for column in self.columns
        ]
        self._insets = [_inset(column, at, len(self.columns) - 1) for at, column in enumerate(self.columns)]
        theme.changed.connect(self.on_theme_changed)

    @Slot()
    def on_theme_changed(self) -> None:
        self._colours.clear()

    def paint_cell(self, painter: QPainter, box: QRect, line: PaintedRow, column: int, *, selected: bool) -> None:
        """Paint what this column of the row holds into `box`."""
        text, declared = line.text, self.columns[column]
        if declared.pill:
            paint_pill(painter, self.theme, QRectF(box), text.pill, selected=selected)
            return
        if declared.tile:
            square, box = _beside(painter, box, TILE, (box.height() - 1 - TILE) // 2)
            paint_tile(painter, self.theme, square, text.provider, text.letters)
            if box.width() < _FEWEST_LETTERS:
                return
        ink = "text3" if text.faint and declared.fades else declared.ink
        if selected:
            ink = self.ink_of(ink, selected=True)
        self.write(painter, box, line.cells[column], self.faces[column], ink, trailing=declared.trailing)

    def ground_of(self, at: int, *, selected: bool) -> QColor:
        """What a row is painted on."""
        return self.ink("accent_soft" if selected else "hover" if at == self.hovered else "surface")

    def bar_of(self, _at: int, *, selected: bool) -> str:
        """The colour of the bar at its edge, if there is one."""
        return "accent" if selected else ""

    def ink_of(self, ink: str, *, faint: bool = False, selected: bool = False) -> str:
        """The ink that stands for `ink` where a row is selected or faint."""
        if selected and self.theme.tokens.contrast:
            return "on_accent"
        return "text3" if faint else ink

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[int, int, int]], at: int, *, selected: bool
    ) -> None:
        """Paint the row at this place into `rect`; `cells` are its columns with their left edges and widths."""
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(rect, self.ground_of(at, selected=selected))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self.ink("line"))
        if bar := self.bar_of(at, selected=selected):
            left = rect.right() - _BAR + 1 if mirrored else rect.left()
            painter.fillRect(left, rect.top(), _BAR, rect.height() - 1, self.ink(bar))
        text = self._model.text_at(at)
        line = PaintedRow(at, text, text.cells())
        top, height = rect.top(), rect.height() - 1
        for column, left, width in cells:
            first, last = self._insets[column]
            if width > first + last:
                box = QRect(left + (last if mirrored else first), top, width - first - last, height)
                self.paint_cell(painter, box, line, column, selected=selected)

    def inside(self, rect: QRect, column: int, *, mirrored: bool) -> QRect:
        """Where what a cell holds stands."""
        first, last = self._insets[column]
        return rect.adjusted(last, 0, -first, -1) if mirrored else rect.adjusted(first, 0, -last, -1)

    def width_for(self, column: int, text: str) -> int:
        """How wide a column must be to hold `text`, in pixels."""
        before = self.columns[column].before
        return self.faces[column].metrics.horizontalAdvance(text) + before + sum(self._insets[column]) + _AIR

    def write(self, painter: QPainter, box: QRect, text: str, face: Face, ink: str, *, trailing: bool = False) -> None:
        painter.setFont(face.font)
        painter.setPen(self.ink(ink))
        painter.drawText(box, TRAILING if trailing else LEADING, face.fit(text, box.width()))

    def beside(self, painter: QPainter, box: QRect, size: int) -> tuple[QRectF, QRect]:
        """A square at the beginning of a cell, and what it leaves of it."""
        return _beside(painter, box, size, (box.height() - size) // 2)

    def ink(self, name: str) -> QColor:
        if name not in self._colours:
            self._colours[name] = self.theme.colour(name)
        return self._colours[name]

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


def _inset(column: Column, at: int, last: int) -> tuple[int, int]:
    """How far from the beginning and the end of a cell what it holds stands."""
    lead = column.lead if column.lead is not None else EDGE if at == 0 else GAP
    end = column.end if column.end is not None else EDGE if at == last else GAP
    return lead, end


def _beside(painter: QPainter, box: QRect, size: int, below: int) -> tuple[QRectF, QRect]:
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    square = QRectF(box.right() - size + 1 if mirrored else box.left(), box.top() + below, size, size)
    taken = size + GAP
    return square, box.adjusted(0, 0, -taken, 0) if mirrored else box.adjusted(taken, 0, 0, 0)
