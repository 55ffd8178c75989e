"""A message with its line numbers, in three colours."""

import re

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from shopwatch.presenting.inbox.readable import Form
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.overlay_bar import OverlayBar

_COLOURED_LINES = 1_000
"""Colouring more would be felt."""

_WORDS: dict[Form, re.Pattern[str]] = {
    Form.JSON: re.compile(
        r'(?P<text>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<accent>"(?:[^"\\]|\\.)*"?)|(?P<ok>true|false|null|-?\d[\d.eE+-]*)'
    ),
    Form.FIELDS: re.compile(r"(?P<text>^.*?(?= = ))|(?<= = )(?:(?P<ok>-?\d[\d.,]*$)|(?P<accent>.*$))"),
    Form.XML: re.compile(r'(?P<text></?[^\s>/]+|/?>)|(?P<accent>"[^"<>]*")|(?P<ok>(?<=>)[^<]+|^\s*[^<\s][^<]*)'),
}
"""What gets a colour; the groups are named by it."""


class MessageView(QPlainTextEdit):
    """Shows text that is legible already, and never lets it be changed."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFont(theme.font("mono"))
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._gutter = _Gutter(self, theme)
        self._colours = _Colours(theme, self.document())
        OverlayBar(self)
        self.blockCountChanged.connect(self.on_block_count_changed)
        self.updateRequest.connect(self.on_update_request)
        theme.changed.connect(self.on_theme_changed)

    def show_text(self, text: str, form: Form) -> None:
        self._colours.choose(form)
        self.setPlainText(text)

    def gutter_width(self) -> int:
        digits = len(str(max(99, self.blockCount())))
        return self.fontMetrics().horizontalAdvance("0") * digits + self._theme.px(16)

    def paint_gutter(self, event: QPaintEvent) -> None:
        painter = QPainter(self._gutter)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("text3"))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        width = self._gutter.width() - self._theme.px(8)
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            box = QRect(0, round(top), width, round(height))
            painter.drawText(box, flags, str(block.blockNumber() + 1))
            block = block.next()
            top += height
        painter.end()

    @Slot(int)
    def on_block_count_changed(self, _count: int) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)

    @Slot(QRect, int)
    def on_update_request(self, _rect: QRect, _dy: int) -> None:
        self._gutter.update()

    @Slot()
    def on_theme_changed(self) -> None:
        self._gutter.update()
        self._colours.rehighlight()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box = self.contentsRect()
        self._gutter.setGeometry(box.left(), box.top(), self.gutter_width(), box.height())
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)


class _Gutter(QWidget):
    def __init__(self, view: MessageView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._view.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_gutter(event)


class _Colours(QSyntaxHighlighter):
    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._form = Form.TEXT

    def choose(self, form: Form) -> None:
        self._form = form

    def highlightBlock(self, text: str) -> None:
        if self.currentBlock().blockNumber() >= _COLOURED_LINES:
            return
        words = _WORDS.get(self._form)
        if words is None:
            return
        looks = {ink: QTextCharFormat() for ink in words.groupindex}
        for ink, look in looks.items():
            look.setForeground(self._theme.colour(ink))
        for found in words.finditer(text):
            if found.lastgroup is not None:
                self.setFormat(found.start(), found.end() - found.start(), looks[found.lastgroup])
