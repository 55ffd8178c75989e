import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from shopwatch.providers import PROVIDERS
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.window import SetupWindow
from shopwatch.ui.window.page_context import PageContext
from tests.ui.fake_shop import FakeShop, new_shop


async def until(reached: Callable[[], object], what: str) -> None:
    """Wait for a condition of widgets, which tell of no event; at most 30 seconds."""
    try:
        async with asyncio.timeout(30):
            while not reached():  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    except TimeoutError:
        pytest.fail(f"never happened: {what}")


def by_hand(window: SetupWindow) -> None:
    """On the step of the secret, choose to copy address and secret where an API key would do."""
    if window.plan.by_key:
        window.secondary.click()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(focused(), key, modifier)


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


@dataclass
class Desk:
    """The assistant on the screen, its shop, and what it told."""

    shop: FakeShop
    window: SetupWindow
    told: list[str]
    opened: list[str]


@pytest.fixture
def desk(qapp: QApplication, theme: Theme) -> Iterator[Desk]:
    shop = new_shop()
    bridge = Bridge(shop.bus)
    opened: list[str] = []
    window = SetupWindow(PageContext(theme, shop, bridge, qapp.clipboard(), opened.append), providers=PROVIDERS)
    told: list[str] = []
    window.finished.connect(lambda: told.append("finished"))
    window.practice_chosen.connect(lambda: told.append("practice"))
    window.later.connect(lambda: told.append("later"))
    window.resize(1440, 864)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    yield Desk(shop, window, told, opened)
    bridge.close()
    window.close()
    window.deleteLater()
