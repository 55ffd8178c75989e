from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shopwatch.ui.rules.screen import RulesScreen
from shopwatch.ui.window.main_window import MainWindow, PageId
from tests.ui.conftest import Opened
from tests.ui.fake_shop import FakeShop

type OpenWindow = Callable[[FakeShop], Opened]


@dataclass
class Rules:
    """The Rules page, on the screen."""

    shop: FakeShop
    window: MainWindow
    page: RulesScreen


type OpenRules = Callable[[FakeShop], Rules]


@pytest.fixture
def open_rules(open_window: OpenWindow) -> OpenRules:
    def open_it(shop: FakeShop) -> Rules:
        opened = open_window(shop)
        opened.window.activateWindow()
        QTest.qWaitForWindowActive(opened.window)
        QTest.keyClick(opened.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
        assert opened.window.page is PageId.RULES
        (page,) = opened.window.findChildren(RulesScreen)
        return Rules(shop, opened.window, page)

    return open_it
