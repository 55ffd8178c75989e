"""What is to be no wider than so much, however wide its place is."""

from PySide6.QtWidgets import QHBoxLayout, QWidget


class Narrow(QHBoxLayout):
    """A row of one widget, at most `width` pixels wide.

    Its words get the height that they need at that width. A column alone takes their height for that of lines as long
    as the column is wide, and then lets them lie over each other.
    """

    def __init__(self, widget: QWidget, width: int) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)
        widget.setMaximumWidth(width)
        self.addWidget(widget, 1)
        self.addStretch(0)
