"""The rail: which page is shown."""

from collections.abc import Hashable

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.presenting.outside_text import tip
from shopwatch.ui.look.mark import paint_mark
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column

WIDE = 208
NARROW = 56
_MANY = 100


class Rail(QFrame):
    """Pages by icon and word, or by icon only. Signals: `chosen(object)`, the key of a page."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys: list[Hashable] = []
        self._narrow = False
        self._group = QButtonGroup(self)
        self._brand = _Brand(theme)
        self.setProperty("ground", "rail")
        self.setAccessibleName(say("Pages"))
        self._column = column(self._brand, 14, STRETCH, inside=self, margins=(12, 16, 12, 12), gap=2)
        self._group.idClicked.connect(self.on_clicked)
        self.show_narrow(False)

    def add(self, key: Hashable, icon: str, text: str, *, low: bool = False) -> None:
        """Offer a page; `low` puts it at the foot of the rail."""
        item = _Item(self._theme, icon, text)
        self._group.addButton(item, len(self._keys))
        item.setChecked(not self._keys)
        self._keys.append(key)
        if low:
            self._column.addWidget(item)
        else:
            self._column.insertWidget(2 + len(self._keys) - 1, item)

    def choose(self, key: Hashable) -> None:
        """Show this page as the present one, without a signal."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def set_count(self, key: Hashable, count: int, spoken: str = "") -> None:
        """How many things on this page need the owner, and what screen readers say of them; none shows nothing."""
        item = self._group.button(self._keys.index(key))
        if isinstance(item, _Item):
            item.set_count(count, spoken)

    def set_shop(self, name: str) -> None:
        """`name` is as the owner wrote it."""
        self._brand.tell(name)

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setFixedWidth(self._theme.px(NARROW) if narrow else self._theme.px(WIDE))
        side = 8 if narrow else 12
        self._column.setContentsMargins(side, 16, side, 12)
        self._brand.show_narrow(narrow)
        for button in self._group.buttons():
            if isinstance(button, _Item):
                button.show_narrow(narrow)

    @Slot(int)
    def on_clicked(self, index: int) -> None:
        self.chosen.emit(self._keys[index])


class _Brand(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._name = ""
        self._narrow = False
        self.setFixedHeight(theme.px(32))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def tell(self, name: str) -> None:
        self._name = legible(name, 60) or "ShopWatch"
        self.setAccessibleName(self._name)
        self.setToolTip(tip(self._name))
        self.update()

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = 4
        left = self.width() - 32 - start if mirrored else start
        paint_mark(painter, QRectF(left, 0, 32, 32), tokens.colour("accent_fill"), tokens.colour("on_accent"))
        if not self._narrow:
            room = QRectF(self.rect()).adjusted(0 if mirrored else start + 44, 0, -(start + 44) if mirrored else 0, 0)
            painter.setLayoutDirection(self.layoutDirection())
            own = self._name != "ShopWatch"
            painter.setFont(self._theme.font("body", 600))
            painter.setPen(tokens.colour("text"))
            shown = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, round(room.width()))
            flags = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
            half = room.height() / 2
            painter.drawText(room.adjusted(0, 0, 0, -half) if own else room, flags, shown)
            if own:
                painter.setFont(self._theme.font("tiny"))
                painter.setPen(tokens.colour("text3"))
                painter.drawText(room.adjusted(0, half, 0, 0), flags, "ShopWatch")
        painter.end()


class _Item(QAbstractButton):
    def __init__(self, theme: Theme, icon: str, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._narrow = False
        self._count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFixedHeight(theme.px(36))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setToolTip(tip(self.text()) if narrow else "")
        self.update()

    def set_count(self, count: int, spoken: str) -> None:
        self._count = "" if count <= 0 else str(count) if count < _MANY else f"{_MANY - 1}+"
        self.setAccessibleDescription(spoken if count > 0 else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, self._theme.px(36))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.colour("accent_soft" if on else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        ink = tokens.colour("text2" if not on else "on_accent" if tokens.contrast else "accent")
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = (self.width() - 20) / 2 if self._narrow else 12
        left = self.width() - start - 20 if mirrored else start
        self._theme.icons.paint(painter, self._icon, QRectF(left, (self.height() - 20) / 2, 20, 20), ink)
        if not self._narrow:
            painter.setLayoutDirection(self.layoutDirection())
            after = 8 + self._paint_count(painter, mirrored=mirrored)
            painter.setFont(self._theme.font("body", 600 if on else 500))
            painter.setPen(ink)
            words = self.rect().adjusted(after if mirrored else 44, 0, -44 if mirrored else -after, 0)
            shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), shown)
        elif self._count:
            painter.setPen(QPen(tokens.colour("window"), 2))
            painter.setBrush(tokens.colour("bad_dot"))
            painter.drawEllipse(QRectF(self.width() - 14 if not mirrored else 4, 5, 10, 10))
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            paint_ring(painter, QRectF(self.rect()), tokens.colour("accent"), 6)
        painter.end()

    def _paint_count(self, painter: QPainter, *, mirrored: bool) -> int:
        """How much room it takes."""
        if not self._count:
            return 0
        tokens = self._theme.tokens
        font = self._theme.font("tiny", 600, figures=True)
        width = max(20, QFontMetrics(font).horizontalAdvance(self._count) + 12)
        box = QRectF(10 if mirrored else self.width() - width - 10, (self.height() - 18) / 2, width, 18)
        painter.setPen(QPen(tokens.colour("control"), 1) if tokens.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour("bad_soft"))
        painter.drawRoundedRect(box, 9, 9)
        painter.setFont(font)
        painter.setPen(tokens.colour("bad"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._count)
        return width + 8
