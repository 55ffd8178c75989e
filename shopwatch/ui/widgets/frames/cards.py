"""Cards, and cards that are chosen."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column, row


class Card(QFrame):
    """A framed surface. `column` takes what is in it."""

    def __init__(self, margin: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self.column = column(inside=self, margins=margin, gap=8)


class OptionCard(QFrame):
    """A card with a radio button; a click anywhere on it chooses it.

    `row` holds the radio button and takes what stands beside it, `body` what is seen only while it is chosen.
    """

    def __init__(self, theme: Theme, name: str, group: QButtonGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "option")
        self.radio = QRadioButton()
        self.radio.setAccessibleName(name)
        self.radio.setFixedSize(24, 24)
        self.radio.setFont(theme.font("body", 500))
        group.addButton(self.radio)
        self.row = row((self.radio, 0, Qt.AlignmentFlag.AlignVCenter), gap=12)
        self._body = QWidget()
        self.body = column(inside=self._body, margins=(28, 0, 0, 0), gap=8)
        self._body.setVisible(False)
        column(self.row, self._body, inside=self, margins=14, gap=12)
        self.radio.toggled.connect(self.on_toggled)
        self.on_toggled(False)

    @property
    def chosen(self) -> bool:
        return self.radio.isChecked()

    @Slot(bool)
    def on_toggled(self, chosen: bool) -> None:
        self.setProperty("chosen", "true" if chosen else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self._body.setVisible(chosen and self.body.count() > 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
            self.radio.setChecked(True)
