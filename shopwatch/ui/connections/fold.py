"""A line of a card that unfolds into what changes it."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import RING, Button, Overhang
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import NoteLine

_NAMES = 104

type Work = Callable[[], Coroutine[Any, Any, None]]


class Fold(QWidget):
    """What it is, how it stands, and a `button` that unfolds `body`; `save` ends that, and keeps what was changed.

    `problem` is where it is said that something could not be done.
    """

    def __init__(self, theme: Theme, name: str, of: str, verb: str) -> None:
        super().__init__()
        self.theme = theme
        self.value = Elided(theme, ink="text2")
        self.button = Button(theme, verb, "quiet")
        self._keep_room(self.button)
        self.save = Button(theme, say("Save"), "primary")
        self.cancel = Button(theme, say("Leave it"), "quiet")
        self.problem = NoteLine(theme)
        self._saving = Once()
        self._of = f"{name}, {of}"
        self.say_verb(verb)
        label = theme.label(name, "body", 500)
        label.setFixedWidth(theme.px(_NAMES))
        self.line = row(label, (self.value, 1), self.button, gap=8)
        self._unfolded = QWidget()
        self.body = column(inside=self._unfolded, margins=(theme.px(_NAMES) + 8, 0, 0, 8), gap=6)
        self._ends = Overhang(self.save, self.cancel, start=True)
        self._ends.setSpacing(0)
        self._ends.addStretch(1)
        self.problem.setContentsMargins(theme.px(_NAMES) + 8, 0, RING, 8)
        column(self.line, self._unfolded, self.problem, inside=self)
        self._unfolded.hide()
        self.button.clicked.connect(self.on_unfold)
        self.cancel.clicked.connect(self.fold)
        self.save.clicked.connect(self.on_save)

    @staticmethod
    def _keep_room(button: Button) -> None:
        """The line stays as high while it is unfolded."""
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)

    def finish(self) -> None:
        """All of `body` is in: put the buttons below it."""
        self.body.addLayout(self._ends)

    def say_verb(self, verb: str) -> None:
        self.button.setText(verb)
        self.button.setAccessibleName(f"{verb} {self._of}")

    def show_unreadable(self, why: str = "") -> None:
        """Nobody knows how it stands, so that no change is offered either."""
        self.value.show_text(" ".join(filter(None, (say("Cannot be read now."), why))))
        self.button.hide()

    def offer(self, verb: str) -> None:
        """It is known how it stands, and can be changed by `button`."""
        self.say_verb(verb)
        self.button.setVisible(not self.is_open)

    @property
    def is_open(self) -> bool:
        return not self._unfolded.isHidden()

    def begin(self) -> None:
        """It unfolds: show what is so now. The first field takes the keyboard."""

    def changed(self) -> Work | None:
        """The work of saving, or None if there is nothing to save."""
        return None

    @Slot()
    def fold(self) -> None:
        had_keyboard = self._unfolded.isAncestorOf(self.focusWidget() or self)
        self._unfolded.hide()
        self.button.show()
        self.problem.clear()
        if had_keyboard:
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_unfold(self) -> None:
        self._unfolded.show()
        self.button.hide()
        self.begin()

    @Slot()
    def on_save(self) -> None:
        work = self.changed()
        if work is None:
            self.fold()
        else:
            self.attempt(lambda: self._save(work), "save a connection's setting")

    async def _save(self, work: Work) -> None:
        await work()
        self.fold()

    def attempt(self, work: Work, name: str) -> None:
        """Begin `work`; what goes wrong is said here."""
        self._saving.start(lambda: self._attempted(work), name)

    async def _attempted(self, work: Work) -> None:
        try:
            await work()
        except UserError as problem:
            self.complain(problem)

    def complain(self, problem: UserError) -> None:
        self.problem.tell("bad", str(problem))
