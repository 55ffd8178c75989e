"""A line icon by itself, and one with a sentence."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from shopwatch.presenting.note import Note
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row

_NOTES = {
    "ok": ("check-circle", "ok"),
    "warn": ("warning", "warn"),
    "bad": ("warning-circle", "bad"),
    "info": ("info", "text2"),
}


class Sign(QWidget):
    """An icon of `size` px in a token's colour; a square of the accent's soft colour stands behind it with `tile`."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        size: int = 16,
        ink: str = "text2",
        *,
        tile: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self._size = size
        self._tile = tile
        self.setFixedSize(max(size, tile), max(size, tile))
        theme.changed.connect(self.update)

    def show_icon(self, icon: str, ink: str) -> None:
        self._icon, self._ink = icon, ink
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._tile:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        box = QRectF(0, 0, self._size, self._size)
        box.moveCenter(QRectF(self.rect()).center())
        self._theme.icons.paint(painter, self._icon, box, self._theme.colour(self._ink))
        painter.end()


class NoteLine(QWidget):
    """A sentence below a field, with the icon of its kind: "ok", "warn", "bad" or "info". Hidden while it is empty."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = Note()
        self._sign = Sign(theme, "info")
        self._label = theme.label("", "small", ink="text2")
        self._label.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row((self._sign, 0, Qt.AlignmentFlag.AlignTop), (self._label, 1, Qt.AlignmentFlag.AlignTop), inside=self, gap=8)
        self.hide()

    def tell(self, kind: str, text: str) -> None:
        self._note.tell(kind, text)
        self._show()

    def tell_lasting(self, kind: str, text: str) -> None:
        """Say this until it is no longer so; see `Note`."""
        self._note.tell_lasting(kind, text)
        self._show()

    def clear(self) -> None:
        self.tell("info", "")

    def text(self) -> str:
        return self._note.text

    def _show(self) -> None:
        kind, text = self._note.kind, self._note.text
        icon, ink = _NOTES[kind]
        self._sign.show_icon(icon, ink)
        self._label.setText(text)
        self._label.setProperty("ink", "bad" if kind == "bad" else "text2")
        self._label.style().unpolish(self._label)
        self._label.style().polish(self._label)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 16)
