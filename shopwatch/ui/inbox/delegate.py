"""How one row of the Inbox is painted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from shopwatch.ui.inbox.columns import Column
from shopwatch.ui.inbox.model import InboxModel
from shopwatch.ui.inbox.wording import DeliveryText
from shopwatch.ui.text import tip
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.face import Face
from shopwatch.ui.widgets.pill import paint_pill
from shopwatch.ui.widgets.tile import paint_tile

EDGE = 24
GAP = 8
_BAR = 3
_TILE = 20
_LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


def inside(rect: QRect, column: Column, *, mirrored: bool) -> QRect:
    """Where the words of a cell stand."""
    first = EDGE if column is Column.TIME else GAP
    return rect.adjusted(GAP, 0, -first, -1) if mirrored else rect.adjusted(first, 0, -GAP, -1)


class InboxDelegate(QStyledItemDelegate):
    """Paints a row's ground and bar, then what the column holds. All text is literal and elided.

    `hovered` tells the row under the pointer.
    """

    def __init__(
        self, theme: Theme, model: InboxModel, hovered: Callable[[], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._hovered = hovered
        self._plain = Face(theme.font("body"))
        self._time = Face(theme.font("body", figures=True))
        self._colours: dict[str, QColor] = {}
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        names = "surface hover accent_soft line accent text text2 text3 on_accent"
        self._colours = {name: self._theme.colour(name) for name in names.split()}

    def width_for(self, column: Column, text: str) -> int:
        """How wide a column must be to hold `text`, in pixels."""
        face = self._time if column is Column.TIME else self._plain
        return face.metrics.horizontalAdvance(text) + (EDGE if column is Column.TIME else GAP) + GAP + 4

    def paint_row(
        self, painter: QPainter, rect: QRect, cells: Sequence[tuple[Column, int, int]], at: int, *, selected: bool
    ) -> None:
        """Paint the row at this place into `rect`; `cells` are its columns with their left edges and widths."""
        colours = self._colours
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ground = "accent_soft" if selected else "hover" if at == self._hovered() else "surface"
        painter.fillRect(rect, colours[ground])
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours["line"])
        if selected:
            left = rect.right() - _BAR + 1 if mirrored else rect.left()
            painter.fillRect(left, rect.top(), _BAR, rect.height() - 1, colours["accent"])
        text = self._model.text(self._model.row_at(at))
        for column, left, width in cells:
            box = inside(QRect(left, rect.top(), width, rect.height()), column, mirrored=mirrored)
            self._paint_cell(painter, box, column, text, selected=selected)

    def _paint_cell(self, painter: QPainter, box: QRect, column: Column, text: DeliveryText, *, selected: bool) -> None:
        on_highlight = selected and self._theme.tokens.contrast
        match column:
            case Column.TIME:
                self._write(painter, box, text.time, self._time, "on_accent" if on_highlight else "text2")
            case Column.FROM:
                self._paint_sender(painter, box, text, "on_accent" if on_highlight else "text")
            case Column.ABOUT:
                ink = "on_accent" if on_highlight else "text3" if text.faint else "text2"
                self._write(painter, box, text.about, self._plain, ink)
            case Column.RESULT:
                paint_pill(painter, self._theme, QRectF(box), text.pill, selected=selected)

    def _paint_sender(self, painter: QPainter, box: QRect, text: DeliveryText, ink: str) -> None:
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - _TILE + 1 if mirrored else box.left()
        tile = QRectF(left, box.top() + (box.height() - 1 - _TILE) // 2, _TILE, _TILE)
        paint_tile(painter, self._theme, tile, text.provider, text.letters)
        beside = _TILE + GAP
        words = box.adjusted(0, 0, -beside, 0) if mirrored else box.adjusted(beside, 0, 0, 0)
        self._write(painter, words, text.sender, self._plain, ink)

    def _write(self, painter: QPainter, box: QRect, text: str, face: Face, ink: str) -> None:
        painter.setFont(face.font)
        painter.setPen(self._colours[ink])
        painter.drawText(box, _LEADING, face.fit(text, box.width()))

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
        room = inside(box, column, mirrored=False).width() - (_TILE + GAP if column is Column.FROM else 0)
        fits = column is Column.RESULT or self._plain.metrics.horizontalAdvance(text) <= room
        QToolTip.showText(event.globalPos(), "" if fits else tip(text), view, box)
        return True
