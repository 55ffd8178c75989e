"""A button that copies."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QClipboard

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button

_SAID_FOR = 2000


class CopyButton(Button):
    """Says "Copied" for 2 s after `copy`, and its verb at other times."""

    def __init__(self, theme: Theme, verb: str, clipboard: QClipboard, kind: str = "", *, large: bool = False) -> None:
        super().__init__(theme, verb, kind, "copy", large=large)
        self._verb = verb
        self._clipboard = clipboard
        self._said = QTimer(self, interval=_SAID_FOR, singleShot=True)
        self._said.timeout.connect(self.on_said)

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, and say so."""
        self._clipboard.setText(text)
        self.setText(say("Copied"))
        self.show_icon("check")
        self._said.start()

    def offer(self, verb: str) -> None:
        """Say `verb` from now on."""
        self._verb = verb
        self.on_said()

    @Slot()
    def on_said(self) -> None:
        self._said.stop()
        self.setText(self._verb)
        self.show_icon("copy")
