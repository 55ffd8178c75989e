"""What helps whoever looks into a problem."""

import platform
import sys

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from shopwatch import __version__
from shopwatch.domain.i18n import say
from shopwatch.secrets.redaction import hide
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.copy_button import CopyButton


class Report(QPlainTextEdit):
    """`details`, and what ShopWatch runs on, redacted; `copy_button` copies it.

    In the words of programs, not of the owner: whoever helps may speak another language.
    """

    def __init__(self, theme: Theme, details: str) -> None:
        lines = (details, f"ShopWatch {__version__}", platform.platform(), f"Python {sys.version}")
        super().__init__(hide("\n".join(lines)))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(theme.font("mono"))
        self.setAccessibleName(say("Details"))
        self.copy_button = CopyButton(theme, say("Copy details"), QGuiApplication.clipboard())
        self.copy_button.clicked.connect(self.on_copy)

    @Slot()
    def on_copy(self) -> None:
        self.copy_button.copy(self.toPlainText())
