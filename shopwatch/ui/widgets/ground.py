"""Surfaces of the stylesheet."""

from PySide6.QtWidgets import QFrame


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
