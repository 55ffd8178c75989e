"""The settings of one step."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.letter import THANKS, Letter
from shopwatch.domain.rule import Action, Step
from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.rules.wording import KINDS, letter_name, title_of
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import RING, Button, IconButton
from shopwatch.ui.widgets.clearing import clear
from shopwatch.ui.widgets.combo import Combo
from shopwatch.ui.widgets.sign import NoteLine
from shopwatch.ui.widgets.switch import Switch

_WORDS_HEIGHT = 96
_MOST_WORDS = 4000
_PAUSE = 150


class StepPane(QWidget):
    """Shows a `Step` and changes it at once.

    Signals: `edited(Step)`; `back_requested()`; `remove_requested()`; `target_requested(TargetKind, str)`, the target
    of this id is to be changed, or a new one set up; `letter_requested(str)`, the letter of this id is to be written,
    or a new one.
    """

    edited = Signal(object)
    back_requested = Signal()
    remove_requested = Signal()
    target_requested = Signal(object, str)
    letter_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._step = Step(Action.RING)
        self._targets: Sequence[Target] = ()
        self._letters: Sequence[Letter] = ()
        self.back = IconButton(theme, "arrow-left", say("Back to the rule"), size=16)
        self._title = theme.label("", "heading")
        self.remove = Button(theme, say("Remove this step"), "plain", "trash")
        self.remove.setProperty("leading", "true")
        self.note = NoteLine(theme)
        self._body = QVBoxLayout()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._words: QPlainTextEdit | None = None
        self._build()
        self.back.clicked.connect(self.back_requested)
        self.remove.clicked.connect(self.remove_requested)
        self._pause.timeout.connect(self.on_words_written)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        self._body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self._body)
        column.addWidget(self.note)
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)

    @property
    def step(self) -> Step:
        return self._step

    def show_step(self, step: Step, targets: Sequence[Target], letters: Sequence[Letter]) -> None:
        self._pause.stop()
        self._step, self._targets, self._letters = step, targets, letters
        self._title.setText(title_of(step.action))
        self._clear()
        self.note.clear()
        match step.action:
            case Action.RING:
                self._show_ring()
            case Action.EMAIL:
                self._show_email()
            case Action.CHAT:
                self._show_target(say("Post to"), say("Another chat…"))
                self._show_words()
            case Action.FORWARD:
                self._show_target(say("Pass it on to"), say("Another place…"))
            case Action.DATABASE:
                self._show_target(say("Write into"), say("Another database…"))
            case Action.POPULAR:
                self._say(say("The page of popular items is made anew."))
            case Action.QUIET:
                self._say(say("Nothing rings, and no rule below this one is looked at."))

    def focus_first(self) -> None:
        self.back.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_ring(self) -> None:
        self._switch("bell", say("Ring the bell with it"))
        self._switch("stays", say("Keep it until it is seen"))
        self._label(say("Sound"))
        sound = self._combo(say("Sound"))
        sound.add(say("The till bell"), "")
        sound.add(say("A special sound"), "special")
        sound.setCurrentIndex(1 if self._step.settings.get("sound") == "special" else 0)
        sound.activated.connect(lambda _at: self._set("sound", str(sound.currentData())))

    def _show_email(self) -> None:
        chosen = self._step.settings.get("template", THANKS.id)
        self._label(say("Letter"))
        letter = self._combo(say("Letter"))
        for letter_id in dict.fromkeys([THANKS.id, *(each.id for each in self._letters), chosen]):
            letter.add(letter_name(letter_id, self._letters), letter_id)
        letter.setCurrentIndex(letter.findData(chosen))
        letter.activated.connect(lambda _at: self._set("template", str(letter.currentData())))
        self._button(say("Write the letter…"), "pencil-simple", lambda: self.letter_requested.emit(chosen))
        self._button(say("Write another letter…"), "plus", lambda: self.letter_requested.emit(""))
        account = next((each for each in self._targets if each.kind is TargetKind.MAIL), None)
        if account is None:
            self.note.tell("warn", say("No mail account is connected. Until then its e-mails wait."))
            self._button(
                say("Connect a mail account…"), "plus", lambda: self.target_requested.emit(TargetKind.MAIL, "")
            )
        else:
            self._say(say("Sent from {address}. One for each sale.", address=account.options.get("from", "")))
            self._button(
                say("Change the mail account…"),
                "gear",
                lambda: self.target_requested.emit(TargetKind.MAIL, account.id),
            )

    def _show_target(self, label: str, another: str) -> None:
        kind = KINDS[self._step.action]
        known = [each for each in self._targets if each.kind is kind]
        chosen = self._step.settings.get("to", "")
        found = next((each for each in known if each.id == chosen), None)
        if known:
            self._label(label)
            combo = self._combo(label)
            if found is None:
                combo.add(say("Choose one"), "")
            for each in known:
                combo.add(each.name, each.id)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))
            combo.activated.connect(lambda _at: self._set("to", str(combo.currentData())))
        if found is None:
            self.note.tell("warn", say("It is not connected, so this step cannot be done."))
        else:
            self._button(say("Change it…"), "gear", lambda: self.target_requested.emit(kind, found.id))
        self._button(another if known else say("Connect it…"), "plus", lambda: self.target_requested.emit(kind, ""))

    def _show_words(self) -> None:
        self._label(say("Your own words, if you like"))
        words = QPlainTextEdit(self._step.settings.get("text", ""))
        words.setAccessibleName(say("Your own words, if you like"))
        words.setPlaceholderText(say("New sale: {{ amount }} from {{ name }}"))
        words.setFont(self._theme.font("body"))
        words.setTabChangesFocus(True)
        words.setFixedHeight(self._theme.px(_WORDS_HEIGHT))
        words.textChanged.connect(self._pause.start)
        self._words = words
        self._body.addWidget(words)
        self._say(
            say("Between braces: {fields}.", fields="amount, given_back, name, order, items, bought, source"),
        )

    @Slot()
    def on_words_written(self) -> None:
        """Take the words, if they can be used; say what is wrong with them if not."""
        from shopwatch.actions.mail.rendering import checked  # noqa: PLC0415 - slow to load, and rarely needed

        if self._words is None:
            return
        text = self._words.toPlainText().strip()[:_MOST_WORDS]
        try:
            checked(text)
        except UserError as problem:
            self.note.tell("bad", str(problem))
            return
        self.note.clear()
        self._set("text", text)

    def _set(self, name: str, value: str) -> None:
        settings = {**self._step.settings, name: value}
        self._step = Step(self._step.action, {key: each for key, each in settings.items() if each})
        self.edited.emit(self._step)
        if name == "to":
            self.show_step(self._step, self._targets, self._letters)

    def _clear(self) -> None:
        self._words = None
        clear(self._body)

    def _label(self, text: str) -> None:
        self._body.addWidget(self._theme.label(text, "small", 500, ink="text2"))

    def _say(self, text: str) -> None:
        label = self._theme.label(text, "small", ink="text2")
        label.setWordWrap(True)
        self._body.addWidget(label)

    def _combo(self, name: str) -> Combo:
        combo = Combo(self._theme, name)
        combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._body.addWidget(combo)
        return combo

    def _button(self, text: str, icon: str, then: Callable[[], object]) -> None:
        button = Button(self._theme, text, "quiet", icon)
        button.setProperty("leading", "true")
        button.clicked.connect(then)
        self._body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def _switch(self, name: str, text: str) -> None:
        switch = Switch(self._theme, text)
        switch.setChecked(self._step.settings.get(name) == "yes")
        switch.clicked.connect(lambda on: self._set(name, "yes" if on else ""))
        row = QHBoxLayout()
        row.addWidget(self._theme.label(text), 1)
        row.addWidget(switch)
        row.addSpacing(-RING)
        self._body.addLayout(row)
