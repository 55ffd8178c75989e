"""Places to which messages go, as a list and as kinds to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from shopwatch.actions import registry
from shopwatch.actions.action import Aim
from shopwatch.actions.email import MAIL
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.rules.target import Target

MAIL_ACCOUNT = MAIL.id
"""The kind of target that e-mails are sent from."""

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """A kind of place that can be connected."""

    id: str
    icon: str
    title: str


@dataclass(frozen=True, slots=True)
class PlaceText:
    """A place that is connected."""

    target: Target
    name: str
    about: str


def place_kinds() -> tuple[PlaceKind, ...]:
    """All but what the whole shop shares, which has a group of its own."""
    kinds = [kind for kind in registry.target_kinds() if kind.aim is not Aim.ONLY]
    return tuple(PlaceKind(kind.id, kind.icon, kind.title()) for kind in kinds)


def places(targets: Iterable[Target]) -> tuple[PlaceText, ...]:
    """Those of `targets` that are of such a kind."""
    titles = {kind.id: kind.title for kind in place_kinds()}
    return tuple(
        PlaceText(each, legible(each.name, _LONGEST_NAME), _about(each, titles[each.kind]))
        for each in targets
        if each.kind in titles
    )


def mail_account(targets: Iterable[Target]) -> PlaceText | None:
    """The one that e-mails are sent from."""
    account = next((each for each in targets if each.kind == MAIL_ACCOUNT), None)
    if account is None:
        return None
    host = legible(account.options.get("host", ""), _LONGEST_NAME)
    return PlaceText(account, legible(account.name, _LONGEST_NAME), say("Sent by {host}", host=host))


def _about(target: Target, title: str) -> str:
    if target.options.get("stopped"):
        return say("It has said that it wants no more messages. Save it again to go on.")
    return legible(target.options.get("service") or title, 120)
