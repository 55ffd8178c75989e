"""The question before ShopWatch ends."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.look.theme import Theme


class Leaving(QObject):
    """Asks once at a time.

    Signals: `confirmed()`, ShopWatch is to end.
    """

    confirmed = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._question: Question | None = None

    def ask(self, above: QWidget, *, loses_rule: bool) -> None:
        """Ask whether ShopWatch may end. `loses_rule` tells that what was changed in a rule is not kept yet."""
        if self._question is not None:
            self._question.raise_()
            return
        words = say("Sales that come while ShopWatch is closed are not shown at once. Your services keep them.")
        if loses_rule:
            words = say("What you have changed in this rule is not kept yet. {words}", words=words)
        self._question = Question(
            self._theme,
            say("Stop listening and quit?"),
            words,
            safe=say("Keep listening"),
            action=say("Stop and quit"),
            parent=above if above.isVisible() else None,
        )
        self._question.accepted.connect(self.confirmed)
        self._question.finished.connect(self.on_finished)
        self._question.open()

    def hide(self) -> None:
        """Take the question off the screen."""
        if self._question is not None:
            self._question.hide()

    @Slot()
    def on_finished(self) -> None:
        self._question = None
