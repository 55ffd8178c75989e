"""A time in which nothing was heard, in words, once it is over."""

from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.rules.job import Job
from shopwatch.domain.sales.money import Money
from shopwatch.presenting.amounts import money_text
from shopwatch.presenting.times import stamp

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Away:
    """What is known of a gap that is over.

    `count` sales were paid in it and came in later; `rows` are the first of them, `letters` their e-mails by sale id,
    `totals` what they come to, one for each currency. `held` are e-mails of any of them that wait for the owner, with
    the sale. `asked` are the providers that told everything, by name; `problems` stood in the way of others. Of those
    in `unasked`, whose messages may be lost, and of those in `trying`, which send again what they could not deliver but
    do not say for how long, it is said what becomes of their messages.
    """

    gap: Gap
    count: int = 0
    rows: tuple[SaleRow, ...] = ()
    totals: tuple[Money, ...] = ()
    letters: dict[int, Job] | None = None
    held: tuple[tuple[Job, SaleRow], ...] = ()
    asked: tuple[str, ...] = ()
    problems: tuple[UserError, ...] = ()
    unasked: tuple[tuple[str, str], ...] = ()
    trying: tuple[tuple[str, str], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Everybody was asked, and has told everything."""
        return bool(self.asked) and not self.problems and not self.unasked and not self.trying

    @property
    def matters(self) -> bool:
        """Sales came in, or something may be missing."""
        return bool(self.count or self.problems or self.unasked)


def title(away: Away) -> str:
    if not away.count:
        return say("Some messages may be missing")
    if away.gap.cause in (Cause.CLOSED, Cause.ASLEEP):
        return say_n("While you were away, {n} sale came in", "While you were away, {n} sales came in", away.count)
    return say_n("While nothing was heard, {n} sale came in", "While nothing was heard, {n} sales came in", away.count)


def account(away: Away, locale: str, today: date) -> str:
    """When and why nothing was heard, and what has been done about it."""
    return " ".join(part for part in (_why(away.gap, locale, today), _done(away, locale)) if part)


def gaps_left(away: Away) -> tuple[str, ...]:
    """What may still be missing, a sentence or two for each provider."""
    unasked = [
        " ".join(part for part in (say("ShopWatch could not ask {name}.", name=name), words) if part)
        for name, words in away.unasked
    ]
    return (*dict.fromkeys(str(problem) for problem in away.problems), *unasked)


def trying_again(away: Away, locale: str, today: date) -> str:
    """Who sends by itself what could not be delivered; empty if nobody does."""
    if not away.trying:
        return ""
    start, end = stamp(away.gap.began_at, locale, today), stamp(away.gap.ended_at or away.gap.began_at, locale, today)
    names = _names(tuple(name for name, _ in away.trying), locale)
    return say("{names} will try again with messages from {start} to {end}", names=names, start=start, end=end)


def held_words(away: Away) -> str:
    """Why e-mails wait; empty if none does."""
    if not away.held:
        return ""
    return say_n(
        "{n} e-mail waits, because its sale is over 2 hours old.",
        "{n} e-mails wait, because their sales are over 2 hours old.",
        len(away.held),
    )


def _why(gap: Gap, locale: str, today: date) -> str:
    start = stamp(gap.began_at, locale, today)
    end = stamp(gap.ended_at or gap.began_at, locale, today)
    match gap.cause:
        case Cause.CLOSED:
            return say("ShopWatch was closed from {start} to {end}.", start=start, end=end)
        case Cause.ASLEEP:
            return say("This computer slept from {start} to {end}.", start=start, end=end)
        case Cause.OFFLINE:
            return say("This computer had no internet from {start} to {end}.", start=start, end=end)
        case Cause.ADDRESS:
            return say("Your public address did not answer from {start} to {end}.", start=start, end=end)
        case Cause.LISTENER:
            return say("ShopWatch did not answer from {start} to {end}.", start=start, end=end)


def _done(away: Away, locale: str) -> str:
    names = _names(away.asked, locale)
    amounts = format_list([money_text(total, locale) for total in away.totals], locale=locale)
    if away.is_whole and amounts:
        return say("ShopWatch asked {names} what it missed and has it all: {amounts}.", names=names, amounts=amounts)
    if names and amounts:
        return say("ShopWatch asked {names} what it missed. It has {amounts} so far.", names=names, amounts=amounts)
    if names:
        return say("ShopWatch asked {names} what it missed.", names=names)
    return say("ShopWatch has {amounts} of it so far.", amounts=amounts) if amounts else ""


def _names(names: tuple[str, ...], locale: str) -> str:
    if len(names) > _MOST_NAMES:
        return say_n("{n} service", "{n} services", len(names))
    return format_list(list(names), locale=locale)
