"""How a day compares with the providers' lists, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.closing import DayCheck, Difference, Differs
from shopwatch.domain.sales.money import Money
from shopwatch.presenting.amounts import NOTHING, count_text, money_text
from shopwatch.presenting.times import clock, day_before, local, midnight, stamp


@dataclass(frozen=True, slots=True)
class Line:
    """What stands below the day's total: `ink` is a token, `icon` empty where there is none."""

    text: str
    icon: str = ""
    ink: str = "accent"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether one line agrees: an icon in a token's colour, and a word."""

    icon: str
    ink: str
    text: str


AGREES = "check-circle"
DIFFERS = "warning"


def line(checks: Sequence[DayCheck], today: date, locale: str) -> Line:
    """`checks` are the last ones of today, or else of yesterday."""
    asked = [each for each in checks if each.askable]
    if not asked:
        return Line(say("Compare with your services…"))
    count = sum(map(differing, asked))
    if count:
        words = say_n("{n} sale differs", "{n} sales differ", count)
        return Line(_of_day(asked[0].day, today, words, say("Yesterday: {words}", words=words)), DIFFERS, "warn")
    if any(each.problem for each in asked):
        words = say("Could not be compared")
        return Line(_of_day(asked[0].day, today, words, say("Yesterday could not be compared")), "info", "text2")
    time = clock(max(each.checked_at for each in asked), locale)
    words = say("All agrees, compared at {time}", time=time)
    return Line(_of_day(asked[0].day, today, words, say("Yesterday: all agrees")), AGREES, "ok")


def _of_day(day: date, today: date, words: str, yesterday: str) -> str:
    return yesterday if day == day_before(today) else words


def differing(check: DayCheck) -> int:
    return len(check.differences) + check.more


def account(checks: Sequence[DayCheck], today: date, locale: str) -> str:
    """When it was compared, and up to when sales count."""
    if not checks:
        return say("ShopWatch asks each service for its own list of the day, and compares it with what came in.")
    last = max(checks, key=lambda each: each.checked_at)
    at = stamp(last.checked_at, locale, today)
    if all(each.problem for each in checks):
        return say("Nothing could be compared at {time}.", time=at)
    ends = midnight(day_before(last.day, -1))
    if last.until >= ends:
        return say("Compared: {time}.", time=at)
    return say("Compared: {time}, with all that was sold until {until}.", time=at, until=clock(last.until, locale))


def sums_text(count: int, minor: int, currency: str, locale: str) -> str:
    """ "21 sales, $1,008.50"."""
    amount = money_text(Money(minor, currency), locale)
    number = count_text(count, locale)
    return say_n("{number} sale, {amount}", "{number} sales, {amount}", count, number=number, amount=amount)


def mark(*, agrees: bool) -> Mark:
    return Mark(AGREES, "ok", say("Agrees")) if agrees else Mark(DIFFERS, "warn", say("Differs"))


def what(difference: Difference) -> str:
    match difference.kind:
        case Differs.MISSING_HERE:
            return say("Missing here")
        case Differs.MISSING_THERE:
            return say("Not in the list")
        case Differs.CHANGED if difference.countable:
            return say("More was given back")
        case Differs.CHANGED:
            return say("Another amount")


def time_text(difference: Difference, day: date, locale: str) -> str:
    """When it was paid; with the date where that is another day's."""
    paid = difference.paid_at
    return clock(paid, locale) if local(paid).date() == day else stamp(paid, locale, day)


def order(difference: Difference) -> str:
    return legible(difference.order, 60) or NOTHING


def amount(money: Money | None, locale: str) -> str:
    return money_text(money, locale) if money is not None else NOTHING


def count_words(countable: int) -> str:
    """The verb that counts what is missing."""
    return say_n("Count {n} sale", "Count {n} sales", countable)


def rest(more: int) -> str:
    """How many more differ than are named; empty if none does."""
    return say_n("and {n} more", "and {n} more", more) if more else ""


def end_words(checks: Sequence[DayCheck]) -> str:
    """How a comparison ended, for screen readers and the status bar."""
    asked = [each for each in checks if each.problem is None]
    if not asked:
        return say("No service could be asked.")
    count = sum(map(differing, asked))
    if count:
        return say_n("{n} sale differs.", "{n} sales differ.", count)
    return say("All sales agree.")
