"""What becomes of failures that nobody foresaw, with a real shop behind the window."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from shopwatch.host import logs
from shopwatch.runtime.tasks import spawn
from shopwatch.secrets.redaction import redact
from shopwatch.secrets.vault import MemoryVault
from shopwatch.ui.crash_reporter import CrashReporter, DefectWindow
from shopwatch.ui.desktop import Desktop
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.inputs.buttons import Button
from tests.shop.registering import ONE, Registering, Stripe
from tests.standin.site import serving
from tests.ui.conftest import Run
from tests.ui.setup.conftest import until

pytestmark = [
    pytest.mark.loud,
    # What Qt's offscreen windows say whenever one is shown.
    pytest.mark.qt_log_ignore("This plugin does not support (raise|propagateSizeHints)", extend=True),
]

SECRET = "whsec_in_a_defect_0123456789"


def fail() -> None:
    raise RuntimeError(f"broken at {SECRET}")


async def fail_soon() -> None:
    fail()


def in_a_slot() -> None:
    QTimer.singleShot(0, fail)


def in_a_task() -> None:
    spawn(fail_soon(), "some work")


def in_a_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> CrashReporter:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # both are put back
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    redact(SECRET)
    return CrashReporter()


def windows() -> list[DefectWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, DefectWindow) and each.isVisible()]


def details(window: DefectWindow) -> str:
    [area] = window.findChildren(QPlainTextEdit)
    return area.toPlainText()


def button(window: DefectWindow, text: str) -> Button:
    [found] = [each for each in window.findChildren(Button) if each.text() == text]
    return found


type Open = Callable[[], AbstractAsyncContextManager[tuple[Desktop, Registering, Stripe]]]


@pytest.fixture
def opened(qapp: QApplication, theme: Theme, problems: CrashReporter, tmp_path: Path, outlives: list[QObject]) -> Open:
    """The desktop of a shop that hears, closed in the order in which the program closes it."""

    @asynccontextmanager
    async def open_it() -> AsyncIterator[tuple[Desktop, Registering, Stripe]]:
        problems.install(asyncio.get_running_loop())
        stripe = Stripe()
        async with serving(stripe.site), Registering(tmp_path / "shop", stripe, MemoryVault()) as shop:
            shop.shop.settings.change(setup_done=True)
            desktop = Desktop(
                theme,
                shop.shop,
                launch=(),
                crash_reporter=problems,
                clipboard=qapp.clipboard(),
                wrap=lambda screen: screen,
                parent=qapp,
            )
            desktop.open()
            await desktop.painted()
            try:
                yield desktop, shop, stripe
            finally:
                await desktop.close()
                outlives.extend((desktop.window, desktop))

    return open_it


@pytest.mark.parametrize("break_it", [in_a_slot, in_a_task, in_a_thread])
def test_a_defect_is_logged_once_shown_without_secrets_and_the_shop_hears_on(
    break_it: Callable[[], None], run: Run, opened: Open, own_logging: None, tmp_path: Path
) -> None:
    async def walk() -> None:
        async with opened() as (_, shop, stripe):
            await shop.register()
            [line] = stripe.lines.values()
            break_it()
            await until(windows, "the window of the defect")
            [window] = windows()
            assert "RuntimeError" in details(window)
            assert "RuntimeError: " not in details(window)
            button(window, "Copy details").click()
            assert QApplication.clipboard().text() == details(window)
            assert SECRET not in details(window)
            assert await shop.hear(ONE, line.secret) == 200

    logs.configure(tmp_path)
    run(walk())
    log = (tmp_path / "shopwatch.log").read_text()
    assert log.count("a defect") == 1
    assert SECRET not in log


def test_the_shop_is_closed_in_order_though_the_window_of_a_defect_was_closed_before(
    run: Run, opened: Open, problems: CrashReporter
) -> None:
    async def walk() -> None:
        async with opened() as (desktop, *_):
            problems.report(RuntimeError("broken"))
            [window] = windows()
            button(window, "Close").click()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            await desktop.close()
            assert not desktop.window.isVisible()

    run(walk())


def test_the_same_defect_is_shown_once_however_often_it_comes(problems: CrashReporter) -> None:
    shown: list[str] = []
    problems.defect_met.connect(shown.append)
    for _ in range(3):
        problems.report(RuntimeError("broken"))
    assert len(shown) == 1


def test_details_name_the_kinds_of_failure_and_their_places_and_nothing_that_was_said(problems: CrashReporter) -> None:
    shown: list[str] = []
    problems.defect_met.connect(shown.append)
    customer, sum_ = "kai.customer@example.com", "EUR 1,234.56"
    try:
        try:
            dict[str, str]()[customer]
        except KeyError as missing:
            missing.add_note(customer)
            raise ExceptionGroup(sum_, [ValueError(customer)]) from missing
    except ExceptionGroup as failure:
        problems.report(failure)

    assert "KeyError" in shown[0]
    assert "ExceptionGroup" in shown[0]
    assert "ValueError" in shown[0]
    assert "test_crash_reporter.py" in shown[0]
    assert customer not in shown[0]
    assert sum_ not in shown[0]
