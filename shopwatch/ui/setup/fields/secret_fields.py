"""Fields for the secrets of one source."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.secret_look import trimmed
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.inputs.secret_field import SecretField
from shopwatch.ui.widgets.texts.sign import NoteLine

_MOST = 8


class SecretFields(QWidget):
    """One field, and up to seven more, each with a note below it.

    All are there from the start and most are hidden, so that the Tab key meets them in the order of reading.
    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__()
        self._all: list[SecretField] = []
        self._notes: list[NoteLine] = []
        self._count = 0
        whole = column(inside=self, gap=4)
        for number in range(1, _MOST + 1):
            name = say("Secret {number}", number=number) if number > 1 else say("Secret")
            field = SecretField(theme, name, clipboard, trimmed, main=True)
            note = NoteLine(theme)
            whole.addWidget(field)
            whole.addWidget(note)
            field.edited.connect(self.edited)
            field.hide()
            self._all.append(field)
            self._notes.append(note)
        self.grow()

    @property
    def shown(self) -> list[SecretField]:
        return self._all[: self._count]

    @property
    def notes(self) -> list[NoteLine]:
        """Those of `shown`."""
        return self._notes[: self._count]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is written in them, each once."""
        return tuple(dict.fromkeys(field.text() for field in self.shown if field.text()))

    @property
    def can_grow(self) -> bool:
        return self._count < _MOST

    def grow(self) -> SecretField:
        """Show one more, and return it; the last if there can be no more."""
        if self.can_grow:
            self._count += 1
            self._all[self._count - 1].show()
        return self._all[self._count - 1]

    def clear(self) -> None:
        """Empty all, and show only the first."""
        for field, note in zip(self._all, self._notes, strict=True):
            field.show_stored("")
            field.hide()
            note.clear()
        self._count = 0
        self.grow()

    def show_tails(self, tails: tuple[str, ...]) -> None:
        """A field for each stored secret, which says how it ends; what the owner has written meanwhile stays."""
        while self._count < min(len(tails), _MOST):
            self.grow()
        for field, tail in zip(self.shown, tails, strict=False):
            if not field.text():
                field.show_stored(tail)
