"""The list of steps at the side."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.mark import paint_mark
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.texts.sign import Sign

_ROW = 64
_CIRCLE = 24.0


class StepList(QFrame):
    """The mark, what this is `about`, the steps, and what is true of secrets. Steps that are done can be gone back to.

    `rows` are buttons; a click is the wish to go there.
    """

    def __init__(self, theme: Theme, names: tuple[str, ...], about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "rail")
        self.rows = [_Row(theme, number, name, len(names)) for number, name in enumerate(names, 1)]
        column(
            self._brand(theme, about), 40, *self.rows, STRETCH, self._foot(theme), inside=self, margins=(32, 40, 32, 40)
        )

    def _brand(self, theme: Theme, about: str) -> QHBoxLayout:
        return row(
            _Mark(theme),
            (column(theme.label("ShopWatch", "heading"), theme.label(about, "small", ink="text3")), 1),
            gap=12,
        )

    def _foot(self, theme: Theme) -> QHBoxLayout:
        words = theme.label(
            say("Sales and secrets stay on this computer. ShopWatch has no account and no server of its own."),
            "small",
            ink="text3",
        )
        words.setWordWrap(True)
        return row((Sign(theme, "lock-simple", 16, "text3"), 0, Qt.AlignmentFlag.AlignTop), (words, 1), gap=8)

    def show_step(self, current: int, reached: int, summaries: list[str]) -> None:
        """`current` is the step in sight, those before `reached` are done."""
        for place, step in enumerate(self.rows):
            done = place < reached and place != current
            step.show_state(current=place == current, done=done, summary=summaries[place] if done else "")


class _Mark(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(40, 40)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF(self.rect()), self._theme.colour("accent_fill"), self._theme.colour("on_accent"))
        painter.end()


class _Row(QAbstractButton):
    def __init__(self, theme: Theme, number: int, name: str, of: int) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self._name = name
        self._last = number == of
        self._current = False
        self._done = False
        self._summary = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_state(self, *, current: bool, done: bool, summary: str) -> None:
        self._current, self._done, self._summary = current, done, summary
        self.setEnabled(done)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if done else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if done else Qt.CursorShape.ArrowCursor)
        state = say("done") if done else say("this step") if current else say("later")
        self.setAccessibleName(f"{self._number}, {self._name}, {state}")
        self.setAccessibleDescription(summary)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(28 if self._last else _ROW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.width() - _CIRCLE - 2 if mirrored else 0.0
        circle = QRectF(x + 0.5, 2.5, _CIRCLE - 1, _CIRCLE - 1)
        if not self._last:
            painter.setPen(QPen(tokens.colour("line2"), 1))
            middle = circle.center().x()
            painter.drawLine(QPointF(middle, circle.bottom() + 1), QPointF(middle, self.height()))
        fill, edge = ("accent_fill", "accent_fill") if self._current else ("window", "control")
        if self._done:
            fill, edge = "ok_soft", "ok_soft"
        painter.setPen(QPen(tokens.colour(edge), 1))
        painter.setBrush(tokens.colour(fill))
        painter.drawEllipse(circle)
        if self._done:
            box = QRectF(0, 0, 14, 14)
            box.moveCenter(circle.center())
            self._theme.icons.paint(painter, "check-bold", box, tokens.colour("ok"))
        else:
            painter.setFont(self._theme.font("small", 600))
            painter.setPen(tokens.colour("on_accent" if self._current else "text2"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        self._paint_words(painter, mirrored)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(0, 0, 0, -8), tokens.colour("accent"), 6)
        painter.end()

    def _paint_words(self, painter: QPainter, mirrored: bool) -> None:
        tokens = self._theme.tokens
        left, right = (0, _CIRCLE + 18) if mirrored else (_CIRCLE + 16, 0)
        words = QRectF(left, 2, self.width() - left - right, self._theme.px(24))
        flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        font = self._theme.font("body", 600 if self._current else 500)
        painter.setFont(font)
        painter.setPen(tokens.colour("text" if self._current else "text2"))
        shorten = Qt.TextElideMode.ElideRight
        painter.drawText(words, flags, QFontMetricsF(font).elidedText(self._name, shorten, words.width()))
        if self._summary:
            font = self._theme.font("small")
            painter.setFont(font)
            painter.setPen(tokens.colour("text3"))
            line = words.translated(0, self._theme.px(20))
            # Both ends of an address tell it from others; words are read from their beginning.
            shorten = Qt.TextElideMode.ElideRight if " " in self._summary else Qt.TextElideMode.ElideMiddle
            painter.drawText(line, flags, QFontMetricsF(font).elidedText(self._summary, shorten, line.width()))
