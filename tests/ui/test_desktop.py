"""What leads from one window to another."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from shopwatch.app import PracticeShop
from shopwatch.domain.facts import SalesChanged
from shopwatch.host.paths import Paths
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.ui.crash_reporter import CrashReporter
from shopwatch.ui.desktop import Desktop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.window import SetupWindow
from tests.ui.conftest import Run
from tests.ui.setup.conftest import until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)", extend=True)

type Open = Callable[[], AbstractAsyncContextManager[Desktop]]


@pytest.fixture
def opened(qapp: QApplication, theme: Theme, tmp_path: Path, outlives: list[QObject]) -> Open:
    """The desktop of an owner who has no shop yet, which opens with the assistant."""

    @asynccontextmanager
    async def open_it() -> AsyncIterator[Desktop]:
        paths = Paths(tmp_path / "data")
        paths.prepare()
        shop = await open_shop(paths, vault=MemoryVault())
        desktop = Desktop(
            theme,
            shop,
            launch=(),
            crash_reporter=CrashReporter(),
            clipboard=qapp.clipboard(),
            wrap=lambda screen: screen,
            parent=qapp,
        )
        desktop.open()
        await desktop.painted()
        try:
            yield desktop
        finally:
            await desktop.close()
            await shop.close()
            outlives.extend((desktop.window, desktop))

    return open_it


def assistants() -> list[SetupWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, SetupWindow) and each.isVisible()]


def test_the_tray_brings_back_the_assistant_while_the_owner_is_at_it(run: Run, opened: Open) -> None:
    async def walk() -> None:
        async with opened() as desktop:
            [assistant] = assistants()
            assistant.hide()
            desktop.tray.open.trigger()
            assert assistants() == [assistant]
            assert not desktop.window.isVisible()

    run(walk())


def test_the_assistant_is_there_again_where_the_made_up_shop_cannot_start(
    run: Run, opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "removed"))

    async def walk() -> None:
        async with opened() as desktop:
            practice = PracticeShop(desktop)
            [assistant] = assistants()
            assistant.where.practice.click()
            await until(lambda: assistants() and assistants() != [assistant], "the assistant is there again")
            assert len(assistants()) == 1
            practice.close()

    run(walk())


def test_nothing_on_a_closed_desktop_asks_the_shop_again(run: Run, opened: Open) -> None:
    async def walk() -> None:
        async with opened() as desktop:
            desktop.bridge.sales_changed.emit(SalesChanged(()))
            assert running_timers(desktop)
            await desktop.close()
            assert running_timers(desktop) == []

    run(walk())


def running_timers(desktop: Desktop) -> list[QTimer]:
    every = (*desktop.findChildren(QTimer), *desktop.window.findChildren(QTimer))
    return [timer for timer in every if timer.isActive()]
