"""The initials of a person on a round ground."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopwatch.ui.theme import Theme

_SMALL_UP_TO = 24


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def paint_avatar(painter: QPainter, theme: Theme, box: QRectF, letters: str, ground: QColor) -> None:
    """Fill a square `box`; a sign for a person where there are no letters."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(box)
    if letters:
        painter.setFont(theme.font("tiny" if box.width() <= _SMALL_UP_TO else "small", 600))
        painter.setPen(theme.colour("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)
    else:
        edge = box.width() / 4
        theme.icons.paint(painter, "user", box.adjusted(edge, edge, -edge, -edge), theme.colour("text2"))
    painter.restore()


class Avatar(QWidget):
    """Initials by themselves, 32 px unless told otherwise."""

    def __init__(self, theme: Theme, size: int = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._initials = ""
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def show_initials(self, letters: str) -> None:
        self._initials = letters
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, self._theme, QRectF(self.rect()), self._initials, self._theme.colour("neutral_soft"))
        painter.end()
