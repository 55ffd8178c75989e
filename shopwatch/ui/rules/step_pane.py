"""The settings of one step."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules import rule
from shopwatch.domain.rules.form import ON, Field, FieldKind
from shopwatch.domain.rules.job import TO
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.rules.rule_text import letter_name
from shopwatch.presenting.rules.step_form import Place, step_form
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.clearing import clear
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import RING, Button, IconButton
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.switch import Switch
from shopwatch.ui.widgets.texts.sign import NoteLine

_WORDS_HEIGHT = 96
_PAUSE = 150


class StepPane(QWidget):
    """Shows a `Step` and changes it at once.

    Signals: `edited(Step)`; `back_requested()`; `remove_requested()`; `target_requested(str, str)`, the target
    of this kind and id is to be changed, or a new one set up; `letter_requested(str)`, the letter of this id is to be
    written, or a new one.
    """

    edited = Signal(object)
    back_requested = Signal()
    remove_requested = Signal()
    target_requested = Signal(str, str)
    letter_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._step = RuleStep(rule.RING)
        self._targets: Sequence[Target] = ()
        self._letters: Sequence[Letter] = ()
        self.back = IconButton(theme, "arrow-left", say("Back to the rule"), size=16)
        self._title = theme.label("", "heading")
        self.remove = Button(theme, say("Remove this step"), "plain", "trash")
        self.remove.setProperty("leading", "true")
        self.note = NoteLine(theme)
        self._body = column(gap=8)
        self._keys: dict[QObject, str] = {}
        self._presses: dict[QObject, Callable[[], object]] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._words: QPlainTextEdit | None = None
        self._words_for: Field | None = None
        self._build()
        self.back.clicked.connect(self.back_requested)
        self.remove.clicked.connect(self.remove_requested)
        self._pause.timeout.connect(self.on_words_written)

    def _build(self) -> None:
        column(
            row(self.back, (self._title, 1), gap=8),
            self._body,
            self.note,
            (self.remove, 0, Qt.AlignmentFlag.AlignLeading),
            STRETCH,
            inside=self,
            margins=(24, 16, 24, 16),
            gap=16,
        )

    @property
    def step(self) -> RuleStep:
        return self._step

    def show_step(self, step: RuleStep, targets: Sequence[Target], letters: Sequence[Letter]) -> None:
        self._pause.stop()
        self._step, self._targets, self._letters = step, targets, letters
        form = step_form(step, targets)
        self._title.setText(form.title)
        self._clear()
        self.note.clear()
        if form.own is not None:
            self._show_place(form.own)
        for field in form.fields:
            self._show_field(field)
        if form.shared is not None:
            self._show_place(form.shared)
        if form.about:
            self._say(form.about)

    def focus_first(self) -> None:
        self.back.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_field(self, field: Field) -> None:
        match field.kind:
            case FieldKind.SWITCH:
                self._switch(field)
            case FieldKind.CHOICE:
                self._choice(field)
            case FieldKind.TEMPLATE:
                self._show_words(field)
            case FieldKind.LETTER:
                self._show_letters(field)
            case _:
                self._line(field)
        if about := field.about():
            self._say(about)

    def _show_letters(self, field: Field) -> None:
        chosen = self._step.settings.get(field.key, field.usual)
        known = dict.fromkeys([field.usual, *(each.id for each in self._letters), chosen])
        self._add_combo(field, [(letter_name(each, self._letters), each) for each in known], chosen)
        self._button(say("Write the letter…"), "pencil-simple", lambda: self.letter_requested.emit(chosen))
        self._button(say("Write another letter…"), "plus", lambda: self.letter_requested.emit(""))

    def _show_place(self, place: Place) -> None:
        if place.entries:
            self._label(place.choose)
            combo = self._combo(place.choose)
            if not place.chosen:
                combo.add(say("Choose one"), "")
            for name, target_id in place.entries:
                combo.add(name, target_id)
            combo.setCurrentIndex(max(0, combo.findData(place.chosen)))
            self._keys[combo] = TO
            combo.activated.connect(self.on_chosen)
        if place.used:
            self._say(place.used)
        if place.warning:
            self.note.tell("warn", place.warning)
        if place.change:
            self._button(place.change, "gear", lambda: self.target_requested.emit(place.kind, place.chosen))
        if place.connect:
            self._button(place.connect, "plus", lambda: self.target_requested.emit(place.kind, ""))

    def _show_words(self, field: Field) -> None:
        self._label(field.label())
        words = QPlainTextEdit(self._step.settings.get(field.key, ""))
        words.setAccessibleName(field.label())
        words.setPlaceholderText(field.hint())
        words.setFont(self._theme.font("body"))
        words.setTabChangesFocus(True)
        words.setFixedHeight(self._theme.px(_WORDS_HEIGHT))
        words.textChanged.connect(self._pause.start)
        self._words = words
        self._words_for = field
        self._body.addWidget(words)

    @Slot()
    def on_words_written(self) -> None:
        """Take the words, if they can be used; say what is wrong with them if not."""
        if self._words is None or self._words_for is None:
            return
        text = self._words.toPlainText().strip()[: self._words_for.longest]
        try:
            self._words_for.check(text)
        except UserError as problem:
            self.note.tell("bad", str(problem))
            return
        self.note.clear()
        self._set(self._words_for.key, text)

    @Slot()
    def on_chosen(self) -> None:
        combo = self.sender()
        if isinstance(combo, Combo):
            self._set(self._keys[combo], str(combo.currentData()))

    @Slot(str)
    def on_typed(self, text: str) -> None:
        self._set(self._keys[self.sender()], text.strip())

    @Slot(bool)
    def on_switched(self, on: bool) -> None:
        self._set(self._keys[self.sender()], ON if on else "")

    @Slot()
    def on_pressed(self) -> None:
        self._presses[self.sender()]()

    def _set(self, name: str, value: str) -> None:
        settings = {**self._step.settings, name: value}
        self._step = RuleStep(self._step.action, {key: each for key, each in settings.items() if each})
        self.edited.emit(self._step)
        if name == TO:
            self.show_step(self._step, self._targets, self._letters)

    def _clear(self) -> None:
        self._words = self._words_for = None
        self._keys.clear()
        self._presses.clear()
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
        self._presses[button] = then
        button.clicked.connect(self.on_pressed)
        self._body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def _add_combo(self, field: Field, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        self._label(field.label())
        combo = self._combo(field.label())
        for text, key in entries:
            combo.add(text, key)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        self._keys[combo] = field.key
        combo.activated.connect(self.on_chosen)

    def _choice(self, field: Field) -> None:
        chosen = self._step.settings.get(field.key, field.usual)
        self._add_combo(field, [(each.label(), each.value) for each in field.choices], chosen)

    def _line(self, field: Field) -> None:
        self._label(field.label())
        line = QLineEdit(self._step.settings.get(field.key, field.usual))
        line.setAccessibleName(field.label())
        line.setPlaceholderText(field.hint())
        line.setFont(self._theme.font("body"))
        line.setMaxLength(field.longest)
        self._keys[line] = field.key
        line.textEdited.connect(self.on_typed)
        self._body.addWidget(line)

    def _switch(self, field: Field) -> None:
        switch = Switch(self._theme, field.label())
        switch.setChecked(self._step.settings.get(field.key) == ON)
        self._keys[switch] = field.key
        switch.clicked.connect(self.on_switched)
        self._body.addLayout(row((self._theme.label(field.label()), 1), switch, -RING, gap=8))
