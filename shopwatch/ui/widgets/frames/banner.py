"""The one banner a screen may show."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column, row

_TILES = {"bad": "bad_dot", "warn": "warn_dot", "ok": "ok_dot", "accent": "accent_fill"}


class Banner(QFrame):
    """A heading, a sentence, and room for more. `kind` is "bad", "warn", "ok" or "accent".

    `below` takes what stands under the sentence, `side` the buttons at the end.
    """

    def __init__(self, theme: Theme, kind: str, icon: str, title: str, text: str) -> None:
        super().__init__()
        self.kind = kind
        self.setProperty("ground", f"banner-{kind}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(64)
        self.heading = theme.label(title, "heading")
        self.heading.setWordWrap(True)
        self.text = theme.label(text)
        self.text.setWordWrap(True)
        self.text.setVisible(bool(text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._build(theme, icon)

    def _build(self, theme: Theme, icon: str) -> None:
        self.below = column(self.heading, self.text, gap=4)
        self.side = row()
        row(
            (_IconTile(theme, self.kind, icon), 0, Qt.AlignmentFlag.AlignTop),
            (self.below, 1),
            self.side,
            inside=self,
            margins=16,
            gap=16,
        )

    def announce(self) -> None:
        """Tell screen readers at once; assertive only for red."""
        event = QAccessibleAnnouncementEvent(self, f"{self.accessibleName()} {self.accessibleDescription()}".strip())
        urgent = self.kind == "bad"
        event.setPoliteness(
            QAccessible.AnnouncementPoliteness.Assertive if urgent else QAccessible.AnnouncementPoliteness.Polite
        )
        QAccessible.updateAccessibility(event)


class _IconTile(QWidget):
    def __init__(self, theme: Theme, kind: str, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._icon = icon
        self.setFixedSize(32, 32)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.colour(_TILES[self._kind]))
        painter.drawRoundedRect(QRectF(0, 0, 32, 32), 8, 8)
        # White on amber is hard to see; the dark theme's dots are all bright.
        dark_sign = self._kind == "warn" or (tokens.dark and self._kind != "accent")
        sign = "#14171A" if dark_sign else "#FFFFFF"
        painter.drawPixmap(7, 7, self._theme.icons.pixmap(self._icon, 18, sign, self.devicePixelRatioF()))
        painter.end()
