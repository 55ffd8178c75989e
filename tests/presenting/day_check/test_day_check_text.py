"""How a day compares, in day_check_text."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.sales.closing import DayCheck, Difference, Differs, Sums
from shopwatch.domain.sales.money import Money
from shopwatch.presenting.day_check import day_check_text

TODAY = date(2026, 11, 25)
YESTERDAY = TODAY - timedelta(1)


def at(day: date, hour: int, minute: int = 0) -> Instant:
    return round(datetime(day.year, day.month, day.day, hour, minute).timestamp() * 1000)  # noqa: DTZ001


def check(day: date = TODAY, *differences: Difference, code: str = "", more: int = 0) -> DayCheck:
    problem = UserError("It cannot be asked.", code=code) if code else None
    return DayCheck("src", day, at(day, 20), at(day, 0), at(day, 19, 50), (), differences, more, problem)


ONE = Difference(Differs.MISSING_HERE, "PN-1", at(TODAY, 9), None, Money(6_800, "USD"), countable=True)


@pytest.mark.parametrize(
    ("checks", "text", "ink"),
    [
        ((), "Compare with your services…", "accent"),
        ((check(code="check-no-list"), check(code="check-no-key")), "Compare with your services…", "accent"),
        ((check(), check(code="check-no-list")), "All agrees, compared at 8:00 PM", "ok"),
        ((check(YESTERDAY),), "Yesterday: all agrees", "ok"),
        ((check(TODAY, ONE), check()), "1 sale differs", "warn"),
        ((check(TODAY, ONE, more=12), check(code="api-away")), "13 sales differ", "warn"),
        ((check(YESTERDAY, ONE),), "Yesterday: 1 sale differs", "warn"),
        ((check(), check(code="api-away")), "Could not be compared", "text2"),
        ((check(YESTERDAY, code="api-away"),), "Yesterday could not be compared", "text2"),
    ],
)
def test_the_line_below_the_total(checks: tuple[DayCheck, ...], text: str, ink: str) -> None:
    line = day_check_text.line(checks, TODAY, "en_US")
    assert (line.text, line.ink) == (text, ink)
    assert bool(line.icon) is (ink != "accent")


def test_until_when_a_day_was_compared() -> None:
    assert day_check_text.account((), TODAY, "en_US").startswith("ShopWatch asks each service")
    assert (
        day_check_text.account((check(),), TODAY, "en_US") == "Compared: 8:00 PM, with all that was sold until 7:50 PM."
    )
    whole = replace(check(YESTERDAY), until=at(TODAY, 0), checked_at=at(TODAY, 9))
    assert day_check_text.account((whole,), TODAY, "en_US") == "Compared: 9:00 AM."


def test_sums_have_the_marks_of_the_locale() -> None:
    assert day_check_text.sums_text(1, 4_400, "EUR", "en_US") == "1 sale, €44.00"
    assert day_check_text.sums_text(1_234, 500, "JPY", "en_US") == "1,234 sales, ¥500"
    assert day_check_text.sums_text(1_234, 12_340, "KWD", "de_DE") == "1.234 sales, 12,340\xa0KWD"


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (ONE, "Missing here"),
        (replace(ONE, kind=Differs.MISSING_THERE, countable=False), "Not in the list"),
        (replace(ONE, kind=Differs.CHANGED), "More was given back"),
        (replace(ONE, kind=Differs.CHANGED, countable=False), "Another amount"),
    ],
)
def test_what_differs(difference: Difference, said: str) -> None:
    assert day_check_text.what(difference) == said


def test_a_sale_of_another_day_has_its_date() -> None:
    assert day_check_text.time_text(ONE, TODAY, "en_US") == "9:00 AM"
    older = replace(ONE, paid_at=at(TODAY, 9) - 30 * HOUR + MINUTE)
    assert day_check_text.time_text(older, TODAY, "en_US") == "Nov 24, 3:01 AM"


def test_an_order_number_from_outside_is_shown_as_it_is() -> None:
    assert day_check_text.order(replace(ONE, order="<b>1</b>\u202e2")) == "<b>1</b>⟨U+202E⟩2"
    assert day_check_text.order(replace(ONE, order="")) == "–"


def test_how_a_comparison_ended() -> None:
    assert day_check_text.end_words((check(code="api-away"),)) == "No service could be asked."
    assert day_check_text.end_words((check(TODAY, ONE), check(code="x"))) == "1 sale differs."
    assert day_check_text.end_words((replace(check(), sums=(Sums("USD", 1, 5, 1, 5),)),)) == "All sales agree."
