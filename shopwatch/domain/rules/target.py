"""Targets: where the shop's own messages go."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """One place the owner has set up. `kind` is the id of what it is made of, which its action declares. `options` are
    plain; its secret, if any, is in the password store under its id.

    Steps of rules name a target by its `id`, which is never given out twice.
    """

    id: str
    kind: str
    name: str
    options: dict[str, str] = field(default_factory=dict)
