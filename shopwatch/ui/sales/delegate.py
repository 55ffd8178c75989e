"""How one row of the sales table is painted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from shopwatch.domain.facts import SaleRow
from shopwatch.presenting.outside_text import tip
from shopwatch.presenting.sales.columns import Column
from shopwatch.presenting.sales.sale_text import RowText
from shopwatch.ui.sales.model import SalesModel
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.pill import paint_pill
from shopwatch.ui.widgets.tile import paint_tile

EDGE = 24
GAP = 8
TRAILING = 16
_AIR = 4
_BAR = 3
_TILE = 20
_FEWEST_LETTERS = 40
"""Pixels; in less a name says nothing that its tile does not say."""


# Made once: joining Qt's flags costs more than drawing a short text.
_LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_TRAILING = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class SalesDelegate(QStyledItemDelegate):
    """Paints a row's ground and bar, then what the column holds. All text is literal and elided.

    `hovered` tells the row under the pointer, `freshness` how new a row still looks, 0 to 1.
    """

    def __init__(
        self,
        theme: Theme,
        model: SalesModel,
        hovered: Callable[[], int],
        freshness: Callable[[SaleRow], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._hovered = hovered
        self._freshness = freshness
        self._plain = Face(theme.font("body"))
        self._number = Face(theme.font("body"), Qt.TextElideMode.ElideMiddle)
        self._time = Face(theme.font("body", figures=True))
        self._name = Face(theme.font("body", 500))
        self._money = Face(theme.font("body", 600, figures=True))
        self._faint = Face(theme.font("body", 500, figures=True))
        self._struck = Face(theme.font("body", 500, figures=True, struck=True))
        self._colours: dict[str, QColor] = {}
        self._chosen_colours: dict[str, QColor] = {}
        self._inks = self._colours
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        names = "surface hover accent_soft new line accent accent_line text text2 text3"
        self._colours = {name: self._theme.colour(name) for name in names.split()}
        chosen = {}
        if self._theme.tokens.contrast:
            chosen = dict.fromkeys(("text", "text2", "text3", "accent"), self._theme.colour("on_accent"))
        self._chosen_colours = self._colours | chosen

    def width_for(self, column: Column, text: str) -> int:
        """How wide a column must be to hold `text`, in pixels."""
        face = {Column.TIME: self._time, Column.AMOUNT: self._money}.get(column, self._plain)
        beside = _TILE + GAP if column is Column.FROM else 0
        return face.metrics.horizontalAdvance(text) + beside + _lead(column) + GAP + _AIR

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[Column, int, int]], at: int, *, selected: bool
    ) -> None:
        """Paint the row at this place into `rect`; `cells` are its columns with their left edges and widths."""
        row = self._model.row(self._model.index(at, 0))
        if row is None:
            return
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._inks = self._chosen_colours if selected else self._colours
        self._paint_ground(painter, rect, row, at, selected=selected)
        self._paint_bar(painter, rect, row, selected=selected, mirrored=mirrored)
        text = self._model.text(row)
        for column, left, width in cells:
            if not width:
                continue
            box = _inside(QRect(left, rect.top(), width, rect.height()), column, mirrored=mirrored)
            self._paint_cell(painter, box, column, text, selected=selected)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, 0)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        row = self._model.row(index)
        if event.type() != QEvent.Type.ToolTip or row is None:
            return super().helpEvent(event, view, option, index)
        column = Column(index.column())
        text = self._model.text(row).cells()[column]
        box = view.visualRect(index)
        room = box.width() - _lead(column) - GAP - (_TILE + GAP if column is Column.FROM else 0)
        fits = column is Column.STATE or self._plain.metrics.horizontalAdvance(text) <= room
        QToolTip.showText(event.globalPos(), "" if fits else tip(text), view, box)
        return True

    def _paint_ground(self, painter: QPainter, rect: QRect, row: SaleRow, at: int, *, selected: bool) -> None:
        colours = self._colours
        if selected:
            ground = colours["accent_soft"]
        elif at == self._hovered():
            ground = colours["hover"]
        elif fresh := self._freshness(row):
            ground = _between(colours["surface"], colours["new"], fresh)
        else:
            ground = colours["surface"]
        painter.fillRect(rect, ground)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours["line"])

    def _paint_bar(self, painter: QPainter, rect: QRect, row: SaleRow, *, selected: bool, mirrored: bool) -> None:
        colour = "accent" if selected else "accent_line" if self._model.is_unseen(row) else ""
        if colour:
            left = rect.right() - _BAR + 1 if mirrored else rect.left()
            painter.fillRect(left, rect.top(), _BAR, rect.height() - 1, self._colours[colour])

    def _paint_cell(self, painter: QPainter, box: QRect, column: Column, text: RowText, *, selected: bool) -> None:
        match column:
            case Column.TIME:
                self._write(painter, box, text.time, self._time, "text2")
            case Column.ORDER:
                self._write(painter, box, text.order, self._number, "text")
            case Column.CUSTOMER:
                self._write(painter, box, text.customer, self._name, "text")
            case Column.ITEMS:
                self._write(painter, box, text.items, self._plain, "text2")
            case Column.AMOUNT:
                self._paint_amount(painter, box, text)
            case Column.FROM:
                self._paint_sender(painter, box, text)
            case Column.STATE:
                paint_pill(painter, self._theme, QRectF(box), text.pill, selected=selected)

    def _paint_amount(self, painter: QPainter, box: QRect, text: RowText) -> None:
        faint = text.faint or text.struck
        face = self._struck if text.struck else self._faint if faint else self._money
        painter.setFont(face.font)
        painter.setPen(self._inks["text3" if faint else "text"])
        painter.drawText(box, _TRAILING, face.fit(text.amount, box.width()))

    def _paint_sender(self, painter: QPainter, box: QRect, text: RowText) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - _TILE + 1 if mirrored else box.left()
        tile = QRectF(left, box.top() + (box.height() - 1 - _TILE) // 2, _TILE, _TILE)
        paint_tile(painter, self._theme, tile, text.provider, text.letters)
        beside = _TILE + GAP
        words = box.adjusted(0, 0, -beside, 0) if mirrored else box.adjusted(beside, 0, 0, 0)
        if words.width() >= _FEWEST_LETTERS:
            self._write(painter, words, text.sender, self._plain, "text")

    def _write(self, painter: QPainter, box: QRect, text: str, face: Face, ink: str) -> None:
        painter.setFont(face.font)
        painter.setPen(self._inks[ink])
        painter.drawText(box, _LEADING, face.fit(text, box.width()))


def _lead(column: Column) -> int:
    return EDGE if column in (Column.TIME, Column.FROM) else GAP


def _inside(rect: QRect, column: Column, *, mirrored: bool) -> QRect:
    first = _lead(column)
    last = TRAILING if column is Column.STATE else GAP
    return rect.adjusted(last, 0, -first, -1) if mirrored else rect.adjusted(first, 0, -last, -1)


def _between(low: QColor, high: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
    )
