"""A target while it is written: what its form asks for, and what is made of what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from shopwatch.actions import registry
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import SECRET, Field, FieldKind
from shopwatch.domain.rules.target import Target

type Values = Mapping[str, str]
"""What stands in the fields, by their keys, the secret among them."""


@dataclass(frozen=True, slots=True)
class DraftedTarget:
    """The target that was written, and its secret if one was; `values` is how the fields are to show it."""

    target: Target
    secret: str | None
    values: Values


class TargetDraft:
    """What a form for targets of one kind shows. `fields` are what the owner fills in, `name` is for what he calls it,
    and `issued` is the secret that ShopWatch makes; the latter two are None where the kind has none. Raises
    KeyError for a kind that this version does not know.
    """

    def __init__(self, kind_id: str) -> None:
        kind = registry.kind_of(kind_id)
        if kind is None:
            raise KeyError(kind_id)
        self._kind = kind
        self._filled: dict[str, str] = {}
        self.title = kind.title()
        self.intro = kind.intro()
        self.fields = tuple(field for field in kind.fields if field.kind is not FieldKind.ISSUED)
        secret, hint = kind.secret, kind.name_hint
        self.issued = secret if secret is not None and secret.kind is FieldKind.ISSUED else None
        self.name = Field(key="", label=lambda: say("What you call it"), hint=hint) if hint is not None else None

    def values_of(self, target: Target) -> Values:
        """How the fields show what is kept; its secret is not shown."""
        return {field.key: self._value_of(field, target) for field in self.fields if field.key != SECRET}

    def follow(self, key: str, values: Values) -> Values:
        """What is to be filled in, now that the owner has changed the field `key`."""
        changes = self._kind.follow(key, values, self._filled)
        self._filled.update(changes)
        return changes

    def written(self, values: Values, name: str, kept: Target | None) -> DraftedTarget:
        """What `values` and `name` describe, under the id of `kept`. Raises UserError with what to change."""
        whole = dict(values)
        for field in self.fields:
            if field.kind is FieldKind.LINE:
                whole[field.key] = whole[field.key] or field.usual or whole.get(field.same_as, "")
        tidied = self._kind.tidy(whole)
        changed = {key: value for key, value in tidied.items() if value != whole[key]}
        whole.update(tidied)
        told = {field.key for field in self._kind.fields if not field.kept}  # by its secret, which is not shown
        options = {key: value for key, value in kept.options.items() if key in told} if kept else {}
        options |= {key: whole[key] for key in self._kind.settings if whole[key]}
        called = name or self._kind.named(whole) or say("Unnamed")
        target = Target(kept.id if kept else "", self._kind.id, called, options)
        return DraftedTarget(target, whole.get(SECRET) or None, changed)

    @staticmethod
    def _value_of(field: Field, target: Target) -> str:
        usual = field.usual if field.kept and field.kind is not FieldKind.SWITCH else ""
        value = target.options.get(field.key, usual)
        follows = field.same_as and value == target.options.get(field.same_as)
        return "" if follows else value
