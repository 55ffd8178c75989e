"""Pop-ups of our own, for desktops without a notification service."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.popup import DesktopNotification, Service
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton

_AT_MOST = 3
_WIDTH, _MARGIN, _GAP = 360, 16, 12


class Toast(QWidget):
    """One pop-up at the screen's edge, which takes no focus. Resting the pointer on it stops its clock.

    Signals: `gone()`, once it has left.
    """

    gone = Signal()

    def __init__(self, theme: Theme, notice: DesktopNotification) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self._theme = theme
        self._clicked = notice.clicked
        self._presses: dict[QObject, Callable[[], None]] = {}
        self._clock = QTimer(self, singleShot=True, interval=notice.stays * 1000)
        self._clock.timeout.connect(self.leave)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFixedWidth(theme.px(_WIDTH))
        self.setWindowTitle(notice.title)
        self.setAccessibleName(f"{notice.title}. {notice.text}")
        self._build(notice)
        if notice.stays:
            self._clock.start()

    def _build(self, notice: DesktopNotification) -> None:
        title = self._theme.label(notice.title, "heading")
        text = self._theme.label(notice.text, ink="text2")
        for label in (title, text):
            label.setWordWrap(True)
        close = IconButton(self._theme, "x", say("Close"), size=14)
        close.clicked.connect(self.leave)
        buttons = [Button(self._theme, each.label) for each in notice.buttons]
        for button, each in zip(buttons, notice.buttons, strict=True):
            button.clicked.connect(self.on_button)
            self._presses[button] = each.pressed
        head = row((title, 1), (close, 0, Qt.AlignmentFlag.AlignTop), gap=4)
        below = [row(*((button, 1) for button in buttons), gap=4)] if buttons else []
        column(head, text, *below, inside=self, margins=(16, 12, 12, 12), gap=4)

    @Slot()
    def on_button(self) -> None:
        pressed = self._presses[self.sender()]
        self.leave()
        pressed()

    @Slot()
    def leave(self) -> None:
        """Go away, whatever the clock says."""
        self._clock.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._clock.stop()
        super().enterEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.leave()
        self._clicked()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("line2"), 1))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.end()


class Toasts(QObject):
    """The stack of pop-ups at the bottom right; the fourth pushes the oldest out. A `Screen` for `PopUps`."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: dict[str, Toast] = {}

    async def show(self, notice: DesktopNotification) -> None:
        for key in (notice.key, *notice.ends):
            self._end(key)
        while len(self._shown) >= _AT_MOST:
            self._end(next(iter(self._shown)))
        toast = Toast(self._theme, notice)
        self._shown[notice.key] = toast
        toast.gone.connect(self.on_gone)
        toast.adjustSize()
        self._stack()
        toast.show()

    async def check(self) -> Service:
        return Service(name="ShopWatch", buttons=True)

    @Slot()
    def on_gone(self) -> None:
        toast = self.sender()
        self._shown = {key: each for key, each in self._shown.items() if each is not toast}
        self._stack()

    def _end(self, key: str) -> None:
        if (toast := self._shown.get(key)) is not None:
            toast.leave()

    def _stack(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        bottom = room.bottom() - _MARGIN
        for toast in reversed(self._shown.values()):
            bottom -= toast.height()
            toast.move(room.right() - _MARGIN - toast.width(), bottom)
            bottom -= _GAP
