"""The figures of a day in words."""

import pytest

from shopwatch.domain.facts import Change, SaleChange, SalesChanged
from shopwatch.domain.instant import DAY
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.sales.query import Figures
from shopwatch.presenting.sales.day import Day
from shopwatch.ui.sales.head.chart import SHOP_HOURS, hours_shown
from shopwatch.ui.sales.head.day_watch import DayWatch
from tests.ui.conftest import run_now
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop, sale_row


def figures(*totals: Money, counts: tuple[int, ...] = (), hourly: tuple[int, ...] = ()) -> Figures:
    return Figures(totals, counts or (1,) * len(totals), sum(counts) or len(totals), hourly)


USD = Money(100850, "USD")
EUR = Money(9600, "EUR")
JPY = Money(500, "JPY")


def test_currencies_are_never_added_together() -> None:
    day = Day(figures(USD, EUR, counts=(19, 2)))
    assert (day.total("en_US"), day.others("en_US")) == ("$1,008.50", "+ €96.00")
    assert (day.average("en_US"), day.average_name("en_US")) == ("$53.08", "Average in $")


def test_more_than_two_currencies_are_counted_and_listed() -> None:
    day = Day(figures(USD, EUR, JPY))
    assert day.others("en_US") == "+ €96.00, +1 more"
    assert day.every_total("en_US").splitlines() == ["$1,008.50", "€96.00", "¥500"]


def test_before_the_first_sale_the_day_counts_in_yesterdays_currency() -> None:
    day = Day(before=figures(EUR))
    assert (day.total("en_US"), day.others("en_US"), day.average("en_US")) == ("€0.00", "No sales yet today", "–")


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (Money(80680, "USD"), "25% ahead of yesterday at this time"),
        (Money(201700, "USD"), "50% behind yesterday at this time"),
        (USD, "As much as yesterday at this time"),
        (EUR, ""),
        (Money(0, "USD"), ""),
    ],
)
def test_today_is_compared_with_yesterday_at_this_time(then: Money, words: str) -> None:
    assert Day(figures(USD), before_so_far=figures(then)).comparison("en_US")[0] == words


def test_a_sale_of_yesterday_that_comes_among_many_of_today_counts_there(qapp: object) -> None:
    late = sale_row(101, paid_at=NOON - DAY)
    shop = FakeShop(rows=[sale_row(number) for number in range(1, 101)])
    told: list[Day] = []
    watch = DayWatch(shop.ledger.sales, lambda: NOON, run_now)
    watch.day_told.connect(told.append)
    watch.look()

    shop.ledger.sales.rows.append(late)
    watch.on_sales_changed(SalesChanged(tuple(SaleChange(row, Change.NEW) for row in shop.ledger.sales.rows)))
    watch.look()

    assert [day.before.count if day.before else None for day in told] == [0, 1]


def test_hours_in_another_currency_are_not_drawn_beside_these() -> None:
    hours = tuple(range(24))
    day = Day(figures(USD, hourly=hours), figures(EUR, hourly=hours))
    assert day.hours(day.today) == hours
    assert day.hours(day.before) == ()


def test_the_chart_shows_shop_hours_unless_a_sale_lies_outside() -> None:
    def day(*hours: int) -> tuple[int, ...]:
        return tuple(100 if hour in hours else 0 for hour in range(24))

    assert hours_shown(day(8, 12, 19), ()) == SHOP_HOURS
    assert hours_shown(day(12), day(7)) == (0, 23)
    assert hours_shown(day(20), ()) == (0, 23)
