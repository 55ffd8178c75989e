"""The main window with a shop made by hand."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged, Change, ClockChanged, JobsChanged, SaleRow
from shopwatch.domain.instant import HOUR, MINUTE
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleState
from shopwatch.domain.source import Source
from shopwatch.presenting.level import Level
from shopwatch.presenting.sales.columns import Column
from shopwatch.runtime.clock import now
from shopwatch.runtime.clock_skew import clock_problem
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.texts.empty import EmptyShop, NothingFound
from shopwatch.ui.widgets.texts.lamp import StateLine
from shopwatch.ui.window.main_window import PageId
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import FakeShop, sale_row

type OpenWindow = Callable[[FakeShop], Opened]

LOCKED = UserError("Your password store is locked.", "Unlock it.", code="vault-locked")
SHOPIFY = Source("src-shopify", "shopify", "Shopify", "/in/shopify", 0)


def today_row(nth: int, **changes: object) -> SaleRow:
    """Paid a moment ago, so that it is of today on any machine."""
    return sale_row(nth, **{"paid_at": now() + nth, **changes})


def shown(kind: type[QWidget], inside: QWidget) -> list[QWidget]:
    return [widget for widget in inside.findChildren(kind) if widget.isVisible()]


def button(inside: QWidget, text: str) -> Button:
    return next(each for each in inside.findChildren(Button) if each.text() == text and each.isVisible())


@pytest.fixture
def opened(open_window: OpenWindow) -> Opened:
    return open_window(FakeShop(rows=[today_row(number) for number in range(1, 31)]))


def test_a_shop_named_from_right_to_left_is_named_as_it_is(open_window: OpenWindow) -> None:
    shop = FakeShop()
    shop.settings.change(shop_name="פרחים Bloom")
    window = open_window(shop).window
    assert "פרחים Bloom" in window.windowTitle()
    named = [each for each in window.findChildren(QWidget) if "פרחים Bloom" in each.accessibleName()]
    assert named
    assert not [each for each in named if "U+2068" in each.accessibleName()]


def test_the_shop_is_named_and_its_sales_are_listed(opened: Opened) -> None:
    assert opened.window.windowTitle() == "Bloom & Stem — ShopWatch"
    assert opened.sales.model.rowCount() == 30
    assert opened.sales.table.isVisible()
    assert opened.sales.table.accessibleName() == "Sales, Today, 30 rows"


def test_a_new_sale_comes_in_on_top_and_is_counted(opened: Opened, qtbot: QtBot) -> None:
    opened.shop.ledger.sales.arrive(today_row(31, name="Maya Lindqvist", amount=Money(6800, "USD")))
    model = opened.sales.model
    qtbot.waitUntil(lambda: model.rowCount() == 31)
    assert model.data(model.index(0, Column.CUSTOMER)) == "Maya Lindqvist"
    qtbot.waitUntil(lambda: opened.sales.table.accessibleName() == "Sales, Today, 31 rows")


def test_what_is_looked_at_stays_still_and_a_chip_tells_of_new_sales(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(rows=[today_row(number) for number in range(1, 91)]))
    table = opened.sales.table
    table.verticalScrollBar().setValue(400)
    looked_at = opened.sales.model.row_at(table.rowAt(0))
    opened.shop.ledger.sales.arrive(today_row(91), today_row(92), today_row(93))
    qtbot.waitUntil(lambda: opened.sales.model.rowCount() == 93)
    assert opened.sales.model.row_at(table.rowAt(0)) == looked_at
    chip = button(opened.sales, "3 new sales")
    chip.click()
    assert table.verticalScrollBar().value() == 0
    assert not chip.isVisible()


def test_the_keyboard_finds_opens_and_closes(opened: Opened, qtbot: QtBot) -> None:
    sales = opened.sales
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    QTest.keyClick(opened.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is sales.filters.search
    QTest.keyClicks(sales.filters.search, "c7@example")
    qtbot.waitUntil(lambda: sales.model.query.text == "c7@example")
    assert [row.id for row in sales.model.top(9)] == [7]
    QTest.keyClick(sales.filters.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: sales.model.rowCount() == 30)
    sales.table.setFocus()
    QTest.keyClick(sales.table, Qt.Key.Key_Down)
    assert sales.table.chosen_row() == sales.model.top(1)[0]
    QTest.keyClick(sales.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sales.drawer.sale_id is not None)
    QTest.keyClick(sales.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    row = sales.table.chosen_row()
    assert row is not None
    assert QApplication.clipboard().text() == row.sale.number
    QTest.keyClick(sales.table, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not sales.drawer.isVisible())


def test_pages_are_changed_by_keys(opened: Opened) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    seen = [opened.window.page]
    QTest.keyClick(opened.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    seen.append(opened.window.page)
    assert seen == [PageId.SETTINGS, PageId.SALES]


def test_the_drawer_tells_what_is_done_about_its_sale(opened: Opened, qtbot: QtBot) -> None:
    shop, sales = opened.shop, opened.sales
    sales.show_sale(30)
    qtbot.waitUntil(lambda: sales.drawer.sale_id == 30)
    key = JobKey(1, 1, 0)
    done = Job(key, Trigger.SALE_PAID, "email", {}, JobState.DONE, "s", NOON, 0, NOON, 30, to="a@b.example")
    shop.ledger.outbox.made.append(done)
    shop.bus.tell(JobsChanged())

    def told() -> bool:
        texts = (each.text() for each in sales.drawer.findChildren(QWidget) if hasattr(each, "text"))
        return any(text == "E-mail sent to a@b.example" for text in texts)

    qtbot.waitUntil(told)
    assert told()


def test_the_drawer_follows_the_sale_it_shows(opened: Opened, qtbot: QtBot) -> None:
    sales = opened.sales
    sales.show_sale(30)
    qtbot.waitUntil(lambda: sales.drawer.sale_id == 30)
    assert not any("given back" in each.text() for each in sales.drawer.findChildren(QWidget) if hasattr(each, "text"))
    row = next(row for row in opened.shop.ledger.sales.rows if row.id == 30)
    opened.shop.ledger.sales.arrive(
        replace(row, sale=replace(row.sale, state=SaleState.PART_REFUNDED, given_back=Money(500, "USD"))),
        change=Change.UPDATED,
    )

    def given_back_is_shown() -> bool:
        texts = (each.text() for each in sales.drawer.findChildren(QWidget) if hasattr(each, "text"))
        return any("$5.00 given back" in text for text in texts)

    qtbot.waitUntil(given_back_is_shown)


def test_a_sale_that_the_list_does_not_show_is_shown_by_its_details(opened: Opened, qtbot: QtBot) -> None:
    opened.sales.filters.search.setText("c7@example")
    qtbot.waitUntil(lambda: opened.sales.model.rowCount() == 1)
    opened.sales.show_sale(12)
    qtbot.waitUntil(lambda: opened.sales.drawer.sale_id == 12)
    assert opened.sales.model.rowCount() == 1, "the list stays as it was sought"


def test_the_first_sale_ends_the_empty_page(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop())
    assert shown(EmptyShop, opened.sales)
    assert not opened.sales.filters.search.isEnabled()
    button(opened.sales, "Ring a practice sale").click()
    assert opened.shop.practice.practised == ["src-paynow"]
    opened.shop.ledger.sales.arrive(today_row(1, practice=True))
    qtbot.waitUntil(opened.sales.table.isVisible)
    assert opened.sales.filters.search.isEnabled()


def test_a_search_that_finds_nothing_can_be_cleared(opened: Opened, qtbot: QtBot) -> None:
    opened.sales.filters.search.setText("zzz")
    qtbot.waitUntil(lambda: bool(shown(NothingFound, opened.sales)))
    button(opened.sales, "Clear filters").click()
    assert opened.sales.model.rowCount() == 30
    assert opened.sales.table.isVisible()


def test_sales_of_other_days_are_one_click_away(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(rows=[sale_row(1, paid_at=now() - 3 * 24 * 60 * MINUTE)]))
    button(opened.sales, "Show all sales").click()
    assert opened.sales.model.rowCount() == 1


def test_a_practice_sale_that_fails_says_why(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop())
    opened.shop.script.failure = UserError("Your public address does not answer.", "Try again in a minute.")
    opened.sales.practise()
    problem = opened.sales.banner.shown
    assert problem is not None
    assert (problem.title, problem.text) == ("Your public address does not answer", "Try again in a minute.")


def test_unlocking_takes_the_banner_away(opened: Opened) -> None:
    opened.shop.health.tell_vault(LOCKED)
    assert opened.sales.banner.isVisible()
    button(opened.sales.banner, "Unlock…").click()
    assert opened.shop.health.vault_checks == 1
    assert opened.sales.banner.shown is not None
    assert opened.sales.banner.shown.kind == "ok"


def test_the_deaf_banner_and_lamps_follow_the_probe(opened: Opened) -> None:
    lines = opened.sales.header.findChildren(StateLine)
    opened.shop.receiver.tell_reach(Reach(ReachState.SILENT, now()))
    assert [line.level for line in lines] == [Level.OK, Level.BAD, Level.BAD]
    button(opened.sales.banner, "Try again now").click()
    assert opened.shop.receiver.reopened == 1
    button(opened.sales.banner, "Change address…").click()
    assert opened.window.page is PageId.SETTINGS
    opened.shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now()))
    assert not opened.sales.banner.isVisible()
    assert [line.level for line in lines] == [Level.OK] * 3


def test_the_banner_tells_of_a_wrong_clock_until_it_is_right(opened: Opened) -> None:
    opened.shop.receiver.clock_problem = clock_problem(-9 * MINUTE)
    opened.shop.bus.tell(ClockChanged(opened.shop.receiver.clock_problem))
    assert opened.sales.banner.isVisible()

    opened.shop.receiver.clock_problem = None
    opened.shop.bus.tell(ClockChanged(None))
    assert not opened.sales.banner.isVisible()


def test_bell_and_pop_ups_are_switched_in_the_status_bar(opened: Opened) -> None:
    for text in ("Bell on", "Pop-ups on"):
        sign = next(each for each in opened.window.findChildren(QWidget) if getattr(each, "text", str)() == text)
        QTest.mouseClick(sign, Qt.MouseButton.LeftButton)
    assert (opened.shop.settings.current.bell, opened.shop.settings.current.popups) == (False, False)


def test_narrow_windows_keep_the_total_and_the_lamps(opened: Opened) -> None:
    opened.window.resize(QSize(960, 640))
    assert opened.window.size() == QSize(960, 640)
    assert not opened.sales.header.chart.isVisible()
    assert all(line.isVisible() for line in opened.sales.header.findChildren(StateLine))
    opened.window.resize(QSize(1300, 800))
    assert opened.sales.header.chart.isVisible()


def test_the_window_opens_where_it_was(open_window: OpenWindow) -> None:
    first = open_window(FakeShop())
    first.window.resize(960, 701)
    first.window.close()
    assert open_window(FakeShop()).window.size() == QSize(960, 701)


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
def test_saving_asks_where_and_says_what_was_saved(opened: Opened, tmp_path: Path) -> None:
    said: list[str] = []
    opened.sales.noticed.connect(said.append)
    QTest.keyClick(opened.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = opened.sales.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "today.xlsx"))
    dialog.reject()
    assert opened.shop.exports.sold == [(tmp_path / "today.xlsx", "xlsx")]
    assert said == ["15 sales are saved so far…", "30 sales saved in today.xlsx."]


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_a_file_is_called_by_the_kind_that_is_chosen(opened: Opened, ending: str) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = opened.sales.findChild(QFileDialog)
    assert dialog is not None
    (kind,) = [each for each in dialog.nameFilters() if ending in each]
    dialog.filterSelected.emit(kind)
    assert [Path(name).name for name in dialog.selectedFiles()] == [f"Sales.{ending}"]
    assert dialog.defaultSuffix() == ending
    dialog.reject()


def test_new_rows_are_told_to_be_seen_once(opened: Opened, qtbot: QtBot) -> None:
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    with qtbot.waitSignal(opened.sales.seen):
        opened.sales.on_seen()
    opened.sales.on_seen()
    assert opened.shop.ledger.sales.seen == [30]


def test_rows_that_nobody_looks_at_stay_new(opened: Opened) -> None:
    opened.window.hide()
    opened.sales.on_seen()
    assert opened.shop.ledger.sales.seen == []


def test_a_burst_of_thousands_does_not_hold_the_window_up(opened: Opened, qtbot: QtBot) -> None:
    rows = [today_row(number) for number in range(31, 5031)]
    opened.shop.ledger.sales.rows.extend(rows)
    for start in range(0, 5000, 50):
        opened.shop.ledger.sales.arrive(*rows[start : start + 50])
    longest = 0.0
    while opened.sales.model.rowCount() < 5030:
        started = time.thread_time()
        QApplication.processEvents()
        longest = max(longest, time.thread_time() - started)
    assert longest < 0.25


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([CaughtUp("a", 0, 3, 0, NOON), CaughtUp("b", 0, 9, 0, NOON - 1)], "none found"),
        ([CaughtUp("a", 0, 3, 2, NOON), CaughtUp("b", 0, 9, 1, NOON - 1)], ", 3 found"),
        ([CaughtUp("a", 0, 3, 2, NOON - HOUR), CaughtUp("b", 0, 9, 0, NOON)], "none found"),
        ([CaughtUp("a", 0, 3, 2, NOON), CaughtUp("b", 0, 9, 0, NOON, LOCKED)], "not every service answered"),
        ([CaughtUp("a", 0, 3, 2, NOON), CaughtUp("b", 0, 9)], "Looking for missed sales…"),
    ],
)
def test_how_looking_for_missed_sales_went_is_told_at_the_foot(
    opened: Opened, results: list[CaughtUp], sentence: str
) -> None:
    for result in results:
        opened.shop.bus.tell(CatchUpChanged(result))
    [line] = [each for each in opened.window.findChildren(QAbstractButton) if "missed sales" in each.text()]
    assert line.isVisible()
    assert line.text().endswith(sentence)


def test_missed_sales_are_looked_for_by_key_and_by_the_line_itself(opened: Opened) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_F5)
    opened.shop.bus.tell(CatchUpChanged(CaughtUp("a", 0, 3, 0, NOON)))
    [line] = [each for each in opened.window.findChildren(QAbstractButton) if "missed sales" in each.text()]
    line.click()
    assert opened.shop.catching_up.looks == 2


def test_what_nobody_heard_of_while_the_ledger_was_in_trouble_is_shown_afterwards(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(rows=[today_row(1)]))
    opened.shop.health.tell_ledger(UserError("The sales file cannot be written.", "Free some space.", code="disk-full"))
    opened.shop.ledger.sales.rows.append(today_row(2))

    opened.shop.health.tell_ledger(None)

    assert opened.sales.model.rowCount() == 2
