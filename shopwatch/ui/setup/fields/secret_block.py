"""The fields of a secret: pasted, or made here where the owner chooses it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.secret_look import look_at, made, removal
from shopwatch.presenting.setup.secret_text import SecretWords
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.secret_fields import SecretFields
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button, Overhang
from shopwatch.ui.widgets.inputs.copy_field import CopyField


class SecretBlock(QWidget):
    """One field, or several where each event type has a secret of its own; hidden where there is none to give.

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__()
        self._length = 0
        self._name = theme.label("", "body", 500)
        self.fields = SecretFields(theme, clipboard)
        self.another = Button(theme, say("Add another secret"), "link", "plus")
        self.make = Button(theme, say("Make one for me"), "link", "magic-wand")
        self.made = CopyField(theme, say("The new secret"), clipboard)
        self._copy_it = theme.label("", "small", ink="text2")
        self._copy_it.setWordWrap(True)
        column(
            self._name,
            8,
            Overhang(self.fields),
            row(self.another, self.make, STRETCH, gap=16),
            self.made,
            self._copy_it,
            inside=self,
        )
        self.fields.edited.connect(self.on_edited)
        self.another.clicked.connect(self.on_another)
        self.make.clicked.connect(self.on_make)
        self._show_made("")

    def show_provider(self, provider: Provider, words: SecretWords, name: str, tails: tuple[str, ...]) -> None:
        """Ask for the secret of this one; `tails` are how the stored ones end."""
        self.setVisible(words.wanted)
        self._name.setText(words.label)
        self._length = provider.setup.secret_length
        self.another.setVisible(provider.setup.secret_each_event)
        self.make.setVisible(bool(self._length))
        self._copy_it.setText(
            say(
                "Copy it into {service}’s page, and leave that open: the address follows in the next step.",
                service=name,
            )
        )
        self.fields.show_tails(tails)

    def look(self, provider: Provider, others: Sequence[Provider]) -> None:
        """Say below each field whether that looks like a secret of this provider."""
        for field, note in zip(self.fields.shown, self.fields.notes, strict=True):
            secret = field.text()
            removed = removal(field.removed_from, secret) if field.removed_from else ""
            found = look_at(secret, removed, provider, others)
            note.tell("ok" if found.sure else "warn", found.sentence)

    def clear(self) -> None:
        """Let nothing secret stay."""
        self.fields.clear()
        self.another.setEnabled(True)
        self._show_made("")

    def paste(self) -> None:
        """Put the clipboard's text into the first empty field."""
        empty = next((field for field in self.fields.shown if not field.text()), self.fields.shown[-1])
        empty.paste()
        empty.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_made(self, secret: str) -> None:
        self.made.show_text(secret)
        self.made.setVisible(bool(secret))
        self._copy_it.setVisible(bool(secret))

    @Slot()
    def on_edited(self) -> None:
        if self.made.text() and self.fields.shown[0].text() != self.made.text():
            self._show_made("")
        self.edited.emit()

    @Slot()
    def on_another(self) -> None:
        self.fields.grow().line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.another.setEnabled(self.fields.can_grow)

    @Slot()
    def on_make(self) -> None:
        secret = made(self._length)
        self.fields.shown[0].write(secret)
        self._show_made(secret)
        self.made.button.setFocus(Qt.FocusReason.OtherFocusReason)
