"""The desktop of one shop: its windows, tray, pop-ups and bell, and what leads from one to another."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import HOUR
from shopwatch.domain.rules.popup import Destination, Topic
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import spawn
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.crash_reporter import CrashReporter, DefectWindow
from shopwatch.ui.dialogs.leaving import Leaving
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.outbox.watch import OutboxWatch
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.setup.assistant import Assistant
from shopwatch.ui.system.opening import Opening
from shopwatch.ui.system.tray import Tray
from shopwatch.ui.window.main_window import MainWindow, PageId
from shopwatch.ui.window.page_context import PageContext
from shopwatch.ui.window.pages import Pages
from shopwatch.ui.window.unseen import Unseen

if TYPE_CHECKING:
    from shopwatch.domain.rules.popup import NotificationService
    from shopwatch.ui.system.announcer import Announcer

_PAINTS_WITHIN = 0.05
_PAGES = {
    Topic.SALE: PageId.SALES,
    Topic.PERSON: PageId.PEOPLE,
    Topic.MESSAGE: PageId.INBOX,
    Topic.SOURCE: PageId.CONNECTIONS,
}
"""Where what a pop-up is about can be seen."""


@dataclass(frozen=True, slots=True)
class WantedBackup:
    """A backup to be brought back; the passphrase is empty where its secrets are not."""

    file: Path
    passphrase: str = field(repr=False)


class Desktop(QObject):
    """All that the owner sees of one shop.

    `wanted` is the backup with which ShopWatch is to start anew once it has ended.
    Signals: `quit_requested()`, the owner wants ShopWatch to end; `practice_chosen()`, a made-up shop is wanted.
    """

    quit_requested = Signal()
    practice_chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        shop: Shop,
        *,
        launch: Sequence[str],
        crash_reporter: CrashReporter,
        clipboard: QClipboard,
        wrap: Callable[["NotificationService"], "NotificationService"],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shop = shop
        self._clipboard = clipboard
        self._wrap = wrap
        self._announcer: Announcer | None = None
        self._defects: list[QWidget] = []  # few, and each to the end: closing one only hides it
        self.wanted: WantedBackup | None = None
        self.bridge = Bridge(shop.bus, self)
        self.sales = SalesScreen(shop, theme, self.bridge, clipboard)
        self.inbox_watch = InboxWatch(shop.ledger.inbox, self.bridge, parent=self)
        self.outbox_watch = OutboxWatch(shop.ledger.outbox, self.bridge, parent=self)
        context = PageContext(theme, shop, self.bridge, clipboard, Opening(shop.paths.data_dir))
        self._pages = Pages(context, watch=self.inbox_watch, launch=launch, parent=self)
        self._assistant = Assistant(context, parent=self)
        self._leaving = Leaving(theme, self)
        self.window = MainWindow(
            shop,
            theme,
            bridge=self.bridge,
            sales=self.sales,
            make=self._pages.make,
            places=QSettings(str(shop.paths.data_dir / "window.ini"), QSettings.Format.IniFormat),
            may_close=self.may_close,
        )
        self.tray = Tray(theme, shop, self.bridge, parent=self)
        self._unseen = Unseen(self)
        self._connect(crash_reporter)

    def _connect(self, crash_reporter: CrashReporter) -> None:
        self.tray.open_requested.connect(self.bring_to_front)
        self.tray.practice_requested.connect(self.on_practice_requested)
        self.tray.settings_requested.connect(self.on_settings_requested)
        self.tray.quit_requested.connect(self.on_quit_requested)
        self.tray.problem_met.connect(self.on_problem_met)
        self.sales.day_told.connect(self.tray.on_day_told)
        self.sales.seen.connect(self._unseen.on_seen)
        self.bridge.sales_changed.connect(self._unseen.on_sales_changed)
        self._unseen.changed.connect(self.tray.on_unseen_changed)
        self.sales.inbox_requested.connect(self.on_inbox_requested)
        self.sales.connection_requested.connect(self.on_connection_requested)
        self.inbox_watch.tallied.connect(self.window.set_tally)
        self.outbox_watch.counted.connect(self.window.set_outbox)
        self._leaving.confirmed.connect(self.quit_requested)
        self._connect_pages()
        self._connect_assistant()
        crash_reporter.user_error_met.connect(self.on_problem_met)
        crash_reporter.defect_met.connect(self.on_defect_met)

    def _connect_pages(self) -> None:
        self._pages.noticed.connect(self.window.set_notice)
        self._pages.sale_requested.connect(self.open_sale)
        self._pages.secret_requested.connect(self.on_secret_requested)
        self._pages.source_requested.connect(self.show_assistant)
        self._pages.restore_requested.connect(self.on_restore_requested)

    def _connect_assistant(self) -> None:
        self._assistant.finished.connect(self.window.bring_to_front)
        self._assistant.practice_chosen.connect(self.practice_chosen)
        self._assistant.restore_wanted.connect(self.on_restore_wanted)

    def open(self) -> None:
        """Show the shop, or the assistant to an owner who has none yet. Needs the running loop."""
        self.sales.start()
        self.inbox_watch.look()
        self.outbox_watch.look()
        self.tray.show()
        if self._shop.notice is not None:
            self.on_problem_met(self._shop.notice)
        if self._shop.settings.current.setup_done:
            self.window.show()
        else:
            self.show_assistant()

    async def painted(self) -> None:
        """Return once the first sales have been read and put on the screen, or cannot be read."""
        if not self.sales.model.is_loaded:
            read = asyncio.Event()
            self.sales.model.loaded.connect(read.set)
            self.sales.model.failed.connect(read.set)
            await read.wait()
        await asyncio.sleep(_PAINTS_WITHIN)

    async def begin(self) -> None:
        """Pop up and ring from now on."""
        from shopwatch.ui.system.announcer import Announcer

        self._announcer = Announcer(
            self._theme,
            self._shop,
            wrap=self._wrap,
            on_open=self.open_target,
            on_copy=self._clipboard.setText,
            on_quiet=self.be_quiet,
            on_problem=self._pages.show_popup_problem,
            parent=self,
        )
        self.sales.seen.connect(self._announcer.on_seen)
        await self._announcer.start()

    async def close(self) -> None:
        """Take everything off the screen, and let nothing there ask the shop again."""
        if self._announcer is not None:
            await self._announcer.stop()
        self.bridge.close()
        self._leaving.hide()
        self._assistant.hide()
        for window in (*self._defects, self.window):
            window.hide()
        self.tray.hide()
        for part in (self, self.window):
            for timer in part.findChildren(QTimer):
                timer.stop()

    def may_close(self) -> bool:
        """Closing the window leaves ShopWatch listening in the tray; without a tray, the owner is asked."""
        if self.tray.available:
            self.window.hide()
        else:
            self.on_quit_requested()
        return False

    @Slot()
    def bring_to_front(self) -> None:
        """Show whatever the owner was at."""
        if self._assistant.is_open:
            self._assistant.open()
        else:
            self.window.bring_to_front()

    @Slot()
    def show_assistant(self) -> None:
        self.window.hide()
        self._assistant.open()

    @Slot()
    def on_restore_wanted(self) -> None:
        """Let the owner choose a backup, where backups are."""
        self.on_settings_requested()
        if self._pages.settings is not None:
            self._pages.settings.moving.on_bring()

    def open_target(self, target: Destination) -> None:
        """A pop-up was clicked: show what it is about."""
        self.window.show_page(_PAGES[target.topic])
        self.window.bring_to_front()
        if target.id is None:
            return
        match target.topic:
            case Topic.SALE:
                self.sales.show_sale(target.id)
            case Topic.PERSON if self._pages.people is not None:
                self._pages.people.show_person(target.id)
            case Topic.MESSAGE if self._pages.inbox is not None:
                self._pages.inbox.show_delivery(target.id)

    @Slot(int)
    def open_sale(self, sale_id: int) -> None:
        """Show this sale among the others."""
        self.window.show_page(PageId.SALES)
        self.sales.show_sale(sale_id)

    def be_quiet(self) -> None:
        """No pop-ups and no bell for an hour."""
        self._shop.settings.change(quiet_until=now() + HOUR)

    @Slot()
    def on_practice_requested(self) -> None:
        if self._shop.sources.all:
            spawn(self._practise(self._shop.sources.all[0].id), "practice sale")

    async def _practise(self, source_id: str) -> None:
        try:
            await self._shop.practice.send(source_id)
        except UserError as problem:
            self.on_problem_met(problem)

    @Slot(int)
    def on_inbox_requested(self, delivery_id: int) -> None:
        """This message is to be shown word for word."""
        self.window.show_page(PageId.INBOX)
        if self._pages.inbox is not None:
            self._pages.inbox.show_delivery(delivery_id)

    @Slot(str)
    def on_secret_requested(self, source_id: str) -> None:
        """Another secret is to be stored for this source."""
        self.window.show_page(PageId.CONNECTIONS)
        if self._pages.connections is not None:
            self._pages.connections.replace_secret(source_id)

    @Slot(str)
    def on_connection_requested(self, source_id: str) -> None:
        """The connection of this source is to be looked at."""
        self.window.show_page(PageId.CONNECTIONS)
        if self._pages.connections is not None:
            self._pages.connections.show_source(source_id)

    @Slot(object, str)
    def on_restore_requested(self, file: Path, passphrase: str) -> None:
        """End, so that this backup can take the place of what is here."""
        self.wanted = WantedBackup(file, passphrase)
        self.quit_requested.emit()

    @Slot()
    def on_settings_requested(self) -> None:
        self.window.show_page(PageId.SETTINGS)
        self.window.bring_to_front()

    @Slot(object)
    def on_problem_met(self, problem: UserError) -> None:
        self.window.set_notice(str(problem))

    @Slot(str)
    def on_defect_met(self, details: str) -> None:
        window = DefectWindow(self._theme, details)
        self._defects.append(window)
        window.show()

    @Slot()
    def on_quit_requested(self) -> None:
        rules = self._pages.rules
        loses_rule = rules is not None and rules.is_changed
        if loses_rule:
            self.window.show_page(PageId.RULES)  # the owner sees what would be lost
        self._leaving.ask(self.window, loses_rule=loses_rule)
