"""Buttons."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from shopwatch.presenting.outside_text import tip
from shopwatch.ui.look.icons import PANEL, spaced
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row

RING = 4
"""By how much the widget of a button is larger, on each side, than what is seen: there the focus ring goes."""

_GAP = 4
_ICON_INK = {"primary": "on_accent", "quiet": "accent", "link": "accent", "plain": "text2", "": "text"}


class Button(QPushButton):
    """A verb. `kind` is "primary", "" (framed), "quiet" (accent text only), "plain" (grey text only) or
    "link" (small accent text).

    Its widget is larger than what is seen by `RING` on each side.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: str = "",
        icon: str = "",
        *,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._kind = kind
        self._icon = icon
        self._icon_size = 18 if large else 16
        self.setFont(theme.font("lead" if large else "body", 600 if kind == "primary" else 500))
        self.setProperty("kind", kind)
        self.setProperty("tall", "large" if large else "")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setIconSize(QSize(self._icon_size + _GAP, self._icon_size))
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def show_icon(self, icon: str) -> None:
        self._icon = icon
        self.on_theme_changed()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    @Slot()
    def on_theme_changed(self) -> None:
        if self._icon:
            icon = self._theme.icon(self._icon, self._icon_size, _ICON_INK[self._kind])
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            self.setIcon(spaced(icon, self._icon_size, _GAP, mirrored=mirrored))


class IconButton(QToolButton):
    """A 32 px sign without words; its name is its tooltip and what screen readers say."""

    def __init__(self, theme: Theme, icon: str, name: str, *, size: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._size = size
        self.setProperty("kind", "icon")
        self.setFixedSize(40, 40)
        self.setIconSize(QSize(size, size))
        self.setFont(theme.font("body", 500))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rename(name)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def sizeHint(self) -> QSize:
        return QSize(40, 40)

    def rename(self, name: str, hint: str = "") -> None:
        """`hint` is added to the tooltip only, such as a key."""
        self.setAccessibleName(name)
        self.setToolTip(tip(f"{name} ({hint})" if hint else name))

    def show_icon(self, icon: str) -> None:
        self._icon = icon
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._size, "text2"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # Qt's style sheet style leaves the focus of tool buttons out.
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            painter = QPainter(self)
            paint_ring(painter, QRectF(self.rect()), self._theme.colour("accent"))
            painter.end()


class DrawerButton(IconButton):
    """Opens and closes the drawer of this name at the side of a page."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, PANEL, name)
        self.rename(name, "Ctrl D")
        self.setCheckable(True)

    @Slot(bool)
    def show_open(self, is_open: bool) -> None:
        self.setChecked(is_open)


def beside_buttons(widget: QWidget) -> QHBoxLayout:
    """A row in which `widget` ends where a button in its place would be seen to end."""
    return row(widget, margins=(0, 0, RING, 0))


class Overhang(QHBoxLayout):
    """A row that reaches beyond its place by the focus ring of a button: its last button is seen to end where the place
    ends or, at the `start`, its first one to begin where it begins. A negative spacing would have no effect."""

    def __init__(self, *widgets: QWidget, start: bool = False) -> None:
        super().__init__()
        self._start = start
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def setGeometry(self, place: QRect) -> None:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        at_left = self._start is not mirrored
        super().setGeometry(place.adjusted(-RING, 0, 0, 0) if at_left else place.adjusted(0, 0, RING, 0))
