"""The head of the Rules page."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from shopwatch.domain.words import say
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import Button
from shopwatch.ui.widgets.elided import Elided


class RulesHead(QFrame):
    """Signals: `try_requested()`; `new_requested()`."""

    try_requested = Signal()
    new_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "head")
        self.setFixedHeight(theme.px(72))
        about = Elided(theme, "small", ink="text2")
        about.show_own(say("What ShopWatch does for you when something arrives"))
        self.attempt = Button(theme, say("Try on a past sale…"))
        self.new = Button(theme, say("New rule"), "primary", "plus")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(theme.label(say("Rules"), "title"))
        column.addWidget(about)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 20, 1)
        row.setSpacing(4)
        row.addLayout(column, 1)
        row.addWidget(self.attempt)
        row.addWidget(self.new)
        self.attempt.clicked.connect(self.try_requested)
        self.new.clicked.connect(self.new_requested)
