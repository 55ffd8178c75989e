"""What is written below the bars of the day."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.head.chart import HourChart

_FOOT = 14
NIGHT = (500, *(0 for _ in range(23)))


def foot(theme: Theme, locale: str, width: int = 400) -> QImage:
    """The hours below the bars, of a day with money at night."""
    chart = HourChart(theme, locale)
    chart.resize(width, chart.height())
    chart.tell(NIGHT, (), "USD", "", "")
    seen = chart.grab().toImage()
    return seen.copy(0, seen.height() - _FOOT, seen.width(), _FOOT)


def inked(seen: QImage) -> list[bool]:
    """Which columns have a point that is not empty."""
    empty = seen.pixel(seen.width() // 8, 0)
    return [any(seen.pixel(x, y) != empty for y in range(seen.height())) for x in range(seen.width())]


def test_the_hours_are_written_as_the_locale_has_them(qapp: QApplication, theme: Theme) -> None:
    american, german = foot(theme, "en_US"), foot(theme, "de_DE")
    assert american != german
    assert sum(inked(american)) > sum(inked(german))


@pytest.mark.parametrize("width", [200, 400])
def test_the_last_hour_is_not_cut(qapp: QApplication, theme: Theme, width: int) -> None:
    assert not inked(foot(theme, "en_US", width))[-1]
