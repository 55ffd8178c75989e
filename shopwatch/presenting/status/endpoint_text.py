"""What a provider does with the address that it was given, as far as it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.lists import format_list

from shopwatch.domain.connection.endpoint import Registered, Standing
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.level import Level
from shopwatch.presenting.times import stamp
from shopwatch.shop.shop import Shop


class Deed(StrEnum):
    """What the one button does about it."""

    NONE = ""
    MEND = "mend"
    LOOK = "look"
    NEW_KEY = "new-key"
    SWITCH_OVER = "switch-over"


@dataclass(frozen=True, slots=True)
class Sending:
    """`verb` is what the button says, `hint` what the owner can do otherwise."""

    level: Level
    text: str
    deed: Deed = Deed.NONE
    verb: str = ""
    hint: str = ""


def sending(registered: Registered, name: str, address: str, locale: str, today: date) -> Sending:
    """Of the endpoint as it was last read, whatever has stood in the way of reading it since. `address` is how the one
    begins that it should be at, empty if that is not known; `name` is what the provider is called."""
    endpoint = registered.endpoint
    seen = seen_text(registered, locale, today)
    if endpoint.standing is Standing.OFF:
        text = say("{name} has switched ShopWatch off.", name=name)
        return Sending(Level.BAD, f"{text} {seen}", Deed.MEND, say("Switch on"))
    if endpoint.standing is Standing.GONE:
        text = say("{name} does not know ShopWatch any more.", name=name)
        return Sending(Level.BAD, f"{text} {seen}", Deed.MEND, say("Connect again"))
    if address and not endpoint.url.startswith(address):
        return _elsewhere(registered, name)
    if endpoint.lacking:
        text = say("{name} does not tell of {what}.", name=name, what=lacking_words(endpoint.lacking, locale))
        return Sending(Level.WARN, text, Deed.MEND, say("Ask for it"))
    if endpoint.standing is Standing.FAILING:
        text = say("{name} says that not all of its messages arrive.", name=name)
        return Sending(Level.WARN, f"{text} {seen}", Deed.LOOK, say("Look again"))
    if not registered.made_at:
        text = say("{name} sends to ShopWatch. Its address is as you gave it.", name=name)
        return Sending(Level.OK, text, Deed.SWITCH_OVER, say("Switch over"))
    if registered.old is not None:
        text = say("{name} has the new address. The old one stays until a message comes.", name=name)
        return Sending(Level.OK, text)
    time = stamp(registered.checked_at, locale, today)
    return Sending(Level.OK, say("{name} sends to ShopWatch. Looked at {time}.", name=name, time=time))


def seen_text(registered: Registered, locale: str, today: date) -> str:
    """When it was first seen to stand as it does; where that is not known, when it was last."""
    if registered.since:
        return say("First seen at {time}.", time=stamp(registered.since, locale, today))
    return say("Seen at {time}.", time=stamp(registered.checked_at, locale, today))


def _elsewhere(registered: Registered, name: str) -> Sending:
    if registered.made_at:
        return Sending(Level.WARN, say("{name} is told the new address.", name=name), Deed.MEND, say("Tell it now"))
    # Made by hand, so it is moved only when the owner says so.
    return Sending(Level.WARN, say("{name} sends to another address.", name=name), Deed.SWITCH_OVER, say("Switch over"))


def lacking_words(types: Iterable[str], locale: str) -> str:
    """What messages of these types tell of: "refunds and disputes"."""
    return format_list(list(dict.fromkeys(_told_by(each.lower()) for each in types)), locale=locale)


def _told_by(kind: str) -> str:
    if "refund" in kind or "reversed" in kind:
        return say("refunds")
    if any(word in kind for word in ("dispute", "chargeback", "risk")):
        return say("disputes")
    if any(word in kind for word in ("order", "payment", "sale", "checkout", "charge", "invoice", "transaction")):
        return say("sales")
    return say("all that happens")


def is_off(state: Shop, source: Source) -> bool:
    """Whether its provider has stopped to send here, and will not begin again by itself."""
    registered = state.ledger.endpoints.registered.get(source.id)
    return registered is not None and registered.endpoint.standing in (Standing.OFF, Standing.GONE)


def tells_too_little(state: Shop, source: Source) -> bool:
    """Whether its provider does not tell of all that ShopWatch asked for; what owners ask for is their own choice."""
    registered = state.ledger.endpoints.registered.get(source.id)
    return registered is not None and bool(registered.made_at and registered.endpoint.lacking)


def needing_owner(state: Shop) -> tuple[Source, ...]:
    """The sources whose provider does not send here as it should, and will not before the owner has done something."""
    stale = {each.id for each in state.address.stale}
    return tuple(
        source
        for source in state.sources.all
        if source.id in stale or is_off(state, source) or tells_too_little(state, source)
    )
