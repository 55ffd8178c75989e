"""What is longer than its place."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from shopwatch.ui.widgets.frames.overlay_bar import OverlayBar


class Scrolled(QScrollArea):
    """Shows `page` as wide as there is room, and scrolls it up and down; what the keyboard reaches in it is seen.

    `overlaid`: its scroll bar lies over the page and takes no room from it.
    """

    def __init__(self, page: QWidget, *, overlaid: bool = False) -> None:
        super().__init__()
        self._page = page
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        if overlaid:
            OverlayBar(self)

    @Slot(QObject)
    def on_focus_moved(self, reached: QObject | None) -> None:
        # What is being clicked must not move away from under the mouse.
        clicked = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if not clicked and isinstance(reached, QWidget) and self._page.isAncestorOf(reached):
            self.ensureWidgetVisible(reached)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (window := self.window().windowHandle()) is not None:
            # Qt brings into sight by itself only what is reached from within.
            window.focusObjectChanged.connect(self.on_focus_moved, Qt.ConnectionType.UniqueConnection)
