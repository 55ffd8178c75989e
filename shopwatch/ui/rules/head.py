"""The head of the Rules page."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided


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
        row(
            (column(STRETCH, theme.label(say("Rules"), "title"), about, STRETCH), 1),
            self.attempt,
            self.new,
            inside=self,
            margins=(24, 0, 20, 1),
            gap=4,
        )
        self.attempt.clicked.connect(self.try_requested)
        self.new.clicked.connect(self.new_requested)
