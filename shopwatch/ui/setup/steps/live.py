"""The frame that waits for the first message, and turns green when it has come."""

from PySide6.QtCore import QRectF, Qt, QVariantAnimation, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import Sign

_LOOP = 1600
_CHUNK = 200.0
_BAR = 4.0

# Ground, border, what moves, icon and its colour.
_KINDS = {
    "waiting": ("accent_soft", "accent_line", "accent", "broadcast", "accent"),
    "heard": ("ok_soft", "ok_dot", "ok_dot", "check-circle", "ok"),
    "doubt": ("warn_soft", "warn_line", "warn_dot", "warning", "warn"),
    "idle": ("sunken", "line", "line", "info", "text2"),
}


class LiveFrame(QWidget):
    """A sentence, what to know about it, and a button. `kind` is "waiting", "heard", "doubt" or "idle"."""

    def __init__(self, theme: Theme, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.kind = "waiting"
        self.still = False
        self._sign = Sign(theme, "broadcast", 24, "accent")
        self._strong = theme.label("", "lead", 600)
        self._strong.setWordWrap(True)
        self._rest = theme.label("", ink="text2")
        self._rest.setWordWrap(True)
        self.button = Button(theme, button, "", "bell", large=True)
        self._loop = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_LOOP)
        self._loop.setLoopCount(-1)
        row(
            self._sign,
            (column(self._strong, self._rest, gap=2), 1),
            self.button,
            inside=self,
            margins=(20, 12, 16, 16),
            gap=16,
        )
        self._loop.valueChanged.connect(self.on_moved)
        theme.changed.connect(self.update)

    def tell(self, kind: str, strong: str, rest: str) -> None:
        """Show this; a change of kind or of the first sentence is announced politely."""
        new = (kind, strong) != (self.kind, self._strong.text())
        self.kind = kind
        self._strong.setText(strong)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self._sign.show_icon(*_KINDS[kind][3:])
        self.setAccessibleName(strong)
        self._run()
        self.update()
        if new and self.isVisible():
            event = QAccessibleAnnouncementEvent(self, strong)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    def text(self) -> str:
        return f"{self._strong.text()} {self._rest.text()}".strip()

    def _run(self) -> None:
        moving = self.kind == "waiting" and self.isVisible() and not self.still and not self._theme.still
        if moving != (self._loop.state() == QVariantAnimation.State.Running):
            if moving:
                self._loop.start()
            else:
                self._loop.stop()

    @Slot(object)
    def on_moved(self, _value: object) -> None:
        self.update(0, self.height() - 8, self.width(), 8)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._loop.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground, border, chunk, _, _ = _KINDS[self.kind]
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, 8, 8)
        painter.fillPath(outline, tokens.colour(ground))
        if self.kind != "idle":
            painter.save()
            painter.setClipPath(outline)
            bar = QRectF(0, self.height() - _BAR - 1, self.width(), _BAR + 1)
            painter.fillRect(bar, tokens.colour(border))
            painter.fillRect(self._chunk(bar), tokens.colour(chunk))
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens.colour(border), 1))
        painter.drawPath(outline)
        painter.end()

    def _chunk(self, bar: QRectF) -> QRectF:
        if self.kind == "heard":
            return bar
        if self._loop.state() != QVariantAnimation.State.Running:
            return QRectF(bar.left() + bar.width() * 0.28, bar.top(), _CHUNK, bar.height())
        at = float(self._loop.currentValue())
        return QRectF(bar.left() - _CHUNK + at * (bar.width() + _CHUNK), bar.top(), _CHUNK, bar.height())
