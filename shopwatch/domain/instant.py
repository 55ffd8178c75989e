"""Instants: how ShopWatch counts time."""

from collections.abc import Callable

type Instant = int
"""Milliseconds since 1970-01-01 UTC."""

type Clock = Callable[[], Instant]

SECOND: Instant = 1_000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR


def is_ahead(until: Instant, at: Instant, longest: Instant) -> bool:
    """Whether `until` is still to come. What lies further off than anybody can have meant was set by a wrong clock, and
    nobody waits for it."""
    return at < until <= at + longest


def within(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day lies from `start` until just before `end`; over midnight where `end` is not later."""
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end
