"""What every form of a target is made of."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.buttons import RING
from shopwatch.ui.widgets.combo import Combo
from shopwatch.ui.widgets.secret_field import SecretField

_LONGEST = 2048


class Form(QWidget):
    """Fields for the settings of one kind of target. `kind` is which."""

    kind: TargetKind

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.column = QVBoxLayout(self)
        # Room for the ring of a button that is seen to end where the fields do.
        self.column.setContentsMargins(0, 0, RING, 0)
        self.column.setSpacing(4)

    def show_target(self, target: Target) -> None:
        """Fill the fields from what is kept; its secret is not shown."""
        raise NotImplementedError

    def show_stored(self) -> None:
        """Say that a secret is kept already."""

    def keep(self, field: SecretField) -> None:
        field.line.setPlaceholderText(say("Stored. Leave this empty to keep it."))

    def target(self, kept: Target | None) -> Target:
        """What the fields describe, under the id of `kept`."""
        raise NotImplementedError

    def secret(self) -> str | None:
        """The secret, if one was written; None leaves what is kept."""
        raise NotImplementedError

    @property
    def first(self) -> QWidget:
        """Where the keyboard starts."""
        raise NotImplementedError

    def line(self, name: str, hint: str = "") -> QLineEdit:
        """A field with its name above it."""
        field = QLineEdit()
        field.setFont(self.theme.font("body"))
        field.setMaxLength(_LONGEST)
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        self.put(name, field)
        return field

    def combo(self, name: str) -> Combo:
        combo = Combo(self.theme, name)
        combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.put(name, combo)
        return combo

    def put(self, name: str, widget: QWidget) -> None:
        if self.column.count():
            self.column.addSpacing(8)
        self.column.addWidget(self.theme.label(name, "small", 500, ink="text2"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(widget)
        if isinstance(widget, SecretField):
            row.addSpacing(-RING)
        self.column.addLayout(row)

    def say_below(self, text: str) -> None:
        label = self.theme.label(text, "small", ink="text3")
        label.setWordWrap(True)
        self.column.addWidget(label)


def one_line(text: str) -> str:
    """A password as it is typed: spaces inside it belong to it."""
    return text.strip("\r\n")


def named(written: str, otherwise: str) -> str:
    """What the owner calls a target, or what it is called by itself."""
    return written.strip() or otherwise or say("Unnamed")
