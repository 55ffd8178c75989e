"""Targets: where the shop's own messages go."""

from dataclasses import dataclass, field
from enum import StrEnum

from shopwatch.domain.rule import Action


class TargetKind(StrEnum):
    MAIL = "mail"
    """The mail account that e-mails to customers are sent from."""
    CHAT = "chat"
    FORWARD = "forward"
    DATABASE = "database"
    PAGE = "page"
    """Where the page of popular items is put, beside the public address."""

    @property
    def serves(self) -> Action:
        """The action that such a target is for."""
        return _SERVES[self]

    @property
    def settings(self) -> tuple[str, ...]:
        """What the owner may say of such a target, beside its name and its secret."""
        return _SETTINGS[self]


_SERVES = {
    TargetKind.MAIL: Action.EMAIL,
    TargetKind.CHAT: Action.CHAT,
    TargetKind.FORWARD: Action.FORWARD,
    TargetKind.DATABASE: Action.DATABASE,
    TargetKind.PAGE: Action.POPULAR,
}
_SETTINGS = {
    TargetKind.MAIL: ("host", "port", "security", "user", "from", "name", "reply_to", "most_an_hour"),
    TargetKind.CHAT: (),
    TargetKind.FORWARD: ("url", "as", "local"),
    TargetKind.DATABASE: ("url", "create"),
    TargetKind.PAGE: ("folder", "url", "data_url", "local"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One place the owner has set up. `options` are plain; its secret, if any, is in the password store under its id.

    Steps of rules name a target by its `id`, which is never given out twice.
    """

    id: str
    kind: TargetKind
    name: str
    options: dict[str, str] = field(default_factory=dict)
