"""Surfaces of the stylesheet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget


class Ground(QFrame):
    """One that the stylesheet calls `name`: "head", "foot", "hint" and others."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("ground", name)


class Hairline(Ground):
    """Parts what lies above it from what lies below, or, if it is `upright`, what lies beside it."""

    def __init__(self, *, upright: bool = False) -> None:
        super().__init__("line")
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class Surface(QWidget):
    """A widget on the plain surface, which is painted under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
