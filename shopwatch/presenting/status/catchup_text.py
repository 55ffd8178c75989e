"""What is said of looking for missed sales."""

from collections.abc import Collection

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import MINUTE
from shopwatch.presenting.times import clock


def looked(results: Collection[CaughtUp], locale: str) -> str:
    """How the last look at all sources went, in one line; empty before there was one.

    `results` are the newest of each source. Those that ended within a minute were one look.
    """
    if any(not each.ended_at and each.listed for each in results):
        return say("Looking for missed sales…")
    ended = [each for each in results if each.ended_at]
    if not ended:
        return ""
    last = max(each.ended_at for each in ended)
    together = [each for each in ended if last - each.ended_at < MINUTE]
    found, time = sum(each.brought_in for each in together), clock(last, locale)
    if any(each.problem is not None for each in together):
        return say("Looked for missed sales at {time}; not every service answered", time=time)
    if not found:
        return say("Looked for missed sales at {time}, none found", time=time)
    return say_n(
        "Looked for missed sales at {time}, {n} found", "Looked for missed sales at {time}, {n} found", found, time=time
    )


def hindrances(results: Collection[CaughtUp]) -> str:
    """What stood in the way, a sentence for each source; empty if nothing did."""
    return "\n".join(dict.fromkeys(str(each.problem) for each in results if each.problem is not None))
