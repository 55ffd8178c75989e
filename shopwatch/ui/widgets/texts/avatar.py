"""The initials of a person on a round ground."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from shopwatch.ui.look.theme import Theme

_SIZE = 32
_SMALL_UP_TO = 24


def paint_avatar(
    painter: QPainter, theme: Theme, box: QRectF, letters: str, ground: QColor, *, dashed: bool = False
) -> None:
    """Fill a square `box`; a sign for a person where there are no letters. What is practice is `dashed`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    if dashed:
        write_connection = QPen(theme.colour("control"), 1)
        write_connection.setDashPattern([3, 2])
        painter.setPen(write_connection)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5) if dashed else box)
    if letters:
        painter.setFont(theme.font("tiny" if box.width() <= _SMALL_UP_TO else "small", 600))
        painter.setPen(theme.colour("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)
    else:
        edge = box.width() / 4
        theme.icons.paint(painter, "user", box.adjusted(edge, edge, -edge, -edge), theme.colour("text2"))
    painter.restore()


class Avatar(QWidget):
    """Initials by themselves."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._initials = ""
        self._dashed = False
        self.setFixedSize(_SIZE, _SIZE)
        theme.changed.connect(self.update)

    def show_initials(self, letters: str, *, dashed: bool = False) -> None:
        self._initials = letters
        self._dashed = dashed
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._theme.colour("neutral_soft")
        paint_avatar(painter, self._theme, QRectF(self.rect()), self._initials, ground, dashed=self._dashed)
        painter.end()
