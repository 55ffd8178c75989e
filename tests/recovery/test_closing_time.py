"""A day is checked at the hour the owner chose and when it is over, or as soon after as that can be."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.sales.closing import NEVER, DayCheck
from shopwatch.recovery.closing_time import ClosingTime, last_due
from tests.defects import defects

TUESDAY = date(2026, 11, 24)
MONDAY, SUNDAY = TUESDAY - timedelta(1), TUESDAY - timedelta(2)
EVENING = 20 * 60


def at(day: date, hour: int, minute: int = 0) -> Instant:
    return round(datetime(day.year, day.month, day.day, hour, minute).timestamp() * 1000)  # noqa: DTZ001


class Shop:
    """A shop whose time a test moves, and which notes the days it checks."""

    def __init__(self) -> None:
        self.now = at(TUESDAY, 9)
        self.steady = 1_000.0
        self.minute = EVENING
        self.sources = {"stripe-1"}
        self.checked: list[date] = []
        self.asked: list[str] = []
        self.problems: list[Exception | None] = []
        self._kept: dict[tuple[date, str], DayCheck] = {}
        self._sleeper: asyncio.Future[None] | None = None
        self.time = self._made()

    def _made(self) -> ClosingTime:
        return ClosingTime(
            lambda: self.minute,
            lambda _: self.sources,
            self._of,
            self._check,
            clock=lambda: self.now,
            steady=lambda: self.steady,
            sleep=self._sleep,
        )

    async def _of(self, day: date) -> tuple[DayCheck, ...]:
        return tuple(check for (checked, _), check in self._kept.items() if checked == day)

    async def _check(self, day: date, source_ids: Collection[str]) -> None:
        self.checked.append(day)
        for each in sorted(source_ids):
            self.asked.append(each)
            problem = self.problems.pop(0) if self.problems else None
            if isinstance(problem, Outage) or not isinstance(problem, UserError | None):
                raise problem
            self._kept[day, each] = DayCheck(each, day, self.now, problem=problem)

    def keep(self, check: DayCheck) -> None:
        self._kept[check.day, check.source_id] = check

    async def _sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 66
        self._sleeper = asyncio.get_running_loop().create_future()
        await self._sleeper

    async def until(self, moment: Instant) -> None:
        """Let time go by, minute by minute."""
        while self.now < moment:
            gone = min(moment - self.now, MINUTE)
            self.now, self.steady = self.now + gone, self.steady + gone / 1000
            if self._sleeper is not None and not self._sleeper.done():
                self._sleeper.set_result(None)
            for _ in range(3):
                await asyncio.sleep(0)

    async def restarted(self) -> None:
        await self.time.stop()
        self.time = self._made()
        self.time.start()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    shop.time.start()
    yield shop
    await shop.time.stop()


async def test_each_day_is_checked_at_its_hour_and_once_more_when_it_is_over(shop: Shop) -> None:
    await shop.until(at(TUESDAY, 10))
    shop.checked.clear()
    await shop.until(at(TUESDAY, 19, 59))
    assert shop.checked == []
    await shop.until(at(TUESDAY, 20, 1))
    assert shop.checked == [TUESDAY]
    await shop.restarted()
    await shop.until(at(TUESDAY + timedelta(2), 20, 1))
    assert shop.checked == [TUESDAY + timedelta(days) for days in (0, 0, 1, 1, 2)]


async def test_who_closes_after_midnight_has_each_day_checked_once(shop: Shop) -> None:
    shop.minute = 90
    await shop.until(at(TUESDAY, 23))
    shop.checked.clear()
    await shop.until(at(TUESDAY + timedelta(3), 2))
    assert shop.checked == [TUESDAY + timedelta(days) for days in range(3)]


async def test_what_was_missed_while_it_was_closed_is_made_up_for_after_the_start(shop: Shop) -> None:
    await shop.until(shop.now + MINUTE)
    assert shop.checked == []
    await shop.until(shop.now + 5 * MINUTE)
    assert shop.checked == [SUNDAY, MONDAY]


async def test_a_clock_that_is_put_back_after_the_start_holds_nothing_up(shop: Shop) -> None:
    shop.now -= 4 * HOUR
    await shop.until(shop.now + 5 * MINUTE)
    assert shop.checked == [SUNDAY, MONDAY]


async def test_what_was_checked_by_a_clock_that_was_ahead_is_checked_again(shop: Shop) -> None:
    await shop.until(at(TUESDAY, 10))
    shop.keep(DayCheck("stripe-1", TUESDAY, shop.now + 365 * DAY))
    shop.checked.clear()
    await shop.until(at(TUESDAY, 20, 1))
    assert shop.checked == [TUESDAY]


async def test_nothing_is_checked_until_an_hour_is_chosen(shop: Shop) -> None:
    shop.minute = NEVER
    await shop.until(shop.now + 2 * DAY)
    assert shop.checked == []
    shop.minute = 21 * 60
    await shop.until(at(TUESDAY + timedelta(2), 21, 1))
    assert shop.checked[-1] == TUESDAY + timedelta(2)


async def test_who_could_not_be_asked_is_asked_again_in_a_while(shop: Shop) -> None:
    await shop.until(at(TUESDAY, 19))
    shop.checked.clear()
    away = UserError("Stripe cannot be asked now.", code="api-away")
    shop.problems += [away, Outage("The store is away.", code="x"), away]
    await shop.until(at(TUESDAY, 23))
    assert shop.checked == [TUESDAY] * 4


async def test_a_defect_is_told_and_ends_no_checking(shop: Shop) -> None:
    await shop.until(at(TUESDAY, 19))
    shop.checked.clear()
    shop.problems.append(ValueError("of ours"))
    with defects() as told:
        await shop.until(at(TUESDAY, 23))
    assert shop.checked == [TUESDAY] * 2
    assert [str(each) for each in told] == ["of ours"]


async def test_nobody_is_asked_twice_because_another_could_not_be(shop: Shop) -> None:
    shop.sources = {"paypal-1", "stripe-1"}
    await shop.until(at(TUESDAY, 19))
    shop.asked.clear()
    shop.problems += [None, UserError("Stripe cannot be asked now.", code="api-away")]
    await shop.until(at(TUESDAY, 23))
    assert shop.asked == ["paypal-1", "stripe-1", "stripe-1"]


async def test_who_was_not_asked_before_an_end_is_asked_after_the_next_start(shop: Shop) -> None:
    shop.sources = {"paypal-1", "stripe-1"}
    await shop.until(at(TUESDAY, 19))
    shop.asked.clear()
    shop.problems += [None, Outage("The store is away.", code="x")]
    await shop.until(at(TUESDAY, 20, 1))
    await shop.restarted()
    await shop.until(at(TUESDAY, 23))
    assert shop.asked == ["paypal-1", "stripe-1", "stripe-1"]


async def test_where_nobody_is_to_be_asked_the_day_is_done(shop: Shop) -> None:
    shop.sources = set()
    await shop.until(at(TUESDAY, 23))
    assert shop.checked == []


@pytest.mark.parametrize("code", ["api-key-refused", "check-no-key", "check-no-list"])
async def test_what_only_the_owner_can_mend_is_not_asked_again(shop: Shop, code: str) -> None:
    await shop.until(at(TUESDAY, 19))
    shop.checked.clear()
    shop.problems.append(UserError("It cannot be.", code=code))
    await shop.until(at(TUESDAY, 23))
    assert shop.checked == [TUESDAY]


@pytest.mark.parametrize(
    ("moment", "minute", "dues"),
    [
        (at(TUESDAY, 20), EVENING, [(MONDAY, at(TUESDAY, 0)), (TUESDAY, at(TUESDAY, 20))]),
        (at(TUESDAY, 19, 59), EVENING, [(SUNDAY, at(MONDAY, 0)), (MONDAY, at(MONDAY, 20))]),
        (at(TUESDAY, 2), 90, [(MONDAY, at(TUESDAY, 1, 30))]),
        (at(TUESDAY, 1), 90, [(SUNDAY, at(MONDAY, 1, 30))]),
        (at(TUESDAY, 0), 0, [(MONDAY, at(TUESDAY, 0))]),
        (at(TUESDAY, 12), 720, [(MONDAY, at(TUESDAY, 0)), (TUESDAY, at(TUESDAY, 12))]),
    ],
)
def test_who_closes_after_midnight_means_the_day_before(
    moment: Instant, minute: int, dues: list[tuple[date, Instant]]
) -> None:
    assert [*last_due(moment, minute)] == dues


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_each_day_has_one_closing_time_also_when_the_clock_is_put(sunday: date) -> None:
    begins = at(sunday - timedelta(1), 12)
    dues = {due for minute in range(48 * 60) for due in last_due(begins + minute * MINUTE, 150)}
    assert sorted(day for day, _ in dues) == [sunday - timedelta(days) for days in (2, 1, 0)]
    instants = sorted(since for _, since in dues)
    assert all(22 * HOUR < later - earlier < 26 * HOUR for earlier, later in pairwise(instants))
