"""The form of a target, made from what its draft asks for."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import Field
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.targets.target_draft import TargetDraft
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.targets.inputs import ChoiceInput, Input, LineInput, SecretInput, SwitchInput, input_for
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import RING
from shopwatch.ui.widgets.inputs.copy_field import CopyField
from shopwatch.ui.widgets.inputs.secret_field import SecretField


class _Fields(QWidget):
    """Fields below each other, each with its name above it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        # Room for the ring of a button that is seen to end where the fields do.
        self.column = column(inside=self, margins=(0, 0, RING, 0), gap=4)

    def put(self, name: str, widget: QWidget) -> None:
        if self.column.count():
            self.column.addSpacing(8)
        self.column.addWidget(self.theme.label(name, "small", 500, ink="text2"))
        self.column.addLayout(row(widget, -RING if isinstance(widget, SecretField) else 0))

    def say_below(self, text: str) -> None:
        label = self.theme.label(text, "small", ink="text3")
        label.setWordWrap(True)
        self.column.addWidget(label)


class TargetForm(_Fields):
    """`inputs` are what the fields of `draft` are filled in with, by their keys; `name` is for what the owner calls it,
    and `issued` shows the secret that ShopWatch makes. The latter two are there where the kind has them.
    """

    def __init__(self, theme: Theme, clipboard: QClipboard, draft: TargetDraft) -> None:
        super().__init__(theme)
        self._draft = draft
        self.inputs: dict[str, Input] = {}
        self.name: LineInput | None = None
        self.issued: CopyField | None = None
        self._issued_part = _Fields(theme)
        if draft.intro:
            self.say_below(draft.intro)
        for field in draft.fields:
            self._add(field, clipboard)
        if draft.name is not None:
            self.name = LineInput(theme, draft.name)
            self.put(draft.name.label(), self.name)
        if draft.issued is not None:
            self._add_issued(draft.issued, clipboard)

    def _add(self, field: Field, clipboard: QClipboard) -> None:
        made = self.inputs[field.key] = input_for(self.theme, field, clipboard)
        made.changed.connect(self.on_changed)
        if isinstance(made, SwitchInput):
            self.column.addSpacing(8)
            self.column.addWidget(made)
        else:
            self.put(field.label(), made)
        if isinstance(made, ChoiceInput) and made.about is not None:
            self.column.addWidget(made.about)
        if about := field.about():
            self.say_below(about)

    def _add_issued(self, field: Field, clipboard: QClipboard) -> None:
        self.issued = CopyField(self.theme, say("Secret"), clipboard)
        self._issued_part.put(field.label(), self.issued)
        if about := field.about():
            self._issued_part.say_below(about)
        self.column.addSpacing(8)
        self.column.addWidget(self._issued_part)
        self._issued_part.hide()

    def show_target(self, target: Target) -> None:
        """Fill the fields from what is kept; its secret is not shown."""
        for key, value in self._draft.values_of(target).items():
            self.inputs[key].show_value(value)
        if self.name is not None:
            self.name.setText(target.name)

    def show_stored(self) -> None:
        """Say that a secret is kept already."""
        for each in self.inputs.values():
            if isinstance(each, SecretInput):
                each.say_stored()

    def show_issued(self, secret: str) -> None:
        """Show what the other program checks messages with."""
        if self.issued is not None:
            self.issued.show_text(secret)
            self._issued_part.show()

    def written(self, kept: Target | None) -> tuple[Target, str | None]:
        """What the fields describe, under the id of `kept`, and the secret, if one was written.

        Raises UserError with what to change.
        """
        name = self.name.value() if self.name is not None else ""
        written = self._draft.written(self._values(), name, kept)
        for key, value in written.values.items():
            self.inputs[key].show_value(value)
        return written.target, written.secret

    @property
    def first(self) -> QWidget:
        """Where the keyboard starts."""
        for each in self.inputs.values():
            if isinstance(each, SecretInput):
                return each.line
            if isinstance(each, LineInput):
                return each
        return self

    @Slot(str)
    def on_changed(self, key: str) -> None:
        """Fill in what follows from what the owner has changed."""
        for other, value in self._draft.follow(key, self._values()).items():
            self.inputs[other].show_value(value)

    def _values(self) -> dict[str, str]:
        return {key: each.value() for key, each in self.inputs.items()}
