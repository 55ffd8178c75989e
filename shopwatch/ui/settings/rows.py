"""What settings are laid out with: groups of rows, each a sentence and a control."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.settings.store import SettingsStore
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.frames.ground import Hairline
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import RING, Overhang
from shopwatch.ui.widgets.texts.sign import NoteLine

_ROW = 48


class SettingsGroup(QWidget):
    """A heading and a card of rows; what goes wrong in one of them is said below the card."""

    def __init__(self, theme: Theme, settings: SettingsStore) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self._heading = theme.label("", "heading")
        self.problem = NoteLine(theme)
        self.card = Card(0)
        self.card.column.setSpacing(0)
        # Room for the ring of a button that is seen to begin where the card does.
        self._column = column(self._heading, self.card, self.problem, inside=self, margins=(RING, 0, 0, 0), gap=8)

    def name(self, title: str) -> None:
        self._heading.setText(title)
        self.setAccessibleName(title)

    def show_now(self) -> None:
        """Write the controls from what is so now."""

    def set(self, **changes: object) -> bool:
        """Save these settings; whether that worked."""
        worked = self.attempt(lambda: self.settings.change(**changes))
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
        self._words = column(STRETCH, self._name, self._about, STRETCH, gap=2)
        self.below = column(gap=8)
        column(
            row((self._words, 1), 16, *(_around(control) for control in controls)),
            self.below,
            inside=self,
            margins=(16, 7, 12, 7),
            gap=4,
        )
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
    return row((control, 0, Qt.AlignmentFlag.AlignVCenter), margins=(ring, 0, ring, 0))
