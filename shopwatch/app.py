"""The desktop program: everything is put together here, and the one loop runs here."""

import asyncio
import contextlib
import linecache
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLocale,
    QObject,
    QProcess,
    QSocketNotifier,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QApplication, QMessageBox

from shopwatch import __version__, writer_process
from shopwatch.domain import i18n
from shopwatch.domain.errors import UserError
from shopwatch.domain.legible import unhidden
from shopwatch.host import logs
from shopwatch.host.command import own_command
from shopwatch.host.handles import allow_handles
from shopwatch.host.language import speak
from shopwatch.host.lock import AlreadyRunning, DataFolderLock, Role
from shopwatch.host.paths import Paths
from shopwatch.loop import Loop
from shopwatch.presenting.amounts import count_text
from shopwatch.runtime import gc_policy
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.secrets.vault import Vault
from shopwatch.shop.opening import open_shop, restore_shop
from shopwatch.shop.shop import Shop
from shopwatch.ui.crash_reporter import CrashReporter
from shopwatch.ui.desktop import Desktop, WantedBackup
from shopwatch.ui.look.mark import mark_icon
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.system.display import has_screen, no_screen
from shopwatch.ui.system.instance import FrontDoor, knock

if TYPE_CHECKING:
    from shopwatch.domain.rules.popup import NotificationService

type Work = Callable[[Shop, Desktop], Awaitable[None]]

_SWITCH_AFTER = 0.001
"""Seconds for which the window's thread lets the ledger's work at most, and the other way round, while both want to."""


def desktop(paths: Paths, database: str | None) -> int:
    """Open the shop's window and hear until the owner quits; the exit code.

    A second start brings the first window to the front. Where the shop cannot be opened, a window says so. Raises
    UserError where there is no screen.
    """
    if not has_screen():
        raise no_screen()
    allow_handles()
    app = application()
    try:
        paths.prepare()
        with DataFolderLock(paths).acquire(Role.DESKTOP):
            logs.configure(paths.logs)
            backup = run(app, paths, database)
        if backup is not None:
            _bring_back(app, backup, paths, database)
    except AlreadyRunning as running:
        if running.holder is not None and running.holder.role is Role.DESKTOP and knock(paths.doors):
            sys.stderr.write(f"{unhidden(running.title)}\n")
            return 0
        _tell(app, running)
        return running.exit_code
    except UserError as problem:
        _tell(app, problem)
        return problem.exit_code
    return 0


def _bring_back(app: "Application", backup: WantedBackup, paths: Paths, database: str | None) -> None:
    """Put the backup in the place of what is there, and start anew in either case."""
    try:
        asyncio.run(restore_shop(backup.file, paths, database, backup.passphrase))
    except UserError as problem:
        _tell(app, problem)
    program, *words = own_command(*sys.argv[1:])
    QProcess.startDetached(program, words)


class Application(QApplication):
    """Qt as a whole. Its own ways to quit (macOS, end of the session) are told, and end nothing by themselves."""

    quit_requested = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Quit:
            return super().event(event)
        self.quit_requested.emit()
        return True


def application() -> Application:
    """Qt, speaking the owner's language, alive without a visible window."""
    QCoreApplication.setApplicationName("ShopWatch")
    QCoreApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("shopwatch")
    _let_go_of_sources()
    app = Application(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(mark_icon())
    speak(QLocale().uiLanguages())
    return app


def run(
    app: Application,
    paths: Paths,
    database: str | None = None,
    *,
    vault: Vault | None = None,
    wrap: Callable[["NotificationService"], "NotificationService"] = lambda screen: screen,
    work: Work | None = None,
) -> WantedBackup | None:
    """Run the shop until the owner, or `work`, ends it; what is to be brought back then. Raises UserError if it cannot
    be opened.

    `wrap` may stand between the pop-ups and the desktop that shows them.
    """
    crash_reporter = CrashReporter(app)
    sys.setswitchinterval(_SWITCH_AFTER)
    with asyncio.Runner(loop_factory=lambda: Loop(app)) as runner:
        crash_reporter.install(runner.get_loop())
        return runner.run(_main(app, crash_reporter, paths, database, vault=vault, wrap=wrap, work=work))


async def _main(
    app: Application,
    crash_reporter: CrashReporter,
    paths: Paths,
    database: str | None,
    *,
    vault: Vault | None,
    wrap: Callable[["NotificationService"], "NotificationService"],
    work: Work | None,
) -> WantedBackup | None:
    spawn(gc_policy.collect_here(), "collect garbage")
    shop = await open_shop(
        paths, database, vault=vault, locale=QLocale().name(), writer_config=writer_process.writer_config(), alone=True
    )
    i18n.write_numbers(partial(count_text, locale=shop.locale))
    ended = asyncio.Event()
    doors = _ExitDoors(app, ended.set)
    theme = Theme(app, shop.settings.current.look)
    view = Desktop(
        theme,
        shop,
        launch=own_command(),
        crash_reporter=crash_reporter,
        clipboard=app.clipboard(),
        wrap=wrap,
        parent=app,
    )
    view.quit_requested.connect(ended.set)
    front = FrontDoor(paths.doors, app)
    front.knocked.connect(view.bring_to_front)
    practice = PracticeShop(view)
    hearing: asyncio.Task[None] | None = None
    try:
        view.open()
        if front.problem is not None:
            view.on_problem_met(front.problem)
        hearing = spawn(_hear(shop, view), "start to hear")
        if work is not None:
            spawn(_ending(work(shop, view), ended), "work")
        await ended.wait()
    finally:
        front.close()
        practice.close()
        await call_off(hearing)  # a password store that is asked meanwhile may take its time
        await shop.stop()
        await view.close()
        await shop.close()
        doors.close()
    return view.wanted


async def _hear(shop: Shop, view: Desktop) -> None:
    # The window is painted before the libraries that hear are loaded.
    await view.painted()
    _let_go_of_sources()
    await view.begin()
    with contextlib.suppress(UserError):  # the shop has told it as a fact, and the banner says it
        await shop.start()
    _let_go_of_sources()
    gc_policy.settle()


def _let_go_of_sources() -> None:
    """PySide looks into the source of every module that is loaded, and Python would keep those 24 MiB of text."""
    linecache.clearcache()


async def _ending(work: Awaitable[None], ended: asyncio.Event) -> None:
    try:
        await work
    finally:
        ended.set()


class PracticeShop(QObject):
    """A made-up shop in a process and a data folder of its own, so that nothing of it mixes with the real one."""

    def __init__(self, view: Desktop) -> None:
        super().__init__(view)
        self._view = view
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.finished.connect(self.on_finished)
        self._process.errorOccurred.connect(self.on_error)
        view.practice_chosen.connect(self.on_practice_chosen)

    @Slot()
    def on_practice_chosen(self) -> None:
        program, *words = own_command("demo", "--sales", "500", "--rate", "0.25")
        self._process.start(program, words)

    @Slot()
    def on_finished(self) -> None:
        self._view.show_assistant()

    @Slot(QProcess.ProcessError)
    def on_error(self, error: QProcess.ProcessError) -> None:
        """What never started does not finish either."""
        if error is QProcess.ProcessError.FailedToStart:
            self._view.show_assistant()

    def close(self) -> None:
        """End it with the real one."""
        self._process.finished.disconnect(self.on_finished)
        self._process.terminate()
        self._process.waitForFinished(3_000)


class _ExitDoors(QObject):
    """Every way out calls `leave`: Qt's own quit, the end of the session, SIGINT and SIGTERM."""

    def __init__(self, app: Application, leave: Callable[[], None]) -> None:
        super().__init__(app)
        self._leave = leave
        app.quit_requested.connect(self.on_asked)
        app.commitDataRequest.connect(self.on_asked, Qt.ConnectionType.DirectConnection)
        self._before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        # Python looks at signals only between its own steps, and an idle Qt makes none: a byte that comes is one.
        self._due, self._bell = socket.socketpair()
        for end in (self._due, self._bell):
            end.setblocking(False)
        self._wakes_before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        self._listens = QSocketNotifier(self._due.fileno(), QSocketNotifier.Type.Read, self)
        self._listens.activated.connect(self.on_rung)

    def close(self) -> None:
        self._listens.setEnabled(False)
        signal.set_wakeup_fd(self._wakes_before)
        for end in (self._due, self._bell):
            end.close()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @Slot()
    def on_rung(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._due.recv(4096)

    @Slot()
    def on_asked(self) -> None:
        self._leave()

    def _on_signal(self, *_: object) -> None:
        self._leave()


def _tell(app: Application, problem: UserError) -> None:
    box = QMessageBox(QMessageBox.Icon.Warning, "ShopWatch", problem.title, QMessageBox.StandardButton.Close)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(problem.hint)
    doors = _ExitDoors(app, lambda: QTimer.singleShot(0, box.reject))  # the box may only just be about to open
    sys.stderr.write(f"{unhidden(str(problem))}\n")
    sys.stderr.flush()
    box.exec()
    doors.close()
