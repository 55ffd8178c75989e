"""What becomes of messages that were not taken, as far as their senders say."""

from collections.abc import Sequence

from shopwatch.domain.i18n import duration, say, say_n
from shopwatch.domain.instant import Instant
from shopwatch.domain.source import Source
from shopwatch.presenting.status.lamps import names_of, sender_name, sender_names
from shopwatch.presenting.status.polling import Polling
from shopwatch.providers import provider
from shopwatch.shop.shop import Shop


def sent_again(state: Shop, asked: Polling | None = None) -> str:
    """What becomes of messages that were not taken; promises only what the senders promise."""
    if asked is not None and asked.everybody:
        return say("ShopWatch asks {name} instead. Nothing is lost.", name=sender_names(state))
    left = [each for each in state.sources.all if asked is None or sender_name(each) not in asked.names]
    rest = [each for each in left if _retries(each) != 0]
    never = [each for each in left if _retries(each) == 0]
    parts = [] if rest and not never else [_never_again(never)]
    if rest:
        # Beside who is named already, a bare number would be taken for all.
        others = bool(never) and _senders(rest) > 2
        parts.append(_tries_again(rest, say("The others") if others else names_of(rest)))
    return " ".join(parts)


def _retries(source: Source) -> Instant | None:
    known = provider(source.provider)
    return known.retries_for if known else 0


def _senders(sources: Sequence[Source]) -> int:
    return len(set(map(sender_name, sources)))


def _never_again(sources: Sequence[Source]) -> str:
    return say_n(
        "{name} may not send again what it could not deliver.",
        "{name} may not send again what they could not deliver.",
        _senders(sources),
        name=names_of(sources),
    )


def _tries_again(sources: Sequence[Source], name: str) -> str:
    count, promised = _senders(sources), [_retries(each) for each in sources]
    if None in promised:
        return say_n(
            "{name} tries again, but does not say for how long.",
            "{name} try again, but do not say for how long.",
            count,
            name=name,
        )
    time = duration(min(filter(None, promised)))
    return say_n(
        "{name} tries again for about {time}.", "{name} try again for about {time}.", count, name=name, time=time
    )
