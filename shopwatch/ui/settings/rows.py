"""What settings are laid out with: groups of rows, each a sentence and a control."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.shop.shop import Shop
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import RING, Overhang
from shopwatch.ui.widgets.cards import Card
from shopwatch.ui.widgets.clearing import clear
from shopwatch.ui.widgets.ground import Hairline
from shopwatch.ui.widgets.sign import NoteLine

_ROW = 48


class SettingsGroup(QWidget):
    """A heading and a card of rows; what goes wrong in one of them is said below the card."""

    def __init__(self, theme: Theme, shop: Shop) -> None:
        super().__init__()
        self.theme = theme
        self.shop = shop
        self._heading = theme.label("", "heading")
        self.problem = NoteLine(theme)
        self.card = Card(0)
        self.card.column.setSpacing(0)
        column = QVBoxLayout(self)
        # Room for the ring of a button that is seen to begin where the card does.
        column.setContentsMargins(RING, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._heading)
        column.addWidget(self.card)
        column.addWidget(self.problem)
        self._column = column

    def name(self, title: str) -> None:
        self._heading.setText(title)
        self.setAccessibleName(title)

    def show_now(self) -> None:
        """Write the controls from what is so now."""

    def set(self, **changes: object) -> bool:
        """Save these settings; whether that worked."""
        worked = self.attempt(lambda: self.shop.settings.change(**changes))
        if not worked:
            self.show_now()
        return worked

    def add(self, row: QWidget) -> QWidget:
        """Put `row` below the others, with a line between."""
        if self.card.column.count():
            line = Hairline()
            self.card.column.addWidget(line)
        self.card.column.addWidget(row)
        return row

    def add_below(self, button: QWidget) -> None:
        """Put this button under the card; it is seen to begin where the card does."""
        row = Overhang(button, start=True)
        row.addStretch(1)
        self._column.insertLayout(self._column.count() - 1, row)

    def clear(self) -> None:
        """Take all rows away."""
        clear(self.card.column)

    def attempt(self, change: Callable[[], object]) -> bool:
        """Make a change; whether it could be made. A `UserError` is shown here."""
        try:
            change()
        except UserError as problem:
            self.problem.tell("bad", str(problem))
            return False
        self.problem.clear()
        return True


class Row(QWidget):
    """A title, a sentence about it, and what changes it at the end; `below` takes what unfolds."""

    def __init__(self, theme: Theme, title: str, about: str, *controls: QWidget) -> None:
        super().__init__()
        self._name = theme.label(title, "body", 500)
        self._name.setWordWrap(True)
        self._about = theme.label(about, "small", ink="text2")
        self._about.setWordWrap(True)
        self._about.setVisible(bool(about))
        self._words = QVBoxLayout()
        self._words.setSpacing(2)
        self._words.addStretch(1)
        self._words.addWidget(self._name)
        self._words.addWidget(self._about)
        self._words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(self._words, 1)
        row.addSpacing(16)
        for control in controls:
            row.addLayout(_around(control))
        self.below = QVBoxLayout()
        self.below.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 7, 12, 7)
        whole.setSpacing(4)
        whole.addLayout(row)
        whole.addLayout(self.below)
        self.setMinimumHeight(theme.px(_ROW))

    def add_line(self, line: QWidget) -> None:
        """A further line under the title."""
        self._words.insertWidget(self._words.count() - 1, line)

    def describe(self, about: str) -> None:
        self._about.setText(about)
        self._about.setVisible(bool(about))


def _around(control: QWidget) -> QHBoxLayout:
    """A button brings the room around it, anything else gets it here."""
    ring = 0 if isinstance(control, QAbstractButton) else RING
    room = QHBoxLayout()
    room.setContentsMargins(ring, 0, ring, 0)
    room.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
    return room
