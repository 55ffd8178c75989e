"""A drop-down list."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from shopwatch.domain.legible import legible
from shopwatch.presenting.outside_text import tip
from shopwatch.ui.look.theme import Theme


class Combo(QComboBox):
    """A QComboBox in ShopWatch's look; `icon` stands before the chosen entry. `snug`: only as wide as that one."""

    def __init__(
        self, theme: Theme, name: str, icon: str = "", *, snug: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._snug = snug
        self._theme = theme
        self._icon = icon
        self.setAccessibleName(name)
        self.setFont(theme.font("body"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.view().setFont(theme.font("body"))
        self.currentTextChanged.connect(self.on_text_changed)
        theme.changed.connect(self.update)

    @Slot(str)
    def on_text_changed(self, _text: str) -> None:
        self.updateGeometry()
        self._tell_whole()

    def add(self, text: str, key: object) -> None:
        self.addItem(legible(text, 60), key)

    def sizeHint(self) -> QSize:
        measure = self.fontMetrics().horizontalAdvance
        widest = max((measure(self.itemText(index)) for index in range(self.count())), default=40)
        self.view().setMinimumWidth(widest + 40)
        widest = measure(self.currentText()) if self._snug else widest
        return QSize(widest + 10 + 8 + 16 + 10 + (24 if self._icon else 0), self._theme.px(32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        """Tell as a tip what has no room."""
        whole = self.currentText()
        self.setToolTip(tip(whole if self._fitting() != whole else ""))

    def _fitting(self) -> str:
        room = self.width() - 10 - 8 - 12 - 10 - (24 if self._icon else 0)
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self._theme.px(32))

    def paint_sign(self, painter: QPainter, box: QRectF) -> None:
        """Paint what stands before the chosen entry."""
        self._theme.icons.paint(painter, self._icon, box, self._theme.colour("text3"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        edge = "accent" if focus else "control" if self.isEnabled() else "line2"
        painter.setPen(QPen(tokens.colour(edge), 2 if focus else 1))
        painter.setBrush(tokens.colour("hover" if self.underMouse() and self.isEnabled() else "surface"))
        inset = 1.0 if focus else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = self.height() / 2
        words = QRectF(self.rect()).adjusted(10, 0, -10, 0)
        if self._icon:
            left = words.right() - 16 if mirrored else words.left()
            self.paint_sign(painter, QRectF(left, middle - 8, 16, 16))
            words.adjust(0 if mirrored else 24, 0, -24 if mirrored else 0, 0)
        left = words.left() if mirrored else words.right() - 12
        self._theme.icons.paint(painter, "caret-down-bold", QRectF(left, middle - 6, 12, 12), tokens.colour("text3"))
        words.adjust(20 if mirrored else 0, 0, 0 if mirrored else -20, 0)
        painter.setPen(tokens.colour("text" if self.isEnabled() else "text3"))
        painter.setFont(self.font())
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(words, int(flags), self._fitting())
        painter.end()
