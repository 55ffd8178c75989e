"""A question before something that cannot be taken back by a click."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button


class Question(QDialog):
    """A sentence and two verbs; the keyboard starts on the safe one. Open it with `open()`, never with `exec()`.

    Signals: those of QDialog; `accepted` is the action, `rejected` the safe way, also by Escape.
    """

    def __init__(
        self, theme: Theme, question: str, text: str, *, safe: str, action: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(question)
        self.setAccessibleDescription(text)
        heading = theme.label(question, "heading")
        heading.setWordWrap(True)
        words = theme.label(text, ink="text2")
        words.setWordWrap(True)
        self.safe = Button(theme, safe)
        self.action = Button(theme, action, "primary")
        self.safe.clicked.connect(self.reject)
        self.action.clicked.connect(self.accept)
        whole = column(
            heading, words, 8, row(STRETCH, self.safe, self.action), inside=self, margins=(24, 20, 20, 16), gap=8
        )
        self.setMinimumWidth(theme.px(408))
        self.setMaximumWidth(theme.px(480))
        # A window does not learn by itself how high wrapped words become.
        width = self.sizeHint().boundedTo(self.maximumSize()).expandedTo(self.minimumSize()).width()
        self.resize(width, whole.totalHeightForWidth(width))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.safe.setFocus(Qt.FocusReason.TabFocusReason)
        self.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
