"""What the fields of a target are filled in with: each tells its value as a text, and shows one."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSizePolicy

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import ON, Field, FieldKind
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.inputs.secret_field import SecretField


def _one_line(text: str) -> str:
    """A password as it is typed: spaces inside it belong to it."""
    return text.strip("\r\n")


class LineInput(QLineEdit):
    """Signals: `changed(str)`, the owner has changed the field of this key."""

    changed = Signal(str)

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__()
        self._key = field.key
        self.setFont(theme.font("body"))
        self.setMaxLength(field.longest)
        self.setAccessibleName(field.label())
        self.setPlaceholderText(field.hint())
        self.setText(field.usual)
        self.textEdited.connect(self.on_text_edited)

    def value(self) -> str:
        return self.text().strip()

    def show_value(self, value: str) -> None:
        self.setText(value)

    @Slot(str)
    def on_text_edited(self, _text: str) -> None:
        self.changed.emit(self._key)


class SecretInput(SecretField):
    """Signals: `changed(str)`, as `LineInput`."""

    changed = Signal(str)

    def __init__(self, theme: Theme, field: Field, clipboard: QClipboard) -> None:
        super().__init__(theme, field.label(), clipboard, _one_line)
        self._key = field.key
        self.edited.connect(self.on_edited)

    def value(self) -> str:
        return self.text().strip()

    def show_value(self, value: str) -> None:
        self.line.setText(value)

    def say_stored(self) -> None:
        """Say that one is kept already."""
        self.line.setPlaceholderText(say("Stored. Leave this empty to keep it."))

    @Slot()
    def on_edited(self) -> None:
        self.changed.emit(self._key)


class SwitchInput(QCheckBox):
    """Signals: `changed(str)`, as `LineInput`."""

    changed = Signal(str)

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__(field.label())
        self._key = field.key
        self.setFont(theme.font("body"))
        self.show_value(field.usual)
        self.clicked.connect(self.on_clicked)

    def value(self) -> str:
        return ON if self.isChecked() else ""

    def show_value(self, value: str) -> None:
        self.setChecked(value == ON)

    @Slot()
    def on_clicked(self) -> None:
        self.changed.emit(self._key)


class ChoiceInput(Combo):
    """`about` is what is said of the chosen one, None where nothing is said of any. A value that is none of the choices
    is shown as the empty one, or else as the first.

    Signals: `changed(str)`, as `LineInput`.
    """

    changed = Signal(str)

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__(theme, field.label())
        self._field = field
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for choice in field.choices:
            self.add(choice.label(), choice.value)
        self.about = theme.label("", "small", ink="text2") if any(each.about() for each in field.choices) else None
        if self.about is not None:
            self.about.setWordWrap(True)
        self.currentIndexChanged.connect(self.on_index_changed)
        self.activated.connect(self.on_activated)
        self.show_value(field.usual)
        self.on_index_changed()

    def value(self) -> str:
        return str(self.currentData())

    def show_value(self, value: str) -> None:
        at = self.findData(value)
        self.setCurrentIndex(at if at >= 0 else max(0, self.findData("")))

    @Slot()
    def on_index_changed(self) -> None:
        if self.about is not None:
            self.about.setText(self._field.choices[self.currentIndex()].about())

    @Slot()
    def on_activated(self) -> None:
        self.changed.emit(self._field.key)


type Input = LineInput | SecretInput | SwitchInput | ChoiceInput


def input_for(theme: Theme, field: Field, clipboard: QClipboard) -> Input:
    """The widget for a field that the owner fills in."""
    match field.kind:
        case FieldKind.SECRET:
            return SecretInput(theme, field, clipboard)
        case FieldKind.SWITCH:
            return SwitchInput(theme, field)
        case FieldKind.CHOICE:
            return ChoiceInput(theme, field)
        case _:
            return LineInput(theme, field)
