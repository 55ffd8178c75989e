"""The days that are looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from babel.dates import format_interval, format_skeleton

from shopwatch.domain.i18n import say, say_n


class Span(StrEnum):
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def name_of(span: Span) -> str:
    match span:
        case Span.TODAY:
            return say("Today")
        case Span.WEEK:
            return say("7 days")
        case Span.MONTH:
            return say("30 days")
        case Span.YEAR:
            return say("This year")


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both of them in it."""

    first: date
    last: date

    @classmethod
    def of(cls, span: Span, today: date) -> Self:
        match span:
            case Span.TODAY:
                return cls(today, today)
            case Span.WEEK:
                return cls(today - timedelta(days=6), today)
            case Span.MONTH:
                return cls(today - timedelta(days=29), today)
            case Span.YEAR:
                return cls(date(today.year, 1, 1), today)

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def until(self) -> date:
        """The day just after them."""
        return self.last + timedelta(days=1)

    def moved(self, steps: int) -> Self:
        """As many days, so many times earlier (negative) or later."""
        by = timedelta(days=self.count * steps)
        return type(self)(self.first + by, self.last + by)

    def ending_by(self, day: date) -> Self:
        """As many days, but none after this one."""
        return type(self)(self.first - (self.last - day), day) if self.last > day else self

    def text(self, locale: str, today: date) -> str:
        """ "26 Oct – 24 Nov"."""
        skeleton = "MMMd" if self.first.year == self.last.year == today.year else "yMMMd"
        if self.first == self.last:
            return format_skeleton(skeleton, _noon(self.first), locale=locale)
        return format_interval(_noon(self.first), _noon(self.last), skeleton, locale=locale)

    def nothing(self, today: date) -> str:
        """That nothing sold in them, as a sentence."""
        if self.first == self.last == today:
            return say("Nothing sold today yet.")
        return say_n("Nothing sold on this day.", "Nothing sold in these {n} days.", self.count)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - a day of the shop's own
