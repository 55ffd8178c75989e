"""What the banner says of a time in which nothing is heard."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.source import Source
from shopwatch.runtime.clock import now
from shopwatch.ui.widgets.frames.problem_banner import ProblemBanner
from tests.ui.conftest import Opened
from tests.ui.fake_shop import PAYNOW, FakeShop, sale_row

type OpenWindow = Callable[[FakeShop], Opened]

POLLED = replace(PAYNOW, options={"poll": "60"})
SHOPIFY = Source("src-shopify", "shopify", "Shopify", "/in/shopify", 0)
SINCE: Instant = now() - 30 * MINUTE
SILENT = Reach(ReachState.SILENT, SINCE)
REFUSED = UserError("PayNow does not accept the API key.", "Copy it again.", code="api-key-refused")
AWAY = UserError("PayNow cannot be asked now.", "ShopWatch asks again by itself.", code="api-away")


def look(shop: FakeShop, result: CaughtUp) -> None:
    """A look of a source goes on, or ends."""
    if result.ended_at:
        shop.catching_up.results[result.source_id] = result
    shop.bus.tell(CatchUpChanged(result))
    QApplication.processEvents()


def said(opened: Opened) -> str:
    [banner] = [each for each in opened.sales.banner.findChildren(ProblemBanner) if not each.isHidden()]
    return "\n".join(label.text() for label in banner.findChildren(QLabel) if not label.isHidden())


def test_asking_is_told_once_it_has_been_done(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(POLLED,), reach=SILENT))
    assert "Asks PayNow" not in said(opened)

    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now()))

    assert "Asks PayNow for new sales at least every 5 minutes, last at " in said(opened)


def test_without_asking_none_is_claimed(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW,), reach=SILENT))

    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now()))

    assert "for new sales" not in said(opened)
    assert "Nothing is lost" not in said(opened)


def test_nothing_is_lost_where_everybody_is_asked(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(POLLED,), reach=SILENT))
    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now()))
    opened.sales.on_state_changed()
    assert "ShopWatch asks PayNow instead. Nothing is lost." in said(opened)

    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now(), problem=REFUSED))

    assert "Nothing is lost" not in said(opened)
    assert "Asks PayNow for new sales" not in said(opened)
    assert "PayNow does not accept the API key. Copy it again." in said(opened)


def test_one_who_is_away_is_asked_later(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(POLLED,), reach=SILENT))

    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now(), problem=AWAY))

    assert "PayNow cannot be asked now\n" in said(opened)
    assert "Asks PayNow for new sales" not in said(opened)


def test_one_who_is_not_asked_may_lose_something(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(POLLED, SHOPIFY), reach=SILENT))

    look(opened.shop, CaughtUp(PAYNOW.id, 0, ended_at=now()))

    assert "Asks PayNow for new sales" in said(opened)
    assert "Customers can still pay. Shopify tries again for about 4 hours." in said(opened)
    assert "Nothing is lost" not in said(opened)


def test_sales_that_asking_brings_in_are_counted_in_the_same_banner(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(POLLED,), reach=SILENT))
    shop = opened.shop
    look(shop, CaughtUp(PAYNOW.id, 0, ended_at=now() - MINUTE))
    [banner] = opened.sales.banner.findChildren(ProblemBanner)
    shop.ledger.sales.arrive(sale_row(1, paid_at=now()))

    look(shop, CaughtUp(PAYNOW.id, 0))
    shop.ledger.sales.arrive(
        sale_row(2, paid_at=now()), sale_row(3, paid_at=now()), sale_row(4, paid_at=now(), practice=True)
    )
    look(shop, CaughtUp(PAYNOW.id, 0, 2, 2, now()))

    assert "Has brought in 2 sales by asking since " in said(opened)
    assert opened.sales.banner.findChildren(ProblemBanner) == [banner]


def test_a_new_silence_is_counted_from_its_beginning(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(sources=(POLLED,), reach=SILENT))
    shop = opened.shop
    look(shop, CaughtUp(PAYNOW.id, 0))
    shop.ledger.sales.arrive(sale_row(1, paid_at=now()))
    look(shop, CaughtUp(PAYNOW.id, 0, 1, 1, now()))
    assert "Has brought in 1 sale " in said(opened)

    shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now()))
    qtbot.waitUntil(lambda: opened.sales.banner.shown is None)
    shop.receiver.tell_reach(replace(SILENT, since=now()))
    QApplication.processEvents()

    assert "Has brought in" not in said(opened)
    assert "Asks PayNow for new sales" in said(opened)


@pytest.mark.parametrize("size", [(1440, 864), (1024, 640)])
def test_no_line_of_it_is_cut(open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    opened = open_window(FakeShop(sources=(POLLED, replace(SHOPIFY, options={"poll": "60"})), reach=SILENT))
    opened.window.resize(*size)
    look(opened.shop, CaughtUp(SHOPIFY.id, 0, ended_at=now(), problem=REFUSED))
    look(opened.shop, CaughtUp(PAYNOW.id, 0))
    opened.shop.ledger.sales.arrive(sale_row(1, paid_at=now()))
    look(opened.shop, CaughtUp(PAYNOW.id, 0, 1, 1, now()))

    [banner] = [each for each in opened.sales.banner.findChildren(ProblemBanner) if not each.isHidden()]
    labels = [label for label in banner.findChildren(QLabel) if label.isVisible()]
    assert labels
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))
