"""One theme: colours, fonts and icons for every widget, following the system or the owner's choice."""

from collections.abc import Callable, Hashable
from math import ceil

from PySide6.QtCore import QObject, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from shopwatch.settings.settings import Look
from shopwatch.ui.look import fonts
from shopwatch.ui.look.icons import Icons
from shopwatch.ui.look.style import RingStyle
from shopwatch.ui.look.stylesheet import style_sheet
from shopwatch.ui.look.tokens import DARK, LIGHT, Tokens

_MOST_DRAWINGS = 256
_SCHEMES = {Look.SYSTEM: Qt.ColorScheme.Unknown, Look.LIGHT: Qt.ColorScheme.Light, Look.DARK: Qt.ColorScheme.Dark}


class Theme(QObject):
    """Gives widgets their colours, fonts and icons.

    Signals: `changed()`, after the colours changed and the palette and style sheet were replaced. Widgets that paint or
    hold icons repaint then; all others need nothing.
    """

    changed = Signal()

    def __init__(self, app: QApplication, look: Look = Look.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._look = look
        self._system_palette = QPalette(app.palette())
        self.fonts = fonts.load()
        self.icons = Icons()
        self.tokens: Tokens = LIGHT
        self._drawings: dict[tuple[Hashable, float, float, float], QPixmap] = {}
        self._style = RingStyle(self._now)
        app.setStyle(self._style)
        app.setFont(self.font("body"))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self.on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self.on_system_changed)
        self.choose(look)

    def choose(self, look: Look) -> None:
        """Light, dark, or as the system has it."""
        self._look = look
        self._app.styleHints().setColorScheme(_SCHEMES[look])
        self._apply()

    def font(self, name: str, weight: int = 0, *, figures: bool = False, struck: bool = False) -> QFont:
        """A font of the type scale (`fonts.SIZES`: "figure", "title", "body", "small" …) or "mono"."""
        return self.fonts.get(name, weight, figures=figures, struck=struck)

    def px(self, pixels: int) -> int:
        """A length that grows with the owner's text size."""
        return round(pixels * self.fonts.scale)

    def colour(self, ink: str) -> QColor:
        return self.tokens.colour(ink)

    def pixmap(self, name: str, size: int, ink: str = "text2", dpr: float = 1.0) -> QPixmap:
        """An icon in a token's colour, `size` logical pixels wide and high."""
        return self.icons.pixmap(name, size, getattr(self.tokens, ink), dpr)

    def icon(self, name: str, size: int = 16, ink: str = "text2") -> QIcon:
        return self.icons.icon(name, size, getattr(self.tokens, ink), self.tokens.text3, self._app.devicePixelRatio())

    def drawing(self, key: Hashable, size: QSizeF, dpr: float, paint: Callable[[QPainter], None]) -> QPixmap:
        """What `paint` draws on a transparent ground of `size`, drawn once for each `key` until the colours change."""
        whole = (key, size.width(), size.height(), dpr)
        if whole not in self._drawings:
            if len(self._drawings) >= _MOST_DRAWINGS:
                self._drawings.clear()
            pixmap = QPixmap(ceil(size.width() * dpr), ceil(size.height() * dpr))
            pixmap.setDevicePixelRatio(dpr)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter)
            painter.end()
            self._drawings[whole] = pixmap
        return self._drawings[whole]

    def label(
        self, text: str = "", font: str = "body", weight: int = 0, *, ink: str = "text", figures: bool = False
    ) -> QLabel:
        """A label that shows its text literally, in a token's colour, whatever the theme becomes."""
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self.font(font, weight, figures=figures))
        label.setProperty("ink", ink)
        return label

    @property
    def still(self) -> bool:
        """The system asks for less movement: nothing slides or fades."""
        hints = self._app.styleHints()  # PySide drops what belongs to a wrapper that nobody holds
        return hints.accessibility().motionPreference() == Qt.MotionPreference.ReducedMotion

    @Slot()
    def on_system_changed(self) -> None:
        self._apply()

    def _now(self) -> Tokens:
        return self.tokens

    def _apply(self) -> None:
        hints = self._app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            tokens = Tokens.of_palette(self._system_palette)
        elif self._look is Look.SYSTEM:
            tokens = DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
        else:
            tokens = DARK if self._look is Look.DARK else LIGHT
        if tokens == self.tokens and self._app.styleSheet():
            return
        self.tokens = tokens
        self._drawings.clear()
        self._app.setPalette(self._system_palette if tokens.contrast else _palette(tokens))
        self._app.setStyleSheet(style_sheet(tokens, self.px))
        self.changed.emit()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, token in (
        (role.Window, "window"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "on_accent"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "text3"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Highlight, "accent_fill"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent_fill"),
        (role.Light, "surface"),
        (role.Midlight, "hover"),
        (role.Mid, "line2"),
        (role.Dark, "control"),
        (role.Shadow, "line"),
    ):
        palette.setColor(which, tokens.colour(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, tokens.colour("text3"))
    return palette
