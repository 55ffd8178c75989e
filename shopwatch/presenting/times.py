"""Instants as on the wall clock of this computer, by the owner's locale."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import HOUR, MINUTE, Instant

_QUOTED = re.compile("'[^']*'")
_NO_CHANGE = date(2026, 1, 15)
"""A day on which no clock is put."""


def local(instant: Instant) -> datetime:
    """In the computer's time zone."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone()


def midnight(day: date) -> Instant:
    """When this day begins here."""
    return round(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000)


def day_before(day: date, days: int = 1) -> date:
    return day - timedelta(days=days)


def clock(instant: Instant, locale: str) -> str:
    """ "14:38"; "2:38 PM" where that is the custom."""
    return _clock(instant // MINUTE, locale)


def wall_clock(minute: int, locale: str) -> str:
    """The same of a minute of the day, whatever the day."""
    return clock(midnight(_NO_CHANGE) + minute * MINUTE, locale)


def hour_text(hour: int, locale: str) -> str:
    """A full hour, as short as a chart needs it: "16"; "4 PM" where that is the custom."""
    pattern = _QUOTED.sub("", Locale.parse(locale).time_formats["short"].pattern)
    if "h" not in pattern:
        return str(hour)
    return _one_space(format_skeleton("h", datetime(2026, 1, 15, hour, tzinfo=UTC), locale=locale))


def stamp(instant: Instant, locale: str, today: date) -> str:
    """The time, with the day before it once it is not today."""
    when = local(instant)
    if when.date() == today:
        return clock(instant, locale)
    skeleton = "MMMd" if when.year == today.year else "yMMMd"
    return say("{day}, {time}", day=_day(when.date(), skeleton, locale), time=clock(instant, locale))


def brief(instant: Instant, locale: str, today: date) -> str:
    """The time today, and else the day alone."""
    when = local(instant)
    if when.date() == today:
        return clock(instant, locale)
    return _day(when.date(), "MMMd" if when.year == today.year else "yMMMd", locale)


def precise(instant: Instant, locale: str, today: date) -> str:
    """To the second today: "14:38:12"; on another day as `stamp` has it."""
    return _to_the_second(instant, locale) if local(instant).date() == today else stamp(instant, locale, today)


def exact(instant: Instant, locale: str, today: date) -> str:
    """At the head of a sentence, to the second: "Today at 14:38:12"."""
    when, time = local(instant), _to_the_second(instant, locale)
    if when.date() == today:
        return say("Today at {time}", time=time)
    skeleton = "MMMMd" if when.year == today.year else "yMMMMd"
    return say("{day} at {time}", day=_day(when.date(), skeleton, locale), time=time)


def spoken(instant: Instant, locale: str, today: date) -> str:
    """Inside a sentence: "today at 14:02", "on 24 November at 11:58"."""
    when = local(instant)
    time = clock(instant, locale)
    if when.date() == today:
        return say("today at {time}", time=time)
    skeleton = "MMMMd" if when.year == today.year else "yMMMMd"
    return say("on {day} at {time}", day=_day(when.date(), skeleton, locale), time=time)


def longest(locale: str, today: date, *, with_day: bool) -> tuple[str, ...]:
    """About the widest that `stamp` gives, to make room for them."""
    times = [clock(midnight(today) + hour * HOUR + 58 * MINUTE, locale) for hour in (10, 22)]
    if not with_day:
        return tuple(times)
    autumn = _day(date(today.year, 9, 28), "MMMd", locale)
    return tuple(say("{day}, {time}", day=autumn, time=time) for time in times)


def long_day(day: date, locale: str) -> str:
    """ "Tuesday, November 24"."""
    whole = _day(day, "MMMMEEEEd", locale)
    weekday = format_date(day, "EEEE", locale=locale)
    # Where a locale has no such pattern, Babel answers with the short one ("Tue, Nov 24").
    return whole if weekday in whole else say("{weekday}, {day}", weekday=weekday, day=_day(day, "MMMMd", locale))


@lru_cache(4096)
def _clock(minute: int, locale: str) -> str:
    return _one_space(format_time(local(minute * MINUTE), "short", locale=locale))


def _one_space(text: str) -> str:
    # Babel puts a narrow no-break space before "PM", which few fonts have.
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def _to_the_second(instant: Instant, locale: str) -> str:
    return _one_space(format_time(local(instant), "medium", locale=locale))


@lru_cache(1024)
def _day(day: date, skeleton: str, locale: str) -> str:
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day, tzinfo=UTC), locale=locale)
