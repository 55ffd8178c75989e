"""What a form asks for: fields of a target, or of a step of a rule."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

type Text = Callable[[], str]
"""A sentence in the owner's language, made when it is shown."""

SECRET = "secret"  # noqa: S105 - the name of a field
"""The key of a field that is kept in the password store."""

ON = "yes"
"""What a switch that is on is kept as; one that is off is not kept."""

LONGEST = 2048


def nothing() -> str:
    """No sentence."""
    return ""


class FieldKind(Enum):
    """How a setting is asked for."""

    LINE = auto()
    SECRET = auto()
    """Kept in the password store; what is stored is never shown."""
    ISSUED = auto()
    """A secret that ShopWatch makes and shows, to be copied into the other program."""
    SWITCH = auto()
    CHOICE = auto()
    TEMPLATE = auto()
    """The owner's own words, with fields between braces."""
    LETTER = auto()
    """One of the shop's letters, by its id."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`about` is said below while it is chosen."""

    value: str
    label: Text
    about: Text = nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting of a target, or of a step. `usual` is what it is until it is chosen.

    `hint` stands in it while it is empty, `about` below it; empty, it counts as what is in the field `same_as`. One
    that is not `kept` only helps to fill in others.
    `command` is how the help of commands tells it, where its key alone does not. `check` raises UserError if a
    template cannot be used.
    """

    key: str
    label: Text
    kind: FieldKind = FieldKind.LINE
    hint: Text = nothing
    about: Text = nothing
    choices: tuple[Choice, ...] = ()
    usual: str = ""
    longest: int = LONGEST
    same_as: str = ""
    kept: bool = True
    command: str = ""
    check: Callable[[str], object] = lambda _: None
