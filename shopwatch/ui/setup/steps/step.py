"""What the four steps have in common."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.frames.narrow import Narrow

_SIDE, _TOP = 64, 48
_LEAD = 704


class SetupStep(QScrollArea):
    """A heading, a sentence, and `column` for the rest; it scrolls where the window is low.

    Signals: `changed()`, when what the frame shows of the step (`primary`, `secondary`, `note`, `summary`, `busy`) is
    new; `passed()`, when the step is done and the next may come.
    """

    changed = Signal()
    passed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.primary = ""
        self.secondary = ""
        self.note = ""
        self.summary = ""
        self.busy = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("ground", "surface")
        self.heading = theme.label("", "title-xl")
        self.heading.setWordWrap(True)
        self.lead = theme.label("", "lead", ink="text2")
        self.lead.setWordWrap(True)
        self.column = column(
            self.heading, 8, Narrow(self.lead, theme.px(_LEAD)), inside=page, margins=(_SIDE, _TOP, _SIDE, 12)
        )
        self.setWidget(page)

    def say(self, heading: str, lead: str) -> None:
        self.heading.setText(heading)
        self.lead.setText(lead)

    def enter(self) -> None:
        """The step comes into sight: show what is so now, and begin to follow it."""

    def leave(self) -> None:
        """The step goes out of sight."""

    def focus_first(self) -> None:
        """Put the keyboard where it is needed first."""

    def go_on(self) -> None:
        """The owner wants to continue. Ends in `passed`, or in a sentence that says why not."""
        self.passed.emit()

    def go_aside(self) -> None:
        """The owner chose the second way out."""
