"""The sentence about sources that are usually busy and say nothing."""

from datetime import date

from babel.lists import format_list

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.source import Source
from shopwatch.presenting.status.lamps import sender_name
from shopwatch.presenting.times import stamp
from shopwatch.shop.shop import Shop


def silence_text(state: Shop, silent: tuple[Source, ...], today: date) -> str:
    """Of one its whole story, of several their names."""
    if len(silent) > 1:
        names = format_list(list(dict.fromkeys(map(sender_name, silent))), locale=state.locale)
        return say("{names} are usually busy, and have sent nothing for unusually long.", names=names)
    [source] = silent
    found = state.silences.silent[source.id]
    since = say(
        "{name} has sent nothing since {time}.", name=sender_name(source), time=stamp(found.since, state.locale, today)
    )
    usual = say_n(
        "Usually about {n} message would have come by now.",
        "Usually about {n} messages would have come by now.",
        found.usual,
    )
    return f"{since} {usual}"
