from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Change, SaleChange, SalesChanged
from shopwatch.domain.instant import HOUR
from shopwatch.domain.sales.money import Money
from shopwatch.domain.source import Source
from shopwatch.ledger.sales.query import Figures
from shopwatch.presenting.sales.day import Day
from shopwatch.runtime.clock import now
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.system.tray import Tray
from shopwatch.ui.window.unseen import Unseen
from tests.ui.fake_parts import URL
from tests.ui.fake_shop import FakeShop, new_shop, sale_row

BUSY = Figures((Money(100850, "USD"), Money(9600, "EUR")), (19, 2), 21)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def shop() -> FakeShop:
    made = new_shop(tunnel=TunnelKind.NGROK)
    made.sources.all = (Source("s1", "paynow", "PayNow", "/in/x", now()),)
    made.receiver.tunnel = TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, URL, now())
    made.receiver.reach = Reach(ReachState.ANSWERS, now(), now())
    return made


@pytest.fixture
def tray(theme: Theme, shop: FakeShop) -> Iterator[Tray]:
    bridge = Bridge(shop.bus)
    made = Tray(theme, shop, bridge)
    yield made
    bridge.close()
    made.menu.deleteLater()


def test_the_menu_is_written_from_what_is_so_now(tray: Tray, shop: FakeShop) -> None:
    tray.menu.aboutToShow.emit()
    assert tray.total.text() == "No sales yet today"
    tray.on_day_told(Day(BUSY))
    tray.menu.aboutToShow.emit()
    assert tray.total.text() == "US$1,008.50 + €96.00, 21 sales today"
    assert [action.text().partition(":")[0] for action in tray.lamps] == ["Internet", "Public address", "PayNow"]
    assert tray.lamps[0].text() == "Internet: connected"
    assert tray.lamps[2].text().startswith("PayNow: listening since ")
    shop.receiver.tell_reach(Reach(ReachState.SILENT, now(), now()))
    tray.menu.aboutToShow.emit()
    assert tray.lamps[2].text().startswith("PayNow: not hearing since ")


def test_it_keeps_its_mark_until_the_sales_were_seen(tray: Tray, theme: Theme) -> None:
    unseen = Unseen()
    unseen.changed.connect(tray.on_unseen_changed)
    before = tray.icon.icon().pixmap(32).toImage()
    unseen.on_sales_changed(SalesChanged((SaleChange(sale_row(1, practice=True), Change.NEW),)))
    unseen.on_sales_changed(SalesChanged((SaleChange(sale_row(2), Change.UPDATED),)))
    assert tray.icon.icon().pixmap(32).toImage() == before
    unseen.on_sales_changed(SalesChanged((SaleChange(sale_row(3), Change.NEW),)))
    assert tray.icon.icon().pixmap(32).toImage() != before
    assert tray.icon.toolTip().endswith(", not all seen yet")
    unseen.on_seen()
    assert tray.icon.icon().pixmap(32).toImage() == before
    assert "seen" not in tray.icon.toolTip()


def test_the_tooltip_says_the_worst_first(tray: Tray, shop: FakeShop) -> None:
    tray.on_day_told(Day(BUSY))
    assert tray.icon.toolTip() == "ShopWatch: listening, 21 sales today"
    before = tray.icon.icon().cacheKey()
    shop.receiver.tell_tunnel(TunnelStatus(TunnelKind.NGROK, TunnelState.RECONNECTING, URL, now()))
    assert "econnecting" in tray.icon.toolTip() or "hecking" in tray.icon.toolTip()
    assert tray.icon.icon().cacheKey() != before


def test_switches_change_the_settings(tray: Tray, shop: FakeShop) -> None:
    tray.bell.trigger()
    assert not shop.settings.current.bell
    tray.popups.trigger()
    assert not shop.settings.current.popups
    tray.quiet.trigger()
    assert now() + HOUR - 5_000 < shop.settings.current.quiet_until <= now() + HOUR
    tray.menu.aboutToShow.emit()
    assert tray.quiet.text().startswith("Quiet until ")
    assert tray.quiet.isChecked()
    tray.quiet.trigger()
    assert shop.settings.current.quiet_until == 0


def test_a_setting_that_cannot_be_saved_is_told_and_not_pretended(tray: Tray, shop: FakeShop) -> None:
    told: list[UserError] = []
    tray.problem_met.connect(told.append)
    full = UserError("The disk is full.")

    def refuse(**_changes: object) -> None:
        raise full

    shop.settings.change = refuse  # type: ignore[method-assign]
    tray.bell.trigger()
    assert told == [full]
    assert tray.bell.isChecked()


def test_wishes_go_out_as_signals(tray: Tray) -> None:
    told: list[str] = []
    tray.open_requested.connect(lambda: told.append("open"))
    tray.practice_requested.connect(lambda: told.append("practice"))
    tray.settings_requested.connect(lambda: told.append("settings"))
    tray.quit_requested.connect(lambda: told.append("quit"))
    for action in (tray.open, tray.total, tray.practice, tray.settings, tray.quit):
        action.trigger()
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert told == ["open", "open", "practice", "settings", "quit", "open"]


def test_without_a_source_there_is_nothing_to_practise(theme: Theme) -> None:
    shop = new_shop()
    tray = Tray(theme, shop, Bridge(shop.bus))
    assert not tray.practice.isEnabled()
    tray.practice.trigger()


def test_without_a_tray_nothing_is_shown(tray: Tray) -> None:
    assert not tray.available
    tray.show()
    assert not tray.icon.isVisible()
