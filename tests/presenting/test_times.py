"""Instants as on the wall clock."""

from datetime import date, datetime, timedelta

import pytest

from shopwatch.domain.instant import Instant
from shopwatch.presenting import times

TODAY = date(2026, 11, 24)


def at(day: date, hour: int, minute: int) -> Instant:
    return round(datetime(day.year, day.month, day.day, hour, minute).astimezone().timestamp() * 1000)


@pytest.mark.parametrize(
    ("locale", "shown"), [("en_US", "2:38 PM"), ("en_GB", "14:38"), ("de_DE", "14:38"), ("ja_JP", "14:38")]
)
def test_the_clock_follows_the_locale(locale: str, shown: str) -> None:
    assert times.clock(at(TODAY, 14, 38), locale) == shown


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en_US", ["12 AM", "8 AM", "12 PM", "4 PM"]),
        ("de_DE", ["0", "8", "12", "16"]),
        ("fr_CA", ["0", "8", "12", "16"]),
    ],
)
def test_a_full_hour_is_as_short_as_the_custom_allows(locale: str, shown: list[str]) -> None:
    assert [times.hour_text(hour, locale) for hour in (0, 8, 12, 16)] == shown


def test_a_day_is_said_once_it_is_not_today() -> None:
    assert times.stamp(at(TODAY, 14, 2), "en_GB", TODAY) == "14:02"
    assert times.stamp(at(TODAY - timedelta(1), 14, 2), "en_GB", TODAY) == "23 Nov, 14:02"
    assert times.stamp(at(TODAY.replace(year=2025), 14, 2), "en_GB", TODAY) == "24 Nov 2025, 14:02"
    assert times.spoken(at(TODAY, 14, 2), "en_GB", TODAY) == "today at 14:02"
    assert times.spoken(at(TODAY - timedelta(3), 11, 58), "en_GB", TODAY) == "on 21 November at 11:58"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("en_US", "Tuesday, November 24"), ("en_GB", "Tuesday 24 November"), ("de_DE", "Dienstag, 24. November")],
)
def test_the_long_day_names_the_weekday_in_full(locale: str, shown: str) -> None:
    assert times.long_day(TODAY, locale) == shown


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "de_DE"])
def test_the_longest_time_is_as_long_as_any(locale: str) -> None:
    for with_day, day in ((False, TODAY), (True, TODAY.replace(month=9, day=28))):
        longest = max(len(text) for text in times.longest(locale, TODAY, with_day=with_day))
        assert all(len(times.stamp(at(day, hour, 59), locale, TODAY)) <= longest for hour in range(24))


def test_midnight_is_the_first_instant_of_a_day() -> None:
    start = times.midnight(TODAY)
    assert times.local(start).date() == TODAY
    assert times.local(start - 1).date() == times.day_before(TODAY)
