"""The Popular items page in the main window, by its own doors: figures, table, days, and the panel of the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular, Rank
from shopwatch.domain.sales.popular_page import PopularPage, Tint
from shopwatch.presenting.popular.days import Span
from shopwatch.settings.settings import Look
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.popular.calendar import Calendars
from shopwatch.ui.popular.model import ItemColumn
from shopwatch.ui.popular.screen import PopularScreen
from shopwatch.ui.window.main_window import PageId
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON, FakePopularBook
from tests.ui.fake_shop import FakeShop, sale_row

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type OpenWindow = Callable[[FakeShop], Opened]

HOSTILE = '<b>PAID</b><img src="//attacker/share/p.png">\u202e'
SOLD = (
    Popular("Spring bouquet", 64, (Money(348_800, "USD"),)),
    Popular("Peony bunch", 58, (Money(197_200, "USD"), Money(2_000, "EUR"))),
    Popular("Orchid, white", 22, (Money(240_800, "USD"),)),
    Popular("Eucalyptus garland", 6, (Money(28_800, "EUR"),)),
    Popular(HOSTILE, 1),
)
LOCKED = UserError("The sales file cannot be read.", "ShopWatch has kept it untouched.")


@pytest.fixture
def shop() -> FakeShop:
    return FakeShop(sold=SOLD, page_made_at=NOON)


@pytest.fixture
def opened(open_window: OpenWindow, shop: FakeShop) -> Opened:
    opened = open_window(shop)
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window)
    QTest.keyClick(opened.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.page is PageId.POPULAR
    return opened


@pytest.fixture
def screen(opened: Opened) -> PopularScreen:
    return opened.window.findChildren(PopularScreen)[0]


def texts(inside: QWidget) -> list[str]:
    return [label.text() for label in inside.findChildren(QLabel) if label.isVisible()]


def names(screen: PopularScreen) -> list[str]:
    model = screen.model
    return [str(model.data(model.index(at, ItemColumn.NAME))) for at in range(model.rowCount())]


def press(screen: PopularScreen, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    screen.window().activateWindow()
    QTest.qWaitForWindowActive(screen.window())
    for key in keys:
        QTest.keyClick(screen.window(), key, modifier)


def click(screen: PopularScreen, at: int, column: ItemColumn) -> None:
    place = screen.table.visualRect(screen.model.index(at, column))
    end = QPoint(place.right() - 30, place.center().y())
    QTest.mouseClick(screen.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_best_sellers_come_first_with_their_figures(screen: PopularScreen) -> None:
    assert names(screen)[:4] == ["Spring bouquet", "Peony bunch", "Orchid, white", "Eucalyptus garland"]
    assert {"151", "$7,868.00", "+ €308.00", "5"} <= set(texts(screen.strip))
    assert screen.table.accessibleName() == "What sold, 5 rows"
    said = screen.model.data(screen.model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "1, Spring bouquet, 64 sold, $3,488.00, shown on the page"


def test_other_currencies_have_a_scale_of_their_own(screen: PopularScreen) -> None:
    garland = screen.model.row_at(3)
    assert (garland.outlined, garland.money_share, garland.qty_share) == (True, 1.0, 6 / 64)
    assert not screen.model.row_at(1).outlined
    assert screen.model.row_at(1).money_share == pytest.approx(1972 / 3488)


def test_it_is_ordered_by_money_when_asked(screen: PopularScreen) -> None:
    screen.strip.order.buttons()[1].click()
    assert names(screen)[:3] == ["Spring bouquet", "Orchid, white", "Peony bunch"]


def test_a_hostile_name_is_shown_as_it_is(screen: PopularScreen) -> None:
    assert names(screen)[4] == '<b>PAID</b><img src="//attacker/share/p.png">⟨U+202E⟩'
    screen.grab()


def test_a_click_takes_an_item_off_the_page_and_space_puts_it_back(screen: PopularScreen, shop: FakeShop) -> None:
    click(screen, 1, ItemColumn.PAGE)
    hidden = shop.settings.current.popular.hidden
    assert hidden == ("Peony bunch",)
    assert not screen.model.row_at(1).on_page

    screen.table.setFocus()
    press(screen, Qt.Key.Key_Space)
    assert not shop.settings.current.popular.hidden


def test_an_item_is_renamed_in_place_and_joins_another(screen: PopularScreen, shop: FakeShop) -> None:
    screen.table.select_at(2)
    screen.table.rename_chosen()
    field = screen.table.viewport().findChildren(QLineEdit)[0]
    assert field.text() == "Orchid, white"
    field.setText("Peony bunch")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert shop.settings.current.popular.names == {"Orchid, white": "Peony bunch"}
    assert names(screen)[:2] == ["Peony bunch", "Spring bouquet"]
    assert screen.model.row_at(0).qty == 80


def test_escape_leaves_a_name_as_it_was(screen: PopularScreen, shop: FakeShop) -> None:
    screen.table.select_at(2)
    screen.table.rename_chosen()
    field = screen.table.viewport().findChildren(QLineEdit)[0]
    field.setText("Other")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert shop.settings.current.popular.names == {}
    assert names(screen)[2] == "Orchid, white"


def test_days_are_chosen_and_moved_by_keys(screen: PopularScreen, shop: FakeShop) -> None:
    today = screen.days.last
    assert screen.days.count == 30
    screen.head.spans.buttons()[list(Span).index(Span.WEEK)].click()
    assert (today - timedelta(days=6), today + timedelta(days=1)) in shop.ledger.popular.asked

    press(screen, Qt.Key.Key_Left, modifier=Qt.KeyboardModifier.ControlModifier)
    assert screen.days.last == today - timedelta(days=7)
    assert not any(each.isChecked() for each in screen.head.spans.buttons())
    press(screen, Qt.Key.Key_Right, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.ControlModifier)
    assert screen.days.last == today
    assert screen.head.spans.key is Span.WEEK


def test_two_calendars_give_any_days_in_either_order(screen: PopularScreen, shop: FakeShop) -> None:
    screen.head.days.click()
    calendars = screen.findChildren(Calendars)[0]
    today = screen.days.last
    calendars.first.setSelectedDate(calendars.first.maximumDate())
    calendars.last.setSelectedDate(calendars.first.maximumDate().addDays(-400))
    calendars.show_button.click()

    assert screen.days.first == today - timedelta(days=400)
    assert screen.days.last == today
    assert shop.ledger.popular.asked[-2][0] == today - timedelta(days=400)


def test_a_sale_is_counted_at_once(screen: PopularScreen, shop: FakeShop, qtbot: QtBot) -> None:
    shop.ledger.popular.sold = (*SOLD, Popular("Tulip bundle", 99, (Money(100, "USD"),)))
    for nth in range(20):
        shop.ledger.sales.arrive(sale_row(nth))
    asked = len(shop.ledger.popular.asked)
    qtbot.waitUntil(lambda: names(screen)[0] == "Tulip bundle")
    assert len(shop.ledger.popular.asked) <= asked + 2


def test_while_sales_are_counted_it_says_how_far(open_window: OpenWindow) -> None:
    said: list[str] = []
    windows: list[Opened] = []

    class Slow(FakePopularBook):
        async def read(
            self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
        ) -> tuple[Popular, ...]:
            on_counted(120_000, 1_030_000)
            said.extend(texts(windows[0].window))
            return await super().read(since, until)

    shop = FakeShop()
    shop.ledger.popular = Slow(shop.script)
    shop.ledger.popular.sold = SOLD
    windows.append(open_window(shop))
    windows[0].window.show_page(PageId.POPULAR)

    assert "Counting what sold: 120,000 of 1,030,000 messages." in said
    assert windows[0].window.findChildren(PopularScreen)[0].listing.is_table_shown


def test_nothing_sold_says_so(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop())
    opened.window.show_page(PageId.POPULAR)
    screen = opened.window.findChildren(PopularScreen)[0]
    assert "Nothing sold in these 30 days." in texts(screen.listing)
    screen.head.spans.buttons()[0].click()
    assert "Nothing sold today yet." in texts(screen.listing)


def test_a_ledger_that_cannot_be_read_is_told_and_tried_again(screen: PopularScreen, shop: FakeShop) -> None:
    shop.script.failure = LOCKED
    screen.head.spans.buttons()[0].click()
    assert screen.banner.shown is not None
    assert screen.banner.shown.title == "The sales file cannot be read"
    assert names(screen)  # what is known stays
    shop.script.failure = None
    screen.head.spans.buttons()[1].click()
    assert screen.listing.is_table_shown


def test_the_page_is_switched_on_and_off(screen: PopularScreen, shop: FakeShop) -> None:
    assert "off" in screen.panel.preview.accessibleDescription()
    screen.panel.switch.click()
    assert shop.settings.current.popular == PopularPage(on=True, begun=True)
    assert "Popular at Bloom & Stem. Last 30 days. Spring bouquet" in screen.panel.preview.accessibleDescription()
    screen.panel.switch.click()
    assert shop.settings.current.popular == PopularPage(on=False, begun=True)
    assert "Back soon" in screen.panel.preview.accessibleDescription()


def test_the_preview_shows_what_visitors_see(screen: PopularScreen, shop: FakeShop) -> None:
    shop.settings.change(popular=PopularPage(on=True, begun=True, hidden=("Spring bouquet",), by=Rank.MONEY))
    said = screen.panel.preview.accessibleDescription()
    assert "Orchid, white, Peony bunch, Eucalyptus garland" in said
    assert "Spring bouquet" not in said
    assert "$" not in said


def test_address_and_line_can_be_copied(opened: Opened, screen: PopularScreen, qapp: QApplication) -> None:
    screen.panel.address.button.click()
    assert qapp.clipboard().text() == "https://lilac-heron.ngrok-free.app/popular"
    screen.panel.line.click()
    assert qapp.clipboard().text().startswith("<iframe ")
    assert "Visitors first see a short notice from ngrok" in texts(screen.panel)


def test_an_address_that_does_not_answer_is_told(screen: PopularScreen, shop: FakeShop) -> None:
    shop.settings.change(popular=PopularPage(on=True, begun=True))
    assert not screen.panel.deaf.isVisible()
    shop.receiver.tell_reach(Reach(ReachState.SILENT, NOON))
    assert screen.panel.deaf.text() == "The address does not answer now. Visitors cannot see the page."
    shop.receiver.tell_reach(Reach(ReachState.ANSWERS, NOON))
    shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NONE, TunnelState.ONLINE, "http://127.0.0.1:8000"))
    assert screen.panel.deaf.text().startswith("There is no public address yet.")
    assert not screen.panel.address.isVisible()
    assert not screen.panel.open.isVisible()
    assert not screen.panel.open.isEnabled()


def test_the_look_is_changed(screen: PopularScreen, shop: FakeShop) -> None:
    screen.panel.look.click()
    dialog = screen.dialog
    assert dialog is not None
    dialog.title.setText("Our favourites")
    dialog.days.setCurrentIndex(dialog.days.findData(90))
    dialog.most.setCurrentIndex(dialog.most.findData(5))
    dialog.tint.setCurrentIndex(dialog.tint.findData(Tint.PLUM))
    dialog.save.click()

    assert shop.settings.current.popular == PopularPage(title="Our favourites", days=90, most=5, tint=Tint.PLUM)
    assert "Our favourites. Last 90 days" in screen.panel.preview.accessibleDescription()
    today = date.today()  # noqa: DTZ011 - the shop's own days
    assert shop.ledger.popular.asked[-1] == (today - timedelta(days=89), today + timedelta(days=1))


def test_the_page_is_saved_as_a_file(opened: Opened, screen: PopularScreen, shop: FakeShop, tmp_path: Path) -> None:
    heard: list[str] = []
    screen.noticed.connect(heard.append)
    screen.on_file_chosen(str(tmp_path / "popular.html"))
    assert shop.popular.saved == [tmp_path / "popular.html"]
    assert heard == ["The page is saved in popular.html."]


def test_at_a_small_window_the_panel_lies_over_the_table(opened: Opened, screen: PopularScreen, qtbot: QtBot) -> None:
    assert screen.panel.isVisible()
    assert not screen.head.panel.isVisible()
    opened.window.resize(1024, 640)
    qtbot.waitUntil(lambda: not screen.panel.isVisible())
    screen.head.panel.click()
    assert screen.panel.isVisible()
    assert screen.listing.width() == screen.width()
    screen.panel.switch.setFocus()
    press(screen, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not screen.panel.isVisible())


def test_it_is_painted_in_both_looks(screen: PopularScreen, theme: Theme) -> None:
    pictures = []
    for look in (Look.DARK, Look.LIGHT):
        theme.choose(look)
        pictures.append(screen.grab().toImage())
    assert pictures[0] != pictures[1]


def test_the_model_keeps_qts_rules(screen: PopularScreen, qtmodeltester: object, shop: FakeShop) -> None:
    qtmodeltester.check(screen.model)  # type: ignore[attr-defined]
    shop.settings.change(popular=replace(shop.settings.current.popular, names={"Peony bunch": "Spring bouquet"}))
    assert screen.model.rowCount() == 4
