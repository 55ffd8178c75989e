"""The line below the day's total, and both sides of a day behind it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import DayChecked
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.sales.closing import DayCheck, Difference, Differs, Sums
from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.presenting.times import clock, midnight
from shopwatch.ui.day_check.dialog import DayDialog
from tests.ui.conftest import Opened
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

TODAY = date.today()  # noqa: DTZ011 - a day of the shop's own
BEGINS = midnight(TODAY)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is still the day on which this file was read, however late that was."""
    with time_machine.travel((BEGINS + 12 * HOUR) / 1000):
        yield


KOFI = Source("src-kofi", "kofi", "Ko-fi", "/in/kofi", 0)
MISSING = Difference(Differs.MISSING_HERE, "PN-7", BEGINS + HOUR, None, Money(6_800, "USD"), countable=True)
ALONE = Difference(Differs.MISSING_THERE, "PN-3", BEGINS + HOUR, Money(1_003, "USD"), None, sale_id=3)
AGREES = DayCheck(
    PAYNOW.id, TODAY, BEGINS + 2 * HOUR, BEGINS, BEGINS + 110 * MINUTE, (Sums("USD", 22, 107_650, 22, 107_650),)
)
DIFFERS = replace(AGREES, sums=(Sums("USD", 21, 100_850, 22, 107_650),), differences=(MISSING, ALONE))
NO_LIST = replace(
    AGREES,
    source_id=KOFI.id,
    sums=(),
    problem=UserError("Ko-fi has no list that ShopWatch could compare with.", code="check-no-list"),
)


def words(inside: QWidget) -> str:
    return "\n".join(label.text() for label in inside.findChildren(QLabel) if label.isVisible())


def dialog_of(opened: Opened) -> DayDialog:
    opened.sales.header.check.click()
    dialog = opened.sales.day_check.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def test_a_day_is_compared_by_a_button_and_what_is_missing_counted_by_another(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    shop = FakeShop(sources=(PAYNOW, KOFI), lists={TODAY: [(DIFFERS, NO_LIST), (AGREES, NO_LIST)]})
    opened = open_window(shop)
    assert opened.sales.header.check.line.text == "Compare with your services…"

    dialog = dialog_of(opened)
    assert "Not compared yet." in words(dialog)
    assert not dialog.count.isVisible()
    dialog.compare.click()
    said = words(dialog)
    for part in ("21 sales, $1,008.50", "22 sales, $1,076.50", "Differs", "PN-7", "Missing here", "Not in the list"):
        assert part in said
    assert "Ko-fi has no list that ShopWatch could compare with." in said
    assert dialog.count.text() == "Count 1 sale"
    assert opened.sales.header.check.line.text == "2 sales differ"

    with qtbot.waitSignal(opened.sales.noticed) as noticed:
        dialog.count.click()
    assert noticed.args == ["All sales agree."]
    assert shop.day_checks.compared == [(TODAY, False), (TODAY, True)]
    assert "Agrees" in words(dialog)
    assert "What differs" not in words(dialog)
    assert not dialog.count.isVisible()
    assert opened.sales.header.check.line.ink == "ok"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert opened.sales.day_check.dialog is None


def test_the_last_comparison_is_there_after_a_start_and_is_told_when_it_ends(open_window: OpenWindow) -> None:
    shop = FakeShop(checks={TODAY - timedelta(1): (replace(DIFFERS, day=TODAY - timedelta(1)),)})
    opened = open_window(shop)
    assert opened.sales.header.check.line.text == "Yesterday: 2 sales differ"
    dialog = dialog_of(opened)
    assert dialog.day == TODAY - timedelta(1)
    assert "PN-7" in words(dialog)
    dialog.reject()

    shop.ledger.day_checks.checks[TODAY] = (AGREES, NO_LIST)
    shop.bus.tell(DayChecked(TODAY))
    assert opened.sales.header.check.line.text == "Yesterday: 2 sales differ"

    shop.ledger.day_checks.checks[TODAY - timedelta(1)] = (replace(AGREES, day=TODAY - timedelta(1)),)
    shop.bus.tell(DayChecked(TODAY - timedelta(1)))
    assert opened.sales.header.check.line.text.startswith("All agree")


def test_other_days_are_turned_to_but_none_that_has_not_begun(open_window: OpenWindow) -> None:
    shop = FakeShop(checks={TODAY - timedelta(2): (replace(DIFFERS, day=TODAY - timedelta(2)),)})
    dialog = dialog_of(open_window(shop))
    assert not dialog.after.isEnabled()
    dialog.before.click()
    assert "Not compared yet." in words(dialog)
    dialog.before.click()
    assert "PN-7" in words(dialog)
    assert dialog.count.isVisible()
    dialog.after.click()
    assert not dialog.count.isVisible()
    assert dialog.after.isEnabled()


def test_a_sale_that_is_not_in_the_list_is_shown_among_the_others(open_window: OpenWindow) -> None:
    rows = [sale_row(nth, paid_at=BEGINS + nth * 1_000) for nth in range(1, 5)]
    opened = open_window(FakeShop(rows=rows, checks={TODAY: (DIFFERS,)}))
    dialog = dialog_of(opened)

    link = next(each for each in dialog.findChildren(QAbstractButton) if each.accessibleName() == "Show sale PN-3")
    link.click()

    assert opened.sales.day_check.dialog is None
    chosen = opened.sales.table.chosen_row()
    assert chosen is not None
    assert chosen.id == 3


def test_what_went_wrong_is_said_and_the_last_comparison_stays(open_window: OpenWindow) -> None:
    shop = FakeShop(checks={TODAY: (DIFFERS,)}, failure=None)
    dialog = dialog_of(open_window(shop))
    shop.script.failure = UserError("The password store is locked.", "Unlock it.", code="vault-locked")
    dialog.compare.click()
    said = words(dialog)
    assert "The password store is locked. Unlock it." in said
    assert "PN-7" in said
    assert dialog.compare.isEnabled()


def test_nothing_is_called_compared_where_nobody_could_be_asked(open_window: OpenWindow) -> None:
    shop = FakeShop(sources=(KOFI,), checks={TODAY: (NO_LIST,)})
    said = words(dialog_of(open_window(shop)))
    assert f"Nothing could be compared at {clock(NO_LIST.checked_at, shop.locale)}." in said
    assert "In their list" not in said


def test_nobody_who_sells_was_connected(open_window: OpenWindow) -> None:
    dialog = dialog_of(open_window(FakeShop()))
    dialog.compare.click()
    assert "No service that sells was connected on that day." in words(dialog)


def test_without_any_connection_there_is_nothing_to_compare(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=()))
    assert not opened.sales.header.check.isEnabled()
    assert opened.sales.header.check.line.text == ""


def test_long_names_and_numbers_stay_within_the_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    large = Sums("JPY", 123_456, 123_456_789_012, 123_456, 123_456_789_012)
    odd = replace(ALONE, order="#<b>" + "9" * 300)
    long = replace(PAYNOW, name="A shop with a name that nobody would ever " * 4)
    other = replace(long, id="src-other")
    checks = (replace(DIFFERS, sums=(large,), differences=(odd,) * 40, more=3), replace(AGREES, source_id=other.id))
    opened = open_window(FakeShop(sources=(long, other), checks={TODAY: checks}))
    dialog = dialog_of(opened)
    dialog.resize(dialog.minimumSize())
    area = next(each for each in dialog.findChildren(QWidget) if each.objectName() == "qt_scrollarea_viewport")
    sheet = area.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)[0]
    qtbot.waitUntil(lambda: 0 < sheet.width() <= area.width())
    assert "and 3 more" in words(dialog)
    assert not dialog.grab().isNull()


def test_a_name_from_right_to_left_is_read_as_it_is(open_window: OpenWindow) -> None:
    till = Source("src-till", "custom", "קופה Bloom", "/in/till", 0)
    opened = open_window(FakeShop(sources=(till,), checks={TODAY: (replace(NO_LIST, source_id=till.id),)}))
    said = words(dialog_of(opened))
    assert "קופה Bloom" in said
    assert "U+2068" not in said
