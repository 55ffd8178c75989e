"""Periods that sales are looked at by."""

from datetime import date
from enum import StrEnum

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.presenting.times import day_before, midnight


class Period(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    UNHEARD = "unheard"
    """A time in which nothing was heard; there is one only while its sales are looked at."""


def name_of(period: Period) -> str:
    match period:
        case Period.TODAY:
            return say("Today")
        case Period.YESTERDAY:
            return say("Yesterday")
        case Period.WEEK:
            return say("Last 7 days")
        case Period.MONTH:
            return say("Last 30 days")
        case Period.ALL:
            return say("All time")
        case Period.UNHEARD:
            return say("Time away")


def bounds(period: Period, today: date) -> tuple[Instant | None, Instant | None]:
    """From when, inclusive, until when, exclusive, by the days of this computer."""
    match period:
        case Period.TODAY:
            return midnight(today), None
        case Period.YESTERDAY:
            return midnight(day_before(today)), midnight(today)
        case Period.WEEK:
            return midnight(day_before(today, 6)), None
        case Period.MONTH:
            return midnight(day_before(today, 29)), None
        case Period.ALL | Period.UNHEARD:
            return None, None
