import pytest

from shopwatch.domain.clock import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.words import duration


@pytest.mark.parametrize(
    ("length", "words"), [(MINUTE, "1 minute"), (45 * MINUTE, "45 minutes"), (4 * HOUR, "4 hours"), (3 * DAY, "3 days")]
)
def test_durations_are_said_in_one_unit(length: Instant, words: str) -> None:
    assert duration(length) == words
