"""What a card says of its source. No Qt."""

from dataclasses import dataclass
from datetime import date

from shopwatch.domain.clock import DAY, HOUR, Instant
from shopwatch.domain.reach import TunnelKind
from shopwatch.domain.source import Source, Tails
from shopwatch.domain.words import say, say_n
from shopwatch.providers import provider
from shopwatch.ui.door import State
from shopwatch.ui.lamps import lamps
from shopwatch.ui.mark import Level
from shopwatch.ui.times import stamp

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class HeardText:
    """The lamp of a source, and its line."""

    level: Level
    text: str


def heard_text(state: State, source: Source, heard: Instant, today: date, *, testing: bool = False) -> HeardText:
    """`heard` is when its last real message came, 0 if none did; `testing`: that was one of the sender's test mode."""
    if provider(source.provider) is None:
        return HeardText(Level.WARN, say("This connection was made by a newer ShopWatch."))
    last = _last(state, heard, today, testing=testing)
    if state.tunnel.kind is TunnelKind.NONE:
        return HeardText(Level.OFF, say("Practice mode. No real message can arrive yet."))
    _, address, senders = lamps(state, today)
    if address.level is Level.BAD:
        return HeardText(Level.BAD, f"{senders.detail}. {last}")
    if state.vault_problem is not None:
        return HeardText(Level.WARN, f"{say('Its messages cannot be checked now.')} {last}")
    return HeardText(Level.OK if heard else Level.OFF, last)


def _last(state: State, heard: Instant, today: date, *, testing: bool) -> str:
    if not heard:
        return say("No message has arrived yet.")
    time = stamp(heard, state.locale, today)
    if testing:
        return say("Last heard at {time}. Its last sale was in test mode.", time=time)
    return say("Last heard at {time}.", time=time)


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
    text = ", ".join(parts) or say("From anywhere; what counts is the check of each message")
    return text[:1].upper() + text[1:]
