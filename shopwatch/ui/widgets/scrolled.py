"""What is longer than its place."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from shopwatch.ui.widgets.overlay_bar import OverlayBar


class Scrolled(QScrollArea):
    """Shows `page` as wide as there is room, and scrolls it up and down; the keyboard goes to what is in it.

    `overlaid`: its scroll bar lies over the page and takes no room from it.
    """

    def __init__(self, page: QWidget, *, overlaid: bool = False) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        if overlaid:
            OverlayBar(self)
