"""Provider tiles: a letter or two on the provider's colour."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.look.tokens import tile_colours

_LARGE_FROM = 28


def paint_tile(painter: QPainter, theme: Theme, box: QRectF, provider: str, letters: str) -> None:
    """Fill a square `box` (20 or 32 px) with the tile of the provider with this id."""
    square = QRectF(0, 0, box.width(), box.height())

    def draw(canvas: QPainter) -> None:
        _draw(canvas, theme, square, provider, letters)

    dpr = painter.device().devicePixelRatio()
    painter.drawPixmap(box.topLeft(), theme.drawing(("tile", provider, letters), square.size(), dpr, draw))


def _draw(painter: QPainter, theme: Theme, box: QRectF, provider: str, letters: str) -> None:
    ground, ink = tile_colours(provider, theme.tokens)
    small = box.width() < _LARGE_FROM
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 5 if small else 8, 5 if small else 8)
    font = theme.font("small", 700)
    font.setPixelSize(10 if small else 14)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)


class ProviderTile(QWidget):
    """A tile by itself, 32 px unless told otherwise."""

    def __init__(
        self, theme: Theme, provider: str, letters: str, size: int = 32, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._provider = provider
        self._letters = letters
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tile(painter, self._theme, QRectF(self.rect()), self._provider, self._letters)
        painter.end()
