"""Why a problem came about, and what helps whoever looks into it."""

import platform
import sys

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from shopwatch import __version__
from shopwatch.settings.redaction import hide
from shopwatch.ui.problem import Problem
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button


class WhyDialog(QDialog):
    """Explains `problem`, with details that can be copied. Open it with `open()`."""

    def __init__(self, theme: Theme, problem: Problem, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(question)
        self._report = _report(problem)
        heading = theme.label(problem.title, "heading")
        words = theme.label(problem.why or problem.text, ink="text2")
        for label in (heading, words):
            label.setWordWrap(True)
        if not words.text():
            words.hide()
        details = QPlainTextEdit(self._report)
        details.setReadOnly(True)
        details.setTabChangesFocus(True)
        details.setFont(theme.font("mono"))
        details.setAccessibleName(self.tr("Details"))
        self.copy_button = Button(theme, self.tr("Copy details"), "", "copy")
        self.copy_button.clicked.connect(self.on_copy)
        close = Button(theme, self.tr("Close"), "primary")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 20, 16)
        column.setSpacing(8)
        for widget in (heading, words, theme.label(self.tr("Details"), "small", 600, ink="text2")):
            column.addWidget(widget)
        column.addWidget(details, 1)
        column.addLayout(buttons)
        close.setFocus()
        self.resize(theme.px(560), theme.px(360))

    @Slot()
    def on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy_button.setText(self.tr("Copied"))


def _report(problem: Problem) -> str:
    """In the words of programs; whoever helps the owner may speak another language."""
    lines = (
        f"Problem: {problem.code or 'unnamed'}",
        problem.cause,
        f"ShopWatch {__version__}",
        platform.platform(),
        f"Python {sys.version}",
    )
    return hide("\n".join(filter(None, lines)))
