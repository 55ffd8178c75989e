"""The address as a QR code, for a phone that is signed in to the provider."""

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.ui.theme import Theme

_SIDE = 132
_QUIET = 4


class QrCode(QWidget):
    """Black on white in both themes, because phones read it best; with the quiet zone of four modules."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._matrix: tuple[bytearray, ...] = ()
        self.setAccessibleName(self.tr("QR code of your address"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def show_text(self, text: str) -> None:
        self._matrix = segno.make(text, error="l", boost_error=False, micro=False).matrix if text else ()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_SIDE), self._theme.px(_SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._matrix:
            ratio = self.devicePixelRatioF()
            across = len(self._matrix) + 2 * _QUIET
            module = max(1, int(self.width() * ratio // across)) / ratio
            start = (self.width() - module * len(self._matrix)) / 2
            start = round(start * ratio) / ratio
            for y, row in enumerate(self._matrix):
                for x, dark in enumerate(row):
                    if dark:
                        box = QRectF(start + x * module, start + y * module, module, module)
                        painter.fillRect(box, Qt.GlobalColor.black)
        painter.end()
