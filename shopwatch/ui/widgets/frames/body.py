"""The list and, at its side or over it, the drawer."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPoint, QRect, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

_SHORT = 120


class Body(QWidget):
    """Lays out two widgets: the drawer takes its width from the list, or lies over it where there is little room.

    Signals: `drawer_shown(bool)`, when it begins to open or close.
    """

    drawer_shown = Signal(bool)

    def __init__(self, content: QWidget, drawer: QWidget, width: int, is_still: Callable[[], bool]) -> None:
        super().__init__()
        self._content = content
        self._drawer = drawer
        self._drawer_width = width
        self._is_still = is_still
        self._over = False
        self._share = 0.0
        self.is_open = False
        for widget in (content, drawer):
            widget.setParent(self)
        drawer.hide()
        self._slide = QVariantAnimation(self, duration=_SHORT)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self.on_slid)
        self._slide.finished.connect(self.on_finished)

    def lay_over(self, over: bool) -> None:
        """Whether the drawer lies over the list instead of beside it."""
        if over != self._over:
            self._over = over
            self._arrange()

    def open(self, wanted: bool) -> None:
        if wanted == self.is_open:
            return
        self.is_open = wanted
        self._slide.stop()
        self._drawer.show()
        self._drawer.raise_()
        self.drawer_shown.emit(wanted)
        if self._is_still() or not self.isVisible():
            self.on_slid(1.0 if wanted else 0.0)
            self.on_finished()
            return
        self._slide.setStartValue(self._share)
        self._slide.setEndValue(1.0 if wanted else 0.0)
        self._slide.start()

    @Slot(object)
    def on_slid(self, share: float) -> None:
        self._share = share
        self._arrange()

    @Slot()
    def on_finished(self) -> None:
        if not self.is_open:
            self._drawer.hide()

    def _arrange(self) -> None:
        width = min(self._drawer_width, self.width())
        seen = round(width * self._share)
        taken = 0 if self._over else seen
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._content.setGeometry(taken if mirrored else 0, 0, self.width() - taken, self.height())
        left = seen - width if mirrored else self.width() - seen
        self._drawer.setGeometry(left, 0, width, self.height())

    def _covers(self, widget: QWidget | None) -> bool:
        if widget is None or not self._over or not self.is_open or not self._content.isAncestorOf(widget):
            return False
        return self._drawer.geometry().contains(QRect(widget.mapTo(self, QPoint()), widget.size()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The keyboard goes past what the drawer hides: nobody would see where it is."""
        moved = super().focusNextPrevChild(forward)
        while moved and self._covers(QApplication.focusWidget()):
            moved = super().focusNextPrevChild(forward)
        return moved

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
