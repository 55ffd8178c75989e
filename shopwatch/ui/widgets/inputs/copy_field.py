"""A text to be copied."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QLineEdit, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import row
from shopwatch.ui.widgets.inputs.copy_button import CopyButton


class CopyField(QWidget):
    """A read-only field and its `button`, which says "Copied" for 2 s.

    `main` is the large one of the assistant, `verb` what the button says instead of "Copy".
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        clipboard: QClipboard,
        *,
        main: bool = False,
        verb: str = "",
        font: str = "mono",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._field = QLineEdit()
        self._field.setReadOnly(True)
        self._field.setFont(theme.font(font))
        self._field.setAccessibleName(name)
        self._field.setProperty("tall", "main" if main else "")
        self.button = CopyButton(theme, verb or say("Copy"), clipboard, "primary" if main else "", large=main)
        self.button.setAccessibleName(say("Copy: {name}", name=name))
        if main:
            self.button.setProperty("tall", "main")
            self.button.setMinimumWidth(theme.px(176))
            large = theme.font("mono")
            large.setPixelSize(theme.font("lead").pixelSize())
            self._field.setFont(large)
        row((self._field, 1, Qt.AlignmentFlag.AlignVCenter), self.button, inside=self, gap=4)
        self.button.clicked.connect(self.on_clicked)

    def show_text(self, text: str, shown: str = "") -> None:
        """Offer `text`; where not all of it may be read by whoever looks on, `shown` stands in the field."""
        self._text = text
        self._field.setText(shown or text)
        self._field.setCursorPosition(0)
        self.button.setEnabled(bool(text))

    def text(self) -> str:
        """What will be copied."""
        return self._text

    @Slot()
    def on_clicked(self) -> None:
        self.button.setMinimumWidth(self.button.width())
        self.button.copy(self._text)
