from collections.abc import Iterator

import pytest

from shopwatch.domain.i18n import duration, number, say_n, write_numbers
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant


@pytest.mark.parametrize(
    ("length", "words"), [(MINUTE, "1 minute"), (45 * MINUTE, "45 minutes"), (4 * HOUR, "4 hours"), (3 * DAY, "3 days")]
)
def test_durations_are_said_in_one_unit(length: Instant, words: str) -> None:
    assert duration(length) == words


@pytest.fixture
def german_numbers() -> Iterator[None]:
    write_numbers(lambda count: f"{count:,}".replace(",", "."))
    yield
    write_numbers(None)


def test_counts_have_the_thousands_marks_of_the_language(german_numbers: None) -> None:
    assert number(1_241) == "1.241"
    assert say_n("{n} sale in {file}", "{n} sales in {file}", 9_010, file="a") == "9.010 sales in a"


def test_counts_are_written_in_english_where_nothing_else_is_said() -> None:
    assert say_n("{n} sale", "{n} sales", 9_010) == "9,010 sales"
    assert say_n("{n} sale", "{n} sales", 1) == "1 sale"
