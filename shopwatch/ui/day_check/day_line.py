"""The line below the day's total that says whether it agrees with the providers' lists."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from shopwatch.presenting.day_check.day_check_text import Line
from shopwatch.presenting.outside_text import tip
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme

_HEIGHT = 16
_ICON = 14
_GAP = 6


class DayLine(QAbstractButton):
    """A sign and a few words; a click leads to more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = Line("")
        self._font = theme.font("small", 500)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    @property
    def line(self) -> Line:
        return self._line

    def tell(self, line: Line) -> None:
        self._line = line
        self.setAccessibleName(line.text)
        self._tell_whole()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._before + self._metrics.horizontalAdvance(self._line.text) + 2, self._theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(_ICON, self._theme.px(_HEIGHT))

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font)

    @property
    def _before(self) -> int:
        return _ICON + _GAP if self._line.icon else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ink = self._theme.colour(self._line.ink)
        box = QRectF(self.rect())
        if self._line.icon:
            left = box.right() - _ICON if mirrored else box.left()
            sign = QRectF(left, box.center().y() - _ICON / 2, _ICON, _ICON)
            self._theme.icons.paint(painter, self._line.icon, sign, ink)
        font = QFont(self._font)
        font.setUnderline(self.underMouse())
        painter.setFont(font)
        painter.setPen(ink)
        words = box.adjusted(0, 0, -self._before, 0) if mirrored else box.adjusted(self._before, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), self._fitting())
        if self.hasFocus():
            paint_ring(painter, box.adjusted(-1, -1, 1, 1), self._theme.colour("accent"), 4)
        painter.end()

    def _fitting(self) -> str:
        room = self.width() - self._before
        return self._metrics.elidedText(self._line.text, Qt.TextElideMode.ElideRight, room)

    def _tell_whole(self) -> None:
        self.setToolTip(tip(self._line.text if self._fitting() != self._line.text else ""))
