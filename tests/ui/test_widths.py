"""What the window shows of the sales at every width, and where text is large."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.presenting.sales.columns import Column
from shopwatch.runtime.clock import now
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.window.main_window import PageId
from shopwatch.ui.window.rail import NARROW, WIDE, Rail
from tests.ui.conftest import Opened
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row

type OpenWindow = Callable[[FakeShop], Opened]

SHOPIFY = Source("src-shopify", "shopify", "Shopify", "/in/shopify", 0)


def place(widget: QWidget) -> QRect:
    """Where it is on the screen."""
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def show_sale(opened: Opened, qtbot: QtBot) -> None:
    """Open the drawer, and wait until it stands."""
    opened.sales.show_sale(30)
    drawer = opened.sales.drawer
    qtbot.waitUntil(lambda: drawer.isVisible() and drawer.geometry().right() + 1 == opened.sales.width())


def covers(opened: Opened) -> bool:
    """Whether the drawer lies over the list."""
    return place(opened.sales.drawer).intersects(place(opened.sales.table))


@pytest.fixture
def busy(open_window: OpenWindow) -> Opened:
    """A shop of several services that sells for millions."""
    rows = [sale_row(number, paid_at=now() + number, amount=Money(1_234_567_890, "USD")) for number in range(1, 31)]
    return open_window(FakeShop(rows=rows, sources=(PAYNOW, SHOPIFY)))


@pytest.mark.parametrize("width", [1440, 1280, 1204, 1084, 1024, 960])
def test_the_states_to_filter_by_are_never_narrower_than_their_words(busy: Opened, qtbot: QtBot, width: int) -> None:
    busy.window.resize(width, 800)
    show_sale(busy, qtbot)
    for each in busy.sales.filters.findChildren(Segmented)[0].buttons():
        assert each.width() >= each.sizeHint().width()


@pytest.mark.parametrize(
    ("width", "beside", "rail"), [(1440, True, WIDE), (1280, True, NARROW), (1150, False, WIDE), (960, False, NARROW)]
)
def test_the_drawer_takes_room_from_the_rail_then_from_the_list_and_only_where_there_is_enough(
    busy: Opened, theme: Theme, qtbot: QtBot, *, width: int, beside: bool, rail: int
) -> None:
    busy.window.resize(width, 800)
    show_sale(busy, qtbot)
    assert covers(busy) is not beside
    (shown,) = busy.window.findChildren(Rail)
    assert shown.width() == theme.px(rail)

    busy.window.show_page(PageId.SETTINGS)
    assert shown.width() == theme.px(NARROW if width < 1080 else WIDE)


def test_where_text_is_large_the_drawer_needs_more_room(
    busy: Opened, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme.fonts, "scale", 1.5)
    busy.window.resize(1439, 800)
    show_sale(busy, qtbot)
    assert covers(busy)


@pytest.mark.parametrize("width", [1440, 960])
def test_the_name_of_a_service_is_whole(open_window: OpenWindow, theme: Theme, width: int) -> None:
    woo = Source("src-woo", "woocommerce", "WooCommerce", "/in/woo", 0)
    opened = open_window(FakeShop(rows=[sale_row(1, paid_at=now())], sources=(PAYNOW, woo)))
    opened.window.resize(width, 800)
    tile_and_margins = 24 + 20 + 2 * 8
    needed = QFontMetrics(theme.font("body")).horizontalAdvance("WooCommerce") + tile_and_margins
    assert opened.sales.table.columnWidth(Column.FROM) >= needed


def test_amounts_and_states_stay_in_sight_where_text_is_large(
    busy: Opened, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme.fonts, "scale", 1.5)
    busy.window.resize(1024, 800)
    table = busy.sales.table
    end = table.columnViewportPosition(Column.STATE) + table.columnWidth(Column.STATE)
    assert end <= table.viewport().width()
    assert table.columnWidth(Column.ITEMS) > 0


@pytest.mark.parametrize("width", [1440, 1204, 1084, 960])
def test_the_total_of_a_great_day_is_never_cut(busy: Opened, qtbot: QtBot, width: int) -> None:
    busy.window.resize(width, 800)

    def all_is_shown() -> bool:
        labels = busy.sales.header.findChildren(QLabel)
        money = [each for each in labels if each.isVisible() and "$" in each.text()]
        return bool(money) and all(each.width() >= each.fontMetrics().horizontalAdvance(each.text()) for each in money)

    qtbot.waitUntil(all_is_shown)
    assert all_is_shown()


def test_the_keyboard_goes_past_what_the_drawer_hides(busy: Opened, qtbot: QtBot) -> None:
    busy.window.resize(1024, 700)
    busy.window.activateWindow()
    QTest.qWaitForWindowActive(busy.window)
    show_sale(busy, qtbot)
    drawer = busy.sales.drawer
    busy.sales.focus_search()
    reached: list[QWidget] = []
    while (now_at := QApplication.focusWidget()) not in reached:
        assert now_at is not None
        reached.append(now_at)
        QTest.keyClick(now_at, Qt.Key.Key_Tab)
    hidden = [each for each in reached if not drawer.isAncestorOf(each) and place(drawer).contains(place(each))]
    assert busy.sales.table in reached
    assert any(drawer.isAncestorOf(each) for each in reached)
    assert not hidden
