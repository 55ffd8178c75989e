"""Text in table cells, fitted once and not at every repaint."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

_MOST_FITTED = 4_000


class Face:
    """A font, its measure, and what has been fitted with it."""

    def __init__(self, font: QFont, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        self.font = font
        self._elide = elide
        self.metrics = QFontMetrics(font)
        self._fitted: dict[tuple[str, int], str] = {}

    def fit(self, text: str, width: int) -> str:
        key = (text, width)
        if key not in self._fitted:
            if len(self._fitted) >= _MOST_FITTED:
                self._fitted.clear()
            self._fitted[key] = self.metrics.elidedText(text, self._elide, width)
        return self._fitted[key]
