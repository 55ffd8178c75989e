"""The address as a QR code, for a phone that is signed in to the provider."""

import segno
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme

_MODULE = 3
_QUIET = 4


class QrCode(QWidget):
    """Black on white in both themes, because phones read it best; with the quiet zone of four modules."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._matrix: tuple[bytearray, ...] = ()
        self.setAccessibleName(say("QR code of your address"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        self._matrix = segno.make(text, error="l", boost_error=False, micro=False).matrix if text else ()
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(_MODULE) * (len(self._matrix) + 2 * _QUIET)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        module = self._theme.px(_MODULE)
        for y, row in enumerate(self._matrix, _QUIET):
            for x, dark in enumerate(row, _QUIET):
                if dark:
                    painter.fillRect(x * module, y * module, module, module, Qt.GlobalColor.black)
        painter.setPen(self._theme.colour("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
