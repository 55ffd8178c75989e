"""What there is to say of a provider, in the owner's words: what it tells, how sure that is, and among which it is."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from shopwatch.domain.i18n import say
from shopwatch.domain.messages.event import Kind
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Assurance, Provider
from shopwatch.providers.senders.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.providers.senders.svix import SVIX

_ANY = frozenset({STANDARD_WEBHOOKS.id, SVIX.id, CUSTOM.id})


class Group(StrEnum):
    """Where a provider stands in a list of all, in this order."""

    SHOPS = "shops"
    CONTACTS = "contacts"
    MESSAGES = "messages"
    FILES = "files"
    NOTICES = "notices"
    ANY = "any"


_GROUPS = {Kind.SALE: Group.SHOPS, Kind.CONTACT: Group.CONTACTS, Kind.MESSAGE: Group.MESSAGES, Kind.FILES: Group.FILES}


def serves_any(provider: Provider) -> bool:
    """Whether it stands for many services, so that the owner has to name the one that is meant."""
    return provider.id in _ANY


def group_of(provider: Provider) -> Group:
    """Among which others it is looked for."""
    if serves_any(provider):
        return Group.ANY
    return next((group for kind, group in _GROUPS.items() if kind in provider.practises), Group.NOTICES)


def grouped(providers: Iterable[Provider], search: str = "") -> Mapping[Group, tuple[Provider, ...]]:
    """The providers whose name or description holds every word of `search`, by group and name; no group is empty."""
    words = search.casefold().split()
    found: dict[Group, list[Provider]] = {}
    for provider in sorted(providers, key=lambda each: each.name.casefold()):
        text = f"{provider.name} {say(provider.setup.does)}".casefold()
        if all(word in text for word in words):
            found.setdefault(group_of(provider), []).append(provider)
    return {group: tuple(found[group]) for group in Group if group in found}


def group_name(group: Group) -> str:
    """What stands above a group."""
    match group:
        case Group.SHOPS:
            return say("Shops and payments")
        case Group.CONTACTS:
            return say("Contacts and forms")
        case Group.MESSAGES:
            return say("Messages")
        case Group.FILES:
            return say("Files")
        case Group.NOTICES:
            return say("Other notices")
        case Group.ANY:
            return say("Any sender")


def told_kinds(provider: Provider) -> tuple[str, ...]:
    """What its messages can be, most of all the first."""
    return tuple(_kind(kind) for kind in provider.practises)


def _kind(kind: Kind) -> str:
    match kind:
        case Kind.SALE:
            return say("Sales")
        case Kind.REFUND:
            return say("Refunds")
        case Kind.DISPUTE:
            return say("Disputed payments")
        case Kind.CONTACT:
            return say("Contacts")
        case Kind.MESSAGE:
            return say("Text messages")
        case Kind.FILES:
            return say("Changed files")
        case Kind.CHECK_IN:
            return say("Check-ins")
        case _:
            return say("Other notices")


def assured(provider: Provider, name: str = "") -> str:
    """How far its messages can be believed, said plainly; `name` is what the owner calls it."""
    service = name or provider.name
    match provider.assurance:
        case _ if provider.setup.sure:
            return say(provider.setup.sure)
        case Assurance.SIGNED:
            return say(
                "{service} signs its messages. Nobody can change one or make one up without the secret.",
                service=service,
            )
        case Assurance.TOKEN:
            return say(
                "{service} shows a secret but does not sign. Whoever sees one of its messages could make up others.",
                service=service,
            )
        case Assurance.ADDRESS:
            return say(
                "{service} does not sign its messages. Whoever learns your address could make one up, so keep it to "
                "yourself.",
                service=service,
            )
