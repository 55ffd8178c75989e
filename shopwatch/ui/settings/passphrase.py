"""Asking for the passphrase of a backup."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from shopwatch.domain.i18n import say
from shopwatch.secrets.sealing import SHORTEST_PASSPHRASE
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.sign import NoteLine

_WIDTH = 440
_LONGEST = 1_000


class PassphraseDialog(QDialog):
    """A passphrase, typed twice where it is `new`; `needed` where it cannot be left out, and not even `asked` for where
    there is none. Open it with `open()`.

    Signals: `chosen(str)`, empty for none. The owner's own mistakes are said in place.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str,
        *,
        action: str,
        new: bool = False,
        needed: bool = False,
        asked: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._new = new
        self._needed = needed
        self._asked = asked
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(title)
        self.first = self._line(say("Passphrase"))
        self.again = self._line(say("The same again"))
        self.note = NoteLine(theme)
        self.cancel = Button(theme, say("Cancel"))
        self.action = Button(theme, action, "primary")
        self._build(theme, title, text)
        self.cancel.clicked.connect(self.reject)
        self.action.clicked.connect(self.on_action)
        self.first.textEdited.connect(self.on_edited)
        self.again.textEdited.connect(self.on_edited)

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(_LONGEST)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setAccessibleName(name)
        line.returnPressed.connect(self.on_action)
        return line

    def _build(self, theme: Theme, title: str, text: str) -> None:
        heading = theme.label(title, "heading")
        heading.setWordWrap(True)
        words = theme.label(text, ink="text2")
        words.setWordWrap(True)
        self._column = column(heading, words, inside=self, margins=(24, 20, 20, 16), gap=8)
        for line in (self.first, self.again):
            label = theme.label(line.accessibleName(), "small", 500, ink="text2")
            label.setBuddy(line)
            for widget in (label, line):
                self._column.addWidget(widget)
                widget.setVisible(self._asked if line is self.first else self._new)
        self._column.addWidget(self.note)
        self._column.addSpacing(8)
        self._column.addLayout(row(STRETCH, self.cancel, self.action))
        self.setFixedWidth(theme.px(_WIDTH))
        self._fit()

    def _fit(self) -> None:
        # A window does not learn by itself how high wrapped words become.
        self._column.activate()
        self.resize(self.width(), self._column.totalHeightForWidth(self.width()))

    @Slot()
    def on_edited(self) -> None:
        self.note.clear()
        self._fit()

    @Slot()
    def on_action(self) -> None:
        typed = self.first.text()
        if (typed or self._needed) and (mistake := self._mistake(typed)):
            self.note.tell("bad", mistake)
            self._fit()
            return
        self.accept()
        self.chosen.emit(typed)

    def _mistake(self, typed: str) -> str:
        if self._new and len(typed) < SHORTEST_PASSPHRASE:
            return say("Use {n} characters or more, for example four words.", n=SHORTEST_PASSPHRASE)
        if self._new and typed != self.again.text():
            return say("The two are not the same. Type them once more.")
        return "" if typed else say("Type the passphrase of this backup.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.first if self._asked else self.cancel).setFocus(Qt.FocusReason.OtherFocusReason)
