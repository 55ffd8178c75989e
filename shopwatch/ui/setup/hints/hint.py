"""The drawn hint: the words of a provider's settings page, in the order in which they are needed."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.presenting.setup.hints import HintSpec
from shopwatch.ui.look.theme import Theme

_WIDTH = 400.0
_TOP = 32.0
_MENU = 112.0
_LEFT = 136.0
_FIELD_RIGHT = 376.0
_BOX = 14.0
_SMALLEST = 10
_BADGE = 10.0


class HintView(QWidget):
    """Shows the words, not the looks, of a settings page; numbered. Never takes the focus."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec: HintSpec | None = None
        self._height = 208.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_spec(self, spec: HintSpec) -> None:
        self._spec = spec
        self._height = _Drawing(self._theme, None, spec).draw()
        self.setAccessibleDescription(spec.sentences())
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        scale = self._theme.fonts.scale
        return QSize(round(_WIDTH * scale), round(self._height * scale))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._spec is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._theme.fonts.scale, self._theme.fonts.scale)
        _Drawing(self._theme, painter, self._spec).draw(self._height)
        painter.end()


class _Drawing:
    """One walk down the page; without a painter it only measures."""

    def __init__(self, theme: Theme, painter: QPainter | None, spec: HintSpec) -> None:
        self._theme = theme
        self._tokens = theme.tokens
        self._painter = painter
        self._spec = spec
        self._number = 0
        self._badges: list[tuple[QPointF, str]] = []

    def draw(self, height: float = 0.0) -> float:
        """Draws, and returns the height that is needed."""
        if height:
            self._frame(height)
        bottom = self._menu(height)
        y = self._field()
        if self._spec.events:
            y = self._events(y + 16)
        y = self._buttons(y + 16)
        for at, number in self._badges:
            self._badge(at, number)
        return max(bottom, y + 24, 208.0)

    def _frame(self, height: float) -> None:
        painter, tokens = self._painter, self._tokens
        if painter is None:
            return
        painter.setPen(QPen(tokens.colour("line2"), 1))
        painter.setBrush(tokens.colour("sunken"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, _WIDTH - 1, height - 1), 8, 8)
        painter.drawLine(QPointF(0.5, _TOP + 0.5), QPointF(_WIDTH - 0.5, _TOP + 0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour("scroll"))
        for x in (16, 30, 44):
            painter.drawEllipse(QPointF(x, 16), 4, 4)
        painter.setPen(QPen(tokens.colour("line"), 1))
        painter.setBrush(tokens.colour("surface"))
        painter.drawRoundedRect(QRectF(64.5, 8.5, 223, 15), 7.5, 7.5)
        self._text(QRectF(76, 8, 204, 16), self._spec.page, self._font(11), "text3")
        painter.setPen(QPen(tokens.colour("line"), 1))
        painter.drawLine(QPointF(_MENU + 0.5, _TOP + 1), QPointF(_MENU + 0.5, height - 1))

    def _menu(self, height: float) -> float:
        words = QRectF(14, 96, 86, 400)
        # Each step of the way on a line of its own, as such menus unfold.
        steps = self._spec.menu.replace(" › ", "\n›\N{NO-BREAK SPACE}")
        font = next((font for font in self._menu_fonts() if self._words_fit(font, steps, words.width())), None)
        wrap = Qt.TextFlag.TextWordWrap if font else Qt.TextFlag.TextWrapAnywhere
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | wrap)
        font = font or self._font(_SMALLEST, 600)
        needed = QFontMetricsF(font).boundingRect(words, flags, steps)
        entry = QRectF(8, 92, 96, max(24.0, needed.height() + 9))
        self._step(entry.topRight())
        if self._painter is not None:
            self._greys(entry, height)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(self._tokens.colour("accent_soft"))
            self._painter.drawRoundedRect(entry, 6, 6)
            self._painter.setFont(font)
            self._painter.setPen(self._tokens.colour("accent"))
            self._painter.drawText(words.translated(0, 1), flags, steps)
        return entry.bottom() + 32

    def _menu_fonts(self) -> Iterator[QFont]:
        """The largest first: a smaller word is read more easily than one that is broken."""
        return (self._font(size, 600) for size in range(12, _SMALLEST - 1, -1))

    def _words_fit(self, font: QFont, steps: str, width: float) -> bool:
        return all(QFontMetricsF(font).horizontalAdvance(word) <= width for word in re.split("[ \n]", steps))

    def _greys(self, entry: QRectF, height: float) -> None:
        if self._painter is None:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._tokens.colour("line"))
        for y, width in ((52.0, 64), (76.0, 72), (entry.bottom() + 12, 56), (entry.bottom() + 36, 68)):
            if y < height - 16:
                self._painter.drawRoundedRect(QRectF(16, y, width, 8), 4, 4)

    def _field(self) -> float:
        self._text(QRectF(_LEFT, 46, _FIELD_RIGHT - _LEFT, 22), self._spec.label, self._font(13, 600), "text")
        field = QRectF(_LEFT + 0.5, 76.5, _FIELD_RIGHT - _LEFT - 1, 32)
        if self._painter is not None:
            edge = (
                QPen(self._tokens.colour("accent"), 2) if self._spec.active else QPen(self._tokens.colour("line2"), 1)
            )
            self._painter.setPen(edge)
            self._painter.setBrush(self._tokens.colour("surface"))
            self._painter.drawRoundedRect(field, 6, 6)
        self._text(field.adjusted(11, 0, -12, 0), self._spec.value, self._font(12), "text2")
        if self._spec.active:
            self._step(QPointF(_FIELD_RIGHT, 76))
        return field.bottom()

    def _events(self, y: float) -> float:
        font = self._font(12)
        x = _LEFT
        for place, event in enumerate(self._spec.events):
            last = place == len(self._spec.events) - 1
            most = _FIELD_RIGHT - _LEFT - (_BADGE if last else 0.0)
            width = min(QFontMetricsF(font).horizontalAdvance(event) + 24, most)
            if x > _LEFT and x + width > _FIELD_RIGHT:
                x, y = _LEFT, y + 22
            self._tick(QRectF(x, y + 3, _BOX, _BOX))
            # Events of one sender begin alike, and what tells them apart stands last.
            whole = QFontMetricsF(font).elidedText(event, Qt.TextElideMode.ElideMiddle, width - 22 + 0.5)
            self._text(QRectF(x + 22, y, width - 22, 20), whole, font, "text")
            if last:
                self._step(QPointF(min(x + width + 16, _WIDTH - 14), y + 10))
            x += width + 16
        return y + 20

    def _tick(self, box: QRectF) -> None:
        if self._painter is None:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._tokens.colour("accent_fill"))
        self._painter.drawRoundedRect(box, 3, 3)
        self._painter.setPen(QPen(self._tokens.colour("on_accent"), 1.75))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        at = box.topLeft()
        self._painter.drawPolyline([at + QPointF(3.5, 7), at + QPointF(6, 9.5), at + QPointF(10.5, 4.5)])

    def _buttons(self, y: float) -> float:
        x = _LEFT
        for place, word in enumerate(self._spec.buttons):
            last = place == len(self._spec.buttons) - 1
            font = self._font(12, 600 if last else 500)
            width = max(72.0, QFontMetricsF(font).horizontalAdvance(word) + 28)
            box = QRectF(x, y, width, 32)
            if self._painter is not None:
                fill, edge = ("accent_fill", "accent_fill") if last else ("surface", "control")
                self._painter.setPen(QPen(self._tokens.colour(edge), 1))
                self._painter.setBrush(self._tokens.colour(fill))
                self._painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            ink = "on_accent" if last else "text"
            self._text(box, word, font, ink, Qt.AlignmentFlag.AlignHCenter)
            self._step(box.topRight())
            x = box.right() + 24
        return y + 32

    def _step(self, at: QPointF) -> None:
        self._number += 1
        self._badges.append((at, str(self._number)))

    def _badge(self, at: QPointF, number: str) -> None:
        if self._painter is None:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._tokens.colour("text"))
        self._painter.drawEllipse(at, _BADGE, _BADGE)
        box = QRectF(at.x() - _BADGE, at.y() - _BADGE, 2 * _BADGE, 2 * _BADGE)
        self._text(box, number, self._font(11, 700), "surface", Qt.AlignmentFlag.AlignHCenter)

    def _font(self, size: int, weight: int = 400) -> QFont:
        font = self._theme.font("body", weight)
        font.setPixelSize(size)
        return font

    def _text(
        self, box: QRectF, text: str, font: QFont, token: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    ) -> None:
        if self._painter is None:
            return
        self._painter.setFont(font)
        self._painter.setPen(self._tokens.colour(token))
        fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 0.5)
        self._painter.drawText(box, int(align | Qt.AlignmentFlag.AlignVCenter), fitting)
