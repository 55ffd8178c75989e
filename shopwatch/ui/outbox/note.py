"""What is said below a chosen row of the outbox, and what can be decided there."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.outbox.job_text import Choice, Explanation, choice_text
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.wrapped_label import WrappedLabel


class OutboxNote(QFrame):
    """Shows an `Explanation`. Signals: `decided(Choice)`; `resized()`, it needs another height now."""

    decided = Signal(object)
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: Explanation | None = None
        self._details_open = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 8, 16, 9)
        self._column.setSpacing(4)
        self.hide()

    @property
    def shown(self) -> Explanation | None:
        return self._shown

    def show_explanation(self, explanation: Explanation) -> None:
        """Show another one than before, its details closed."""
        if explanation != self._shown:
            self._shown = explanation
            self._details_open = False
            self._build(explanation)

    def buttons(self) -> list[Button]:
        """In their order."""
        return [each for each in self.findChildren(Button) if each.isVisibleTo(self)]

    def height_for(self, width: int) -> int:
        return self._column.totalHeightForWidth(width)

    def _build(self, explanation: Explanation) -> None:
        self._clear()
        self.setProperty("ground", f"note-{explanation.kind}")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(explanation.text)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        words = WrappedLabel(self._theme, explanation.text)
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(16)
        if explanation.details:
            row.addWidget(self._button(say("Details"), "plain", self.on_details))
        for choice in explanation.choices:
            button = self._button(choice_text(choice), "")
            button.setProperty("choice", choice.value)
            button.clicked.connect(self.on_choice)
            row.addWidget(button)
        line.setMinimumHeight(self._theme.px(40))
        self._column.addWidget(line)
        # What a visible widget has just been given counts as hidden, and takes no room, until it is shown.
        for each in (*line.findChildren(QWidget), line):
            each.show()
        self._words = WrappedLabel(self._theme, explanation.details, "mono", ink="text2")
        self._words.setVisible(False)
        self._column.addWidget(self._words)

    def _button(self, text: str, kind: str, slot: object = None) -> Button:
        button = Button(self._theme, text, kind)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if callable(slot):
            button.clicked.connect(slot)
        return button

    def _clear(self) -> None:
        clear(self._column)

    @Slot()
    def on_details(self) -> None:
        """Show the other side's own words, or hide them."""
        self._details_open = not self._details_open
        self._words.setVisible(self._details_open)
        self.resized.emit()

    @Slot()
    def on_choice(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self.decided.emit(Choice(button.property("choice")))
