"""How long a source says nothing before that is unusual, by its own history."""

import random
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shopwatch.domain.connection.silence import Reckoning, hour_of, reckoned
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant

MONDAY: Instant = 1_795_392_000_000
"""00:00 UTC, 23 November 2026."""

OPENS, CLOSES = 9, 18


def by_utc(at: Instant) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def in_hours(weeks: int, busy: Callable[[datetime], int], until: Instant = MONDAY) -> dict[int, int]:
    """Messages by hours, in so many weeks before `until`."""
    counts = {hour: busy(by_utc(hour * HOUR)) for hour in range(hour_of(until) - weeks * 168, hour_of(until))}
    return {hour: count for hour, count in counts.items() if count}


def when_open(at: datetime) -> int:
    return 5 if OPENS <= at.hour < CLOSES else 0


def judged(
    counts: Mapping[int, int], at: Instant, deaf: Collection[int] = (), since: Instant | None = None
) -> Reckoning:
    return reckoned(counts, max(counts) * HOUR if since is None else since, at, deaf, by_utc)


def test_hours_that_are_always_busy_are_missed_soon_and_those_that_never_are_not_at_all() -> None:
    counts = in_hours(8, when_open)

    assert not judged(counts, MONDAY + 9 * HOUR).unusual  # all night, as every night
    assert not judged(counts, MONDAY + 11 * HOUR).unusual
    assert judged(counts, MONDAY + 16 * HOUR) == Reckoning(35, unusual=True)


@pytest.mark.parametrize(("weeks", "unusual"), [(2, False), (4, True)])
def test_who_is_hardly_known_is_not_judged(weeks: int, unusual: bool) -> None:
    assert judged(in_hours(weeks, when_open), MONDAY + 18 * HOUR).unusual is unusual


def test_the_less_is_known_the_longer_it_takes() -> None:
    def hours_until_named(weeks: int) -> int:
        counts = in_hours(weeks, lambda _: 1)
        return next(hours for hours in range(100) if judged(counts, MONDAY + hours * HOUR).unusual)

    assert hours_until_named(3) > hours_until_named(5) > hours_until_named(9) > 4


def test_who_sends_little_is_not_missed() -> None:
    assert not judged(in_hours(10, lambda at: at.weekday() == 0 and at.hour == 12), MONDAY + 30 * DAY).unusual


def test_a_closed_day_of_the_week_is_no_silence() -> None:
    counts = in_hours(8, lambda at: 5 * (at.weekday() != 6), until=MONDAY - DAY)

    assert not judged(counts, MONDAY).unusual
    assert judged(counts, MONDAY + 12 * HOUR).unusual


def test_hours_in_which_nothing_could_be_heard_count_neither_now_nor_then() -> None:
    counts = in_hours(8, when_open)
    deaf = range(hour_of(MONDAY + 9 * HOUR), hour_of(MONDAY + 17 * HOUR))
    assert not judged(counts, MONDAY + 18 * HOUR, deaf).unusual

    nights_off = in_hours(8, lambda at: 5 * (at.weekday() > 2))
    heard = judged(nights_off, MONDAY + 16 * HOUR)
    deaf_then = [hour for hour in range(min(nights_off), max(nights_off)) if by_utc(hour * HOUR).weekday() <= 2]
    assert (heard.usual, judged(nights_off, MONDAY + 16 * HOUR, deaf_then).usual) == (0, 0)


def test_one_earlier_silence_is_an_exception_two_are_its_way() -> None:
    def closed_on(*days_ago: int) -> dict[int, int]:
        closed = {by_utc(MONDAY - days * DAY).date() for days in days_ago}
        return in_hours(8, lambda at: 0 if at.date() in closed else when_open(at))

    evening = MONDAY + 20 * HOUR
    assert judged(closed_on(), evening).unusual
    assert judged(closed_on(20), evening).unusual
    assert not judged(closed_on(20, 33), evening).unusual


def test_a_burst_says_no_more_than_one_message() -> None:
    bursts = in_hours(8, lambda at: 1_000 if at.day == 10 else 0)

    assert not judged(bursts, MONDAY + 3 * DAY, since=max(bursts) * HOUR).unusual


def test_it_is_the_clock_on_the_wall_that_counts() -> None:
    """The shop's hours stay the same when summer time ends, although the hours since 1970 move."""
    berlin = ZoneInfo("Europe/Berlin")
    since, end = datetime(2026, 8, 30, tzinfo=berlin), datetime(2026, 10, 24, 18, tzinfo=berlin)

    def shop(at: Instant) -> datetime:
        return datetime.fromtimestamp(at / 1000, berlin)

    first, last = hour_of(round(since.timestamp() * 1000)), hour_of(round(end.timestamp() * 1000))
    counts = {hour: 5 for hour in range(first, last) if when_open(shop(hour * HOUR))}
    sunday_nine = round(datetime(2026, 10, 25, 9, tzinfo=berlin).timestamp() * 1000)

    assert reckoned(counts, last * HOUR - MINUTE, sunday_nine, (), shop).usual == 0
    assert reckoned(counts, last * HOUR - MINUTE, sunday_nine + 2 * HOUR, (), shop).usual == 10


def test_nothing_is_made_of_nothing_or_of_a_clock_that_went_back() -> None:
    counts = in_hours(8, when_open)

    assert judged({}, MONDAY, since=MONDAY - DAY) == Reckoning(0, unusual=False)
    assert judged(counts, MONDAY - 30 * DAY) == Reckoning(0, unusual=False)
    assert judged(counts, MONDAY + DAY, since=MONDAY + 2 * DAY) == Reckoning(0, unusual=False)


@pytest.mark.parametrize("a_day", [5, 40])
def test_chance_is_hardly_ever_taken_for_silence(a_day: int) -> None:
    """A year of a shop that chance alone rules, looked at every hour: named at most once."""
    chance = random.Random(a_day)
    counts: dict[int, int] = {}
    last, named = MONDAY, set[Instant]()
    for hour in range(hour_of(MONDAY), hour_of(MONDAY) + 52 * 168):
        at = hour * HOUR
        came = sum(chance.random() < a_day / 900 for _ in range(100)) if when_open(by_utc(at)) else 0
        if came:
            counts[hour], last = came, at
        elif hour % 4 == 0:
            seen = {each: count for each, count in counts.items() if each > hour - 1_680}
            if reckoned(seen, last, at + HOUR, (), by_utc).unusual:
                named.add(last)
    assert len(named) <= 1
