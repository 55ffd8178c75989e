"""How a rule is painted in the list."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.rule_text import Span
from shopwatch.ui.indexes import AnyIndex
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.rules.model import RuleLine, RulesModel
from shopwatch.ui.widgets.inputs.switch import paint_switch

_EDGE = 24
_TOP = 16
_BAR = 3
_SWITCH = QSize(32, 18)
_BESIDE = 16
_CARET = 56
_GAP = 4
_LINK_GAP = 8
_MOST_LAYOUTS = 400


class RuleDelegate(QStyledItemDelegate):
    """Paints a rule's switch, its sentence with what was chosen in bold, and how it went below it."""

    def __init__(self, theme: Theme, model: RulesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._layouts: dict[tuple[tuple[Span, ...], int, bool], QTextLayout] = {}
        self._small = QFontMetrics(theme.font("small"))
        self._link = QFontMetrics(theme.font("small", 500))

    def switch_box(self, row: QRect, *, mirrored: bool) -> QRect:
        left = row.right() - _EDGE - _SWITCH.width() + 1 if mirrored else row.left() + _EDGE
        return QRect(left, row.top() + _TOP + 1, _SWITCH.width(), _SWITCH.height())

    def link_box(self, row: QRect, line: RuleLine, *, mirrored: bool) -> QRect:
        """Where the link that mends what a rule lacks stands; empty without one."""
        if line.lack is None:
            return QRect()
        words = self._words_box(row, mirrored=mirrored)
        before = 20 + self._small.horizontalAdvance(line.lack.sentence) + _LINK_GAP
        wide = self._link.horizontalAdvance(_mend_text())
        top = row.bottom() - _TOP - self._small_height()
        left = words.right() - before - wide + 1 if mirrored else words.left() + before
        return QRect(left, top, wide, self._small_height())

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        line = self._model.line(index.row())
        lines = 2 if line.lack is not None else 1
        tall = self._layout(line.spans, self._room(width), mirrored=False).boundingRect().height()
        return QSize(width, round(tall) + 2 * _TOP + 1 + lines * (_GAP + self._small_height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, line, row = self._theme, self._model.line(index.row()), option.rect
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setLayoutDirection(option.direction)
        ground = "accent_soft" if selected else "hover" if hovered else "surface"
        painter.fillRect(row, theme.colour(ground))
        painter.fillRect(row.left(), row.bottom(), row.width(), 1, theme.colour("line"))
        if selected:
            left = row.right() - _BAR + 1 if mirrored else row.left()
            painter.fillRect(left, row.top(), _BAR, row.height() - 1, theme.colour("accent"))
        paint_switch(
            painter, theme, QRectF(self.switch_box(row, mirrored=mirrored)), on=line.rule.on, mirrored=mirrored
        )
        on_highlight = selected and theme.tokens.contrast
        strong = "on_accent" if on_highlight else "text" if line.rule.on else "text3"
        weak = "on_accent" if on_highlight else "text3"
        self._paint_words(painter, row, line, (strong, weak), mirrored=mirrored)
        caret = QRectF(0, 0, 16, 16)
        caret.moveCenter(QPointF(row.left() + 32 if mirrored else row.right() - 32, row.top() + _TOP + 9))
        theme.icons.paint(painter, "caret-left" if mirrored else "caret-right", caret, theme.colour(weak))
        painter.restore()

    def _paint_words(
        self, painter: QPainter, row: QRect, line: RuleLine, inks: tuple[str, str], *, mirrored: bool
    ) -> None:
        strong, weak = inks
        theme, words = self._theme, self._words_box(row, mirrored=mirrored)
        layout = self._layout(line.spans, words.width(), mirrored=mirrored)
        painter.setPen(theme.colour(strong))
        layout.draw(painter, QPointF(words.topLeft()))
        small = QRect(words.left(), 0, words.width(), self._small_height())
        small.moveTop(words.top() + round(layout.boundingRect().height()) + _GAP)
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour(weak))
        painter.drawText(small, flags, self._small.elidedText(line.about, Qt.TextElideMode.ElideRight, small.width()))
        if line.lack is None:
            return
        link = self.link_box(row, line, mirrored=mirrored)
        small.moveTop(link.top())
        icon = QRectF(small.right() - 15 if mirrored else small.left(), small.center().y() - 6, 14, 14)
        theme.icons.paint(painter, "warning", icon, theme.colour("warn"))
        painter.setPen(theme.colour("warn"))
        painter.drawText(small.adjusted(0 if mirrored else 20, 0, -20 if mirrored else 0, 0), flags, line.lack.sentence)
        painter.setFont(theme.font("small", 500))
        painter.setPen(theme.colour("accent"))
        painter.drawText(link, flags, _mend_text())

    def _small_height(self) -> int:
        return self._theme.px(16)

    def _words_box(self, row: QRect, *, mirrored: bool) -> QRect:
        before = _EDGE + _SWITCH.width() + _BESIDE
        return row.adjusted(_CARET if mirrored else before, _TOP, -before if mirrored else -_CARET, -_TOP)

    def _room(self, width: int) -> int:
        return max(40, width - _EDGE - _SWITCH.width() - _BESIDE - _CARET)

    def _layout(self, spans: tuple[Span, ...], width: int, *, mirrored: bool) -> QTextLayout:
        key = (spans, width, mirrored)
        if key not in self._layouts:
            if len(self._layouts) >= _MOST_LAYOUTS:
                self._layouts.clear()
            self._layouts[key] = self._laid_out(spans, width, mirrored=mirrored)
        return self._layouts[key]

    def _laid_out(self, spans: tuple[Span, ...], width: int, *, mirrored: bool) -> QTextLayout:
        layout = QTextLayout("".join(span.text for span in spans), self._theme.font("lead"))
        bold = QTextCharFormat()
        bold.setFont(self._theme.font("lead", 600))
        formats = []
        start = 0
        for span in spans:
            length = len(span.text.encode("utf-16-le")) // 2
            if span.strong:
                piece = QTextLayout.FormatRange()
                piece.start, piece.length, piece.format = start, length, bold
                formats.append(piece)
            start += length
        layout.setFormats(formats)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.beginLayout()
        top, high = 0.0, self._theme.px(20)
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + (high - line.height()) / 2))
            top += high
        layout.endLayout()
        return layout


def _mend_text() -> str:
    return say("Connect it…")
