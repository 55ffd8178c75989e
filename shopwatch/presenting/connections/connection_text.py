"""What a card says of its source."""

from dataclasses import dataclass, replace
from datetime import date

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import DAY, HOUR, Instant
from shopwatch.domain.source import Source, Tails
from shopwatch.presenting.level import Level
from shopwatch.presenting.status.endpoint_text import Deed, Sending, sending
from shopwatch.presenting.status.lamps import lamps, sender_name
from shopwatch.presenting.times import stamp
from shopwatch.providers import provider
from shopwatch.providers.api import OWNER_MENDS
from shopwatch.providers.api_kit.endpoints import NO_KEY, OWNER_TELLS, explain_endpoint
from shopwatch.providers.apis import api_of
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Provider
from shopwatch.shop.shop import Shop

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class HeardText:
    """The lamp of a source, and its line."""

    level: Level
    text: str


def heard_text(state: Shop, source: Source, heard: Instant, today: date, *, testing: bool = False) -> HeardText:
    """`heard` is when its last real message came, 0 if none did; `testing`: that was one of the sender's test mode."""
    if provider(source.provider) is None:
        return HeardText(Level.WARN, say("This connection was made by a newer ShopWatch."))
    last = _last(state, heard, today, testing=testing)
    if state.receiver.tunnel.kind is TunnelKind.NONE:
        return HeardText(Level.OFF, say("Practice mode. No real message can arrive yet."))
    _, address, senders = lamps(state, today)
    if address.level is Level.BAD:
        return HeardText(senders.level, f"{senders.detail}. {last}")
    if state.health.vault_problem is not None:
        return HeardText(Level.WARN, f"{say('Its messages cannot be checked now.')} {last}")
    if (silence := state.silences.silent.get(source.id)) is not None:
        usual = say_n(
            "Usually about {n} message would have come by now.",
            "Usually about {n} messages would have come by now.",
            silence.usual,
        )
        return HeardText(Level.WARN, f"{last} {usual}")
    return HeardText(Level.OK if heard else Level.OFF, last)


def _last(state: Shop, heard: Instant, today: date, *, testing: bool) -> str:
    if not heard:
        return say("No message has arrived yet.")
    time = stamp(heard, state.locale, today)
    if testing:
        return say("Last heard at {time}. Its last sale was in test mode.", time=time)
    return say("Last heard at {time}.", time=time)


def sending_text(
    registered: Registered | None, source: Source, address: str, locale: str, today: date, *, stored: bool
) -> Sending:
    """What its provider does with the address. Without an endpoint, that ShopWatch could see to that; `stored`: it has
    the API key for it."""
    name = sender_name(source)
    if registered is None:
        text = say("ShopWatch can tell {name} its address by itself, with an API key.", name=name)
        return Sending(Level.OFF, text, Deed.SWITCH_OVER, say("Switch over") if stored else say("Switch over…"))
    said = sending(registered, name, address, locale, today)
    if not registered.problem:
        return said
    api = api_of(source.provider)
    problem = explain_endpoint(registered.problem, name, api.endpoints if api is not None else None)
    if problem.code == NO_KEY or problem.code in OWNER_MENDS:
        verb = say("Add a key…") if problem.code == NO_KEY else say("Replace the key…")
        return Sending(Level.WARN, problem.title, Deed.NEW_KEY, verb, problem.hint)
    if problem.code in OWNER_TELLS:
        return Sending(Level.WARN, problem.title, Deed.LOOK, say("Look again"), problem.hint)
    if said.deed is not Deed.NONE:
        return said
    return Sending(said.level, f"{said.text} {problem.title}", Deed.LOOK, say("Look again"))


@dataclass(frozen=True, slots=True)
class SendingLine:
    """What a card says of the address and its provider; `by_hand`: the owner has made the endpoint, if there is one."""

    said: Sending
    by_hand: bool


def sending_line(state: Shop, source: Source, today: date, *, stored: bool) -> SendingLine | None:
    """None where ShopWatch can do nothing about it. `stored`: it has the API key for that."""
    api = api_of(source.provider)
    registered = state.ledger.endpoints.registered.get(source.id)
    public = state.receiver.tunnel.kind is not TunnelKind.NONE
    if api is None or api.endpoints is None:
        return None
    if registered is None and not (public and state.endpoints.can_register(source)):
        return None
    said = sending_text(registered, source, state.address.of(source), state.locale, today, stored=stored)
    asking = state.receiver.asking_problems.get(source.id)
    told_once = asking is not None and registered is not None and asking.code == registered.problem
    by_hand = registered is None or not registered.made_at
    return SendingLine(replace(said, hint="") if told_once else said, by_hand)


def lacking_text(state: Shop, source: Source) -> str:
    """What stands in the way of counting any message of its, where no other row of the card says so; else empty."""
    known = provider(source.provider)
    try:
        if known is not None:
            known.check_options(source.options)
    except UserError as problem:
        undescribed = say("It is not described yet. Its messages are kept, but not counted.")
        return undescribed if known is CUSTOM else str(problem)
    asking = state.receiver.asking_problems.get(source.id)
    return str(asking) if asking is not None and api_of(source.provider) is None else ""


def old_address_text(source: Source, *, can_switch: bool) -> str:
    """`can_switch`: an API key would spare the owner this."""
    name = sender_name(source)
    parts = [say("{name} still has the old address. Copy this one into {name}’s settings.", name=name)]
    if can_switch:
        parts.append(say("With an API key, ShopWatch does it by itself."))
    return " ".join(parts)


def secret_text(tails: Tails, locale: str, today: date) -> str:
    """How its secrets end, and until when a former one counts."""
    if not tails.current:
        return say("There is none yet. Its messages are not counted.")
    ends = say("Ends with {tails}", tails=", ".join(tails.current))
    if not tails.previous:
        return ends
    until = stamp(tails.previous_until, locale, today)
    former = say("the old one, {tails}, counts until {time}", tails=", ".join(tails.previous), time=until)
    return f"{ends}; {former}"


def keeping(now: Instant, locale: str, today: date) -> tuple[tuple[Instant, str], ...]:
    """For how long a former secret may still count, and how that is said."""
    later = ((length, stamp(now + length, locale, today)) for length in (HOUR, DAY, _WEEK))
    return (
        (0, say("The old one ends at once")),
        *((length, say("Keep the old one until {time}", time=time)) for length, time in later),
    )


def lists_text(allow: str, block: str) -> str:
    """How many addresses the lists hold."""
    allowed, blocked = len(allow.split()), len(block.split())
    parts = []
    if allowed:
        parts.append(say_n("Only from {n} address or name", "Only from {n} addresses or names", allowed))
    if blocked:
        parts.append(say_n("never from {n}", "never from {n}", blocked))
    text = ", ".join(parts) or say("From anywhere; what counts is the check of each message.")
    return text[:1].upper() + text[1:]


def options_text(provider: Provider, source: Source) -> str:
    """What the source is told, in one line."""
    parts = []
    for option in provider.told:
        value = source.options.get(option.key, "")
        if option.choices:
            at = option.choices.index(value) if value in option.choices else 0
            value = say(option.named[at]) if option.named else option.choices[at]
        if value:
            parts.append(say("{label}: {value}", label=say(option.label), value=value))
    if parts or provider.options or provider.account is None:
        return ", ".join(parts) or say("Nothing is options_text yet.")
    own = provider.account.own_unnamed
    return say("Messages of your own account count.") if own else say("Messages of every account count.")
