import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSettings
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from shopwatch.loop import Loop
from shopwatch.runtime.tasks import call_off
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.inbox.screen import InboxScreen
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.people.screen import PeopleScreen
from shopwatch.ui.popular.screen import PopularScreen
from shopwatch.ui.rules.screen import RulesScreen
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.window.main_window import MainWindow, PageId
from shopwatch.ui.window.page_context import PageContext
from tests.ui.fake_shop import FakeShop

type Run = Callable[[Awaitable[Any]], Any]


def run_now(work: Coroutine[Any, Any, object], _name: str) -> None:
    """Runs work that never has to wait, as the fake shop's does not."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    pytest.fail("this work had to wait")


def tip_at(widget: QWidget, place: QPoint) -> str:
    """What is told where the mouse rests at `place`; empty if nothing is."""
    widget.show()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    told = QToolTip.text() if QToolTip.isVisible() else ""
    for each in QApplication.topLevelWidgets():
        if each.inherits("QTipLabel"):
            each.hide()  # at once, where `QToolTip.hideText` lets it stay a while
    return told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Widgets in circles end on the thread of their windows, whatever other threads this or a later test has.

    What a test was given is let go after its teardown: a fixture would end too soon.
    """
    gc.disable()
    done = yield
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.enable()
    return done


class PatientBot(QtBot):
    """Waits longer than a busy machine takes."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 30_000) -> None:  # noqa: N802 - overrides
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = 30_000, **more: Any) -> SignalBlocker:  # noqa: N802 - the same
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def outlives() -> list[QObject]:
    """What ends after all work of the test, and so after all that it still waits for, as in the program."""
    return []


@pytest.fixture
def run(qapp: QApplication, outlives: list[QObject]) -> Iterator[Run]:
    """Runs a coroutine on the merged loop; a task that dies unseen fails the test."""
    failures: list[dict[str, Any]] = []
    with asyncio.Runner(loop_factory=lambda: Loop(qapp)) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, about: failures.append(about))
        yield lambda work: runner.run(_to_the_end(work, outlives))
    assert failures == []


async def _to_the_end(work: Awaitable[Any], outlives: list[QObject]) -> Any:
    try:
        return await work
    finally:
        if outlives:
            await call_off(*asyncio.all_tasks() - {asyncio.current_task()})
        while outlives:
            last = outlives.pop()
            last.deleteLater()
            QCoreApplication.sendPostedEvents(last, QEvent.Type.DeferredDelete)


@dataclass
class Opened:
    """The main window on the screen."""

    shop: FakeShop
    sales: SalesScreen
    window: MainWindow
    watch: InboxWatch


@pytest.fixture
def open_window(qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Callable[[FakeShop], Opened]]:
    """Opens the main window of a shop; `may_close` says yes."""
    bridges: list[Bridge] = []
    windows: list[MainWindow] = []

    def open_it(shop: FakeShop) -> Opened:
        bridge = Bridge(shop.bus)
        sales = SalesScreen(shop, theme, bridge, qapp.clipboard(), run_now)
        context = PageContext(theme, shop, bridge, qapp.clipboard(), lambda _url: True)
        places = QSettings(str(tmp_path / "places.ini"), QSettings.Format.IniFormat)
        watch = InboxWatch(shop.ledger.inbox, bridge, run_now)
        window = MainWindow(
            shop,
            theme,
            bridge=bridge,
            sales=sales,
            make={
                PageId.INBOX: lambda: InboxScreen(
                    shop, theme, bridge=bridge, watch=watch, clipboard=qapp.clipboard(), run=run_now
                ),
                PageId.POPULAR: lambda: PopularScreen(
                    shop, theme, bridge=bridge, clipboard=qapp.clipboard(), open_url=lambda _url: True, run=run_now
                ),
                PageId.PEOPLE: lambda: PeopleScreen(
                    shop, theme, bridge=bridge, clipboard=qapp.clipboard(), run=run_now
                ),
                PageId.RULES: lambda: RulesScreen(context, run=run_now),
                PageId.SETTINGS: QWidget,
            },
            places=places,
            may_close=lambda: True,
        )
        watch.tallied.connect(window.set_tally)
        if not windows:
            window.resize(1440, 864)
        sales.start()
        watch.look()
        window.show()
        bridges.append(bridge)
        windows.append(window)
        return Opened(shop, sales, window, watch)

    yield open_it
    for bridge in bridges:
        bridge.close()
    for window in windows:
        window.close()
        window.deleteLater()
