"""Where secrets are kept, and whether it can be read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.words import say
from shopwatch.presenting.level import Level
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.cards import Card
from shopwatch.ui.widgets.lamp import Lamp
from shopwatch.ui.widgets.sign import Sign


class StoreCard(Card):
    """Names the password store. `unlock` is the button that is there while it has a problem."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(20, parent)
        self._name = theme.label("", "lead", 600)
        self._lamp = Lamp(theme, Level.OK)
        self._state = theme.label("", "small", ink="text2")
        self._state.setWordWrap(True)
        self.unlock = Button(theme, say("Check again"))
        about = theme.label(
            say(
                "This computer’s own password store. What you paste is never written to a file or a log; into a backup "
                "only if you want it there, locked by a passphrase."
            ),
            ink="text2",
        )
        about.setWordWrap(True)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.setContentsMargins(0, 8, 0, 0)
        state.addWidget(self._lamp, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._name)
        words.addWidget(about)
        words.addLayout(state)
        words.addWidget(self.unlock, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Sign(theme, "key", 22, "accent", tile=40), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.column.addLayout(row)

    def tell(self, name: str, problem: UserError | None) -> None:
        self._name.setText(name or say("No password store"))
        self._lamp.show_level(Level.BAD if problem else Level.OK)
        self._state.setText(str(problem) if problem else say("Unlocked and ready"))
        self.unlock.setVisible(problem is not None)
