"""A field for something secret."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QLineEdit, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, row
from shopwatch.ui.widgets.inputs.buttons import Button, IconButton

_DOTS = "•" * 24
_LONGEST = 4096


class SecretField(QWidget):
    """Dots, an eye that shows them for as long as it is pressed in, and Paste.

    What surrounds a pasted secret is cut off at once by `trim`. Once stored, the field is emptied and only says how the
    secret ends. `line` is the field, `button` says Paste.
    Signals: `edited()`, after every change by the owner; `pasted()`, after that, when the Paste button made it.
    """

    edited = Signal()
    pasted = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        clipboard: QClipboard,
        trim: Callable[[str], str],
        *,
        main: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._trim = trim
        self.removed_from = ""
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        font = theme.font("mono")
        if main:
            font.setPixelSize(theme.font("lead").pixelSize())
        self.line.setFont(font)
        self.line.setAccessibleName(name)
        self.line.setProperty("tall", "main" if main else "")
        self.line.setTextMargins(0, 0, 36, 0)
        self._eye = IconButton(theme, "eye", say("Show"), size=18 if main else 16)
        self._eye.setCheckable(True)
        self.button = Button(theme, say("Paste"), "", "clipboard", large=main)
        self.button.setAccessibleName(say("Paste: {name}", name=name))
        if main:
            self.button.setProperty("tall", "main")
            self.button.setMinimumWidth(theme.px(176))
        self._build()
        self._eye.toggled.connect(self.on_eye_toggled)
        self.button.clicked.connect(self.on_paste_clicked)
        self.line.textEdited.connect(self.on_text_edited)

    def _build(self) -> None:
        self._eye.setFixedSize(32, 32)
        row(STRETCH, self._eye, inside=self.line, margins=(0, 0, 2, 0))
        row((self.line, 1, Qt.AlignmentFlag.AlignVCenter), self.button, inside=self, gap=4)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        return self.line.text()

    def show_stored(self, tail: str) -> None:
        """Forget what was typed; show only that something ending in `tail` is stored (empty: nothing is)."""
        self.line.setText("")
        self.removed_from = ""
        self._eye.setChecked(False)
        self.line.setPlaceholderText(_DOTS + tail if tail else "")
        self.line.setAccessibleDescription(say("Stored, ends with {tail}", tail=tail) if tail else "")

    def show_wrong(self, wrong: bool) -> None:
        self.line.setProperty("wrong", "true" if wrong else "false")
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)

    def write(self, secret: str) -> None:
        """Put this in, in place of what is there."""
        self._take(secret)

    @Slot()
    def paste(self) -> None:
        """Put the clipboard's text in, in place of what is there."""
        text = self._clipboard.text()[:_LONGEST]
        if text:
            self._take(text)

    def _take(self, text: str) -> None:
        kept = self._trim(text)
        if kept != text:
            self.removed_from = text
        if kept != self.line.text():
            self.line.setText(kept)
        self.edited.emit()

    @Slot()
    def on_paste_clicked(self) -> None:
        self.paste()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pasted.emit()

    @Slot(str)
    def on_text_edited(self, text: str) -> None:
        self.removed_from = ""
        self._take(text)

    @Slot(bool)
    def on_eye_toggled(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.show_icon("eye-slash" if shown else "eye")
        self._eye.rename(say("Hide") if shown else say("Show"))
