"""What the owner tells of a source beside its secret."""

from dataclasses import dataclass

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say


@dataclass(frozen=True, slots=True)
class Option:
    """A plain setting that a source of this provider has beside its secret. `label` and `hint` are shown.

    Where there are `choices` it is one of them, the first of which is meant where it is not set; `named` is what the
    owner reads instead of each.
    """

    key: str
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def check(self, provider: str, value: str) -> None:
        """Raises UserError if a source of this provider, as it is called, cannot have `value` here; empty: not set."""
        if self.required and not value:
            raise UserError(
                say("{provider} needs “{label}”.", provider=provider, label=say(self.label)),
                say(self.hint),
                code=f"option-{self.key}",
            )
        if self.choices and value and value not in self.choices:
            raise UserError(
                say("“{label}” cannot be “{value}”.", value=value, label=say(self.label)),
                say("It can be {choices}.", choices=", ".join(self.choices)),
                code=f"option-{self.key}",
            )
