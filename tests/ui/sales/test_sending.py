"""The Sales screen tells of providers that send nothing, or to an old address, and of unusual silence."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from shopwatch.domain.connection.endpoint import Endpoint, Registered, Standing
from shopwatch.domain.connection.reach import Reach, ReachState
from shopwatch.domain.connection.silence import Silence
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import EndpointsChanged, SilencesChanged
from shopwatch.domain.instant import HOUR
from shopwatch.domain.source import Source
from shopwatch.runtime.clock import now
from shopwatch.ui.widgets.frames.problem_banner import ProblemBanner
from shopwatch.ui.widgets.inputs.buttons import Button
from tests.ui.conftest import Opened
from tests.ui.fake_ledger import NOON
from tests.ui.fake_shop import PAYNOW, FakeShop

type OpenWindow = Callable[[FakeShop], Opened]

KOFI = Source("src-kofi", "kofi", "Ko-fi", "/in/kofi", NOON)
OFF = Registered(PAYNOW.id, Endpoint("wh-1", FakeShop().address.of(PAYNOW), Standing.OFF), NOON, NOON)


def banner(opened: Opened) -> ProblemBanner:
    [found] = [each for each in opened.sales.banner.findChildren(ProblemBanner) if not each.isHidden()]
    return found


def button(inside: QWidget, text: str) -> Button:
    return next(each for each in inside.findChildren(Button) if each.text() == text and each.isVisible())


def counter(opened: Opened) -> str:
    """What screen readers hear of the page Connections in the rail."""
    rail = opened.window.findChildren(QAbstractButton)
    return next(each.accessibleDescription() for each in rail if each.accessibleName() == "Connections")


def test_who_is_switched_off_is_switched_on_by_one_key(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW, KOFI)))
    assert counter(opened) == ""

    opened.shop.ledger.endpoints.tell(OFF)

    assert banner(opened).heading.text() == "PayNow has switched ShopWatch off"
    assert counter(opened) == "1 connection needs you"
    QTest.keyClick(button(banner(opened), "Switch on"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: opened.sales.banner.shown is None)
    assert counter(opened) == ""


def test_what_cannot_be_mended_is_said_and_the_connection_is_one_click_away(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(endpoints={PAYNOW.id: OFF}))
    opened.shop.script.refuses["register"] = UserError("PayNow cannot be asked now.", "Try again in a few minutes.")
    said: list[str] = []
    wanted: list[str] = []
    opened.sales.noticed.connect(said.append)
    opened.sales.connection_requested.connect(wanted.append)

    button(banner(opened), "Switch on").click()
    button(banner(opened), "Show connection").click()

    assert said == ["PayNow cannot be asked now. Try again in a few minutes."]
    assert wanted == [PAYNOW.id]


def test_old_addresses_are_copied_and_done_one_after_the_other(open_window: OpenWindow, qtbot: QtBot) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW, KOFI), stale_sources=(PAYNOW, KOFI)))
    for source, name in ((PAYNOW, "PayNow"), (KOFI, "Ko-fi")):
        assert banner(opened).heading.text() == f"{name} still has the old address"
        button(banner(opened), "Copy address").click()
        assert QApplication.clipboard().text() == opened.shop.address.of(source)
        button(banner(opened), "Done").click()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: opened.sales.banner.shown is None)


def test_unusual_silence_is_a_line_of_its_own_until_the_source_speaks(open_window: OpenWindow) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW, KOFI)))
    line = opened.sales.quiet
    assert not line.isVisible()
    opened.shop.silences.told = {KOFI.id: Silence(KOFI.id, now() - 5 * HOUR, now(), 14)}
    opened.shop.bus.tell(SilencesChanged((KOFI.id,)))
    assert line.isVisible()
    assert line.text().startswith("Ko-fi has sent nothing since ")
    assert line.text().endswith("Usually about 14 messages would have come by now.")
    wanted: list[str] = []
    opened.sales.connection_requested.connect(wanted.append)
    line.look.setFocus()
    QTest.keyClick(line.look, Qt.Key.Key_Space)
    assert wanted == [KOFI.id]

    opened.shop.silences.told |= {PAYNOW.id: Silence(PAYNOW.id, now() - 5 * HOUR, now(), 2)}
    opened.shop.bus.tell(SilencesChanged((PAYNOW.id,)))
    assert line.text() == "PayNow and Ko-fi are usually busy, and have sent nothing for unusually long."
    opened.shop.receiver.tell_reach(Reach(ReachState.SILENT, now()))
    assert not line.isVisible()
    opened.shop.receiver.tell_reach(Reach(ReachState.ANSWERS, now()))
    opened.shop.silences.told = {}
    opened.shop.bus.tell(SilencesChanged((KOFI.id, PAYNOW.id)))
    assert not line.isVisible()


@pytest.mark.parametrize("size", [(1440, 864), (1024, 640)])
def test_no_line_of_it_is_cut(open_window: OpenWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    opened = open_window(FakeShop(sources=(PAYNOW, KOFI)))
    opened.window.resize(*size)
    opened.shop.ledger.endpoints.tell(replace(OFF, problem="api-key-narrow"))
    opened.shop.bus.tell(EndpointsChanged((PAYNOW.id,)))
    labels = [label for label in banner(opened).findChildren(QLabel) if label.isVisible()]
    assert labels
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))
