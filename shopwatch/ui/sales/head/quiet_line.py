"""The line that names a source which is usually busy and says nothing."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.status.silence_text import silence_text
from shopwatch.shop.shop import Shop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import Sign


class QuietLine(QFrame):
    """Hidden while nobody is silent. Signals: `wanted(str)`, the connection of this source is to be looked at."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._silent: tuple[Source, ...] = ()
        self._sentence = Elided(theme)
        self.look = Button(theme, say("Show connection"), "link")
        self.setProperty("ground", "note-warn")
        self.setFixedHeight(theme.px(36))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(Sign(theme, "ear", 16, "warn"))
        row.addWidget(self._sentence, 1)
        row.addWidget(self.look)
        self.look.clicked.connect(self.on_look)
        self.hide()

    def tell(self, state: Shop, today: date, *, gives_way: bool) -> None:
        """As the shop is now; `gives_way`: a graver problem is shown, which may be why."""
        self._silent = tuple(each for each in state.sources.all if each.id in state.silences.silent)
        sentence = silence_text(state, self._silent, today) if self._silent else ""
        self._sentence.show_own(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence) and not gives_way)

    def text(self) -> str:
        return self._sentence.whole_text()

    @Slot()
    def on_look(self) -> None:
        if self._silent:
            self.wanted.emit(self._silent[0].id)
