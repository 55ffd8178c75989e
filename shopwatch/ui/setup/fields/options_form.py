"""Fields for the plain settings of a source."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QGridLayout, QLineEdit, QSizePolicy, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.providers.kit.options import Option
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.inputs.combo import Combo
from shopwatch.ui.widgets.texts.sign import NoteLine

_LABELS = 184
_LONGEST = 500
_CODE = "option-"


class OptionRow(QWidget):
    """One option: its field, what it means, and what is wrong with it. `label` stands beside it.

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, theme: Theme, option: Option) -> None:
        super().__init__()
        self.option = option
        self.label = theme.label(say(option.label), "body", 500)
        self.label.setWordWrap(True)
        self.label.setContentsMargins(0, 7, 0, 0)
        self.note = NoteLine(theme)
        self._places: QStringListModel | None = None
        self.hint = theme.label(say(option.hint) if option.hint else "", "small", ink="text2")
        self.hint.setWordWrap(True)
        self.hint.setVisible(bool(option.hint))
        self.field: QLineEdit | Combo = self._combo(theme) if option.choices else self._line()
        self.field.setAccessibleName(say(option.label))
        self.field.setAccessibleDescription(self.hint.text())
        self.label.setBuddy(self.field)
        column(self.field, self.hint, self.note, inside=self, gap=4)

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(_LONGEST)
        line.textEdited.connect(self.on_edited)
        return line

    def _combo(self, theme: Theme) -> Combo:
        combo = Combo(theme, self.option.label)
        named = map(say, self.option.named) if self.option.named else self.option.choices
        for choice, name in zip(self.option.choices, named, strict=True):
            combo.add(name, choice)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.activated.connect(self.on_edited)
        return combo

    @property
    def value(self) -> str:
        return str(self.field.currentData()) if isinstance(self.field, Combo) else self.field.text().strip()

    @value.setter
    def value(self, value: str) -> None:
        if isinstance(self.field, Combo):
            self.field.setCurrentIndex(max(0, self.field.findData(value)))
        elif value != self.field.text().strip():
            self.field.setText(value)

    def suggest(self, words: str) -> None:
        """What stands in the empty field, for the owner to write or not."""
        if isinstance(self.field, QLineEdit):
            self.field.setPlaceholderText(words)

    def offer(self, places: Sequence[str]) -> None:
        """Places in a message that can be chosen from; each is a place, and what stands there behind it."""
        if not isinstance(self.field, QLineEdit):
            return
        if self._places is None:
            self._places = QStringListModel(self)
            completer = _Places(self._places, self)
            self.field.setCompleter(completer)
            completer.activated.connect(self.on_edited, Qt.ConnectionType.QueuedConnection)
        self._places.setStringList(list(places))

    @Slot()
    def on_edited(self) -> None:
        self.note.clear()
        self.edited.emit()


class _Places(QCompleter):
    """Offers what holds the words written so far; only the place is taken, not what stands there."""

    def __init__(self, places: QStringListModel, parent: QWidget) -> None:
        super().__init__(places, parent)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def pathFromIndex(self, index: object) -> str:
        return super().pathFromIndex(index).partition(" ")[0]  # type: ignore[arg-type]


class OptionsForm(QWidget):
    """A row for each option; what is said of several is seen below the first of them.

    Signals: `edited()`, the owner changed one.
    """

    edited = Signal()

    def __init__(self, theme: Theme, options: Iterable[Option]) -> None:
        super().__init__()
        self.rows = {option.key: OptionRow(theme, option) for option in options}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnMinimumWidth(0, theme.px(_LABELS))
        self._grid.setColumnStretch(1, 1)
        for place, row in enumerate(self.rows.values()):
            row.label.setFixedWidth(theme.px(_LABELS))
            self._grid.addWidget(row.label, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(row, place, 1)
            row.edited.connect(self.edited)
        self.show_only(self.rows)

    @property
    def values(self) -> dict[str, str]:
        """What is told; what is out of sight, and what says nothing else than its absence would, is left out."""
        told = {key: row for key, row in self.rows.items() if not row.isHidden()}
        return {key: row.value for key, row in told.items() if row.value and not self._is_usual(row)}

    def _is_usual(self, row: OptionRow) -> bool:
        return bool(row.option.choices) and not row.option.required and row.value == row.option.choices[0]

    def show_values(self, values: Mapping[str, str]) -> None:
        for key, row in self.rows.items():
            row.value = values.get(key, "")
            row.note.clear()

    def show_only(self, keys: Iterable[str]) -> None:
        """Which rows are in sight."""
        wanted, said = frozenset(keys), {""}
        for key, row in self.rows.items():
            row.setVisible(key in wanted)
            row.label.setVisible(key in wanted)
            if key in wanted:
                row.hint.setVisible(row.option.hint not in said)
                said.add(row.option.hint)

    def complain(self, problem: UserError) -> OptionRow | None:
        """Say what is wrong beside its field, and nothing beside the others; None if it is none of these."""
        found = self.rows.get(problem.code.removeprefix(_CODE)) if problem.code.startswith(_CODE) else None
        for row in self.rows.values():
            row.note.tell("bad", str(problem) if row is found else "")
        return found

    def clear_notes(self) -> None:
        for row in self.rows.values():
            row.note.clear()
