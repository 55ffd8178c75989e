"""Where secrets are kept, and whether it can be read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.level import Level
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.cards import Card
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.lamp import Lamp
from shopwatch.ui.widgets.texts.sign import Sign


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
        self.column.addLayout(
            row(
                (Sign(theme, "key", 22, "accent", tile=40), 0, Qt.AlignmentFlag.AlignTop),
                (
                    column(
                        self._name,
                        about,
                        row((self._lamp, 0, Qt.AlignmentFlag.AlignTop), (self._state, 1), margins=(0, 8, 0, 0), gap=8),
                        (self.unlock, 0, Qt.AlignmentFlag.AlignLeft),
                        gap=4,
                    ),
                    1,
                ),
                gap=16,
            )
        )

    def tell(self, name: str, problem: UserError | None) -> None:
        self._name.setText(name or say("No password store"))
        self._lamp.show_level(Level.BAD if problem else Level.OK)
        self._state.setText(str(problem) if problem else say("Unlocked and ready"))
        self.unlock.setVisible(problem is not None)
