"""The desktop of one shop: its windows, tray, pop-ups and bell, and what leads from one to another."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QUrl, Signal, Slot
from PySide6.QtGui import QClipboard, QDesktopServices
from PySide6.QtWidgets import QWidget

from shopwatch.actions.bursts import Subject, Target
from shopwatch.domain.clock import HOUR, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import spawn
from shopwatch.providers import PROVIDERS
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.main_window import MainWindow, Page
from shopwatch.ui.outbox.watch import OutboxWatch
from shopwatch.ui.problems import DefectWindow, Problems
from shopwatch.ui.question import Question
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.theme import Theme
from shopwatch.ui.tray import Tray
from shopwatch.ui.unseen import Unseen

if TYPE_CHECKING:
    from shopwatch.actions.popups import Screen
    from shopwatch.ui.announcer import Announcer
    from shopwatch.ui.connections.screen import ConnectionsScreen
    from shopwatch.ui.inbox.screen import InboxScreen
    from shopwatch.ui.people.screen import PeopleScreen
    from shopwatch.ui.rules.screen import RulesScreen
    from shopwatch.ui.settings_page import SettingsPage
    from shopwatch.ui.setup.window import SetupWindow

_PAINTS_WITHIN = 0.05
_PAGES = {
    Subject.SALE: Page.SALES,
    Subject.PERSON: Page.PEOPLE,
    Subject.MESSAGE: Page.INBOX,
    Subject.SOURCE: Page.CONNECTIONS,
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
        problems: Problems,
        clipboard: QClipboard,
        wrap: Callable[["Screen"], "Screen"],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shop = shop
        self._clipboard = clipboard
        self._launch = launch
        self._wrap = wrap
        self._popup_problem: UserError | None = None
        self._settings_page: SettingsPage | None = None
        self._connections: ConnectionsScreen | None = None
        self._inbox: InboxScreen | None = None
        self._people: PeopleScreen | None = None
        self._rules: RulesScreen | None = None
        self._announcer: Announcer | None = None
        self._assistant: SetupWindow | None = None
        self._question: Question | None = None
        self._defects: list[QWidget] = []
        self.wanted: WantedBackup | None = None
        self.bridge = Bridge(shop.bus, self)
        self.sales = SalesScreen(shop, theme, self.bridge, clipboard)
        self.inbox_watch = InboxWatch(shop, self.bridge, parent=self)
        self.outbox_watch = OutboxWatch(shop, self.bridge, parent=self)
        self.window = MainWindow(
            shop,
            theme,
            bridge=self.bridge,
            sales=self.sales,
            make={
                Page.POPULAR: self._make_popular,
                Page.INBOX: self._make_inbox,
                Page.PEOPLE: self._make_people,
                Page.RULES: self._make_rules,
                Page.CONNECTIONS: self._make_connections,
                Page.SETTINGS: self._make_settings,
            },
            places=QSettings(str(shop.paths.data_dir / "window.ini"), QSettings.Format.IniFormat),
            may_close=self.may_close,
        )
        self.tray = Tray(theme, shop, self.bridge, parent=self)
        self._unseen = Unseen(self)
        self._connect(problems)

    def _connect(self, problems: Problems) -> None:
        self.tray.open_requested.connect(self.window.bring_to_front)
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
        self.inbox_watch.tallied.connect(self.window.tell_tally)
        self.outbox_watch.counted.connect(self.window.tell_outbox)
        problems.user_error_met.connect(self.on_problem_met)
        problems.defect_met.connect(self.on_defect_met)

    def open(self) -> None:
        """Show the shop, or the assistant to an owner who has none yet. Needs the running loop."""
        self.sales.start()
        self.inbox_watch.look()
        self.outbox_watch.look()
        self.tray.show()
        if self._shop.notice is not None:
            self.on_problem_met(self._shop.notice)
        if self._shop.settings.setup_done:
            self.window.show()
        else:
            self.show_assistant()

    async def painted(self) -> None:
        """Return once the first sales have been read and put on the screen, or cannot be read."""
        if not self.sales.model.is_first_page_in:
            read = asyncio.Event()
            self.sales.model.loaded.connect(read.set)
            self.sales.model.failed.connect(read.set)
            await read.wait()
        await asyncio.sleep(_PAINTS_WITHIN)

    def begin(self) -> None:
        """Pop up and ring from now on."""
        from shopwatch.ui.announcer import Announcer

        self._announcer = Announcer(
            self._theme,
            self._shop,
            wrap=self._wrap,
            on_open=self.open_target,
            on_copy=self._clipboard.setText,
            on_quiet=self.be_quiet,
            on_problem=self.show_popup_problem,
            parent=self,
        )
        self.sales.seen.connect(self._announcer.on_seen)
        self._announcer.start()

    async def close(self) -> None:
        """Take everything off the screen."""
        if self._announcer is not None:
            await self._announcer.stop()
        self.bridge.close()
        for widget in (self._question, self._assistant, *self._defects, self.window):
            if widget is not None:
                widget.hide()
        self.tray.hide()

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
        if self._assistant is not None:
            self._assistant.show()
            self._assistant.raise_()
            self._assistant.activateWindow()
        else:
            self.window.bring_to_front()

    @Slot()
    def show_assistant(self) -> None:
        from shopwatch.ui.setup.window import SetupWindow

        if self._assistant is None:
            self._assistant = SetupWindow(
                self._theme,
                self._shop,
                self.bridge,
                providers=PROVIDERS,
                clipboard=self._clipboard,
                open_url=self._open,
            )
            self._assistant.finished.connect(self.on_assistant_finished)
            self._assistant.later.connect(self.on_assistant_finished)
            self._assistant.practice_chosen.connect(self.on_practice_chosen)
            self._assistant.restore_wanted.connect(self.on_restore_wanted)
        self.window.hide()
        self.bring_to_front()

    @Slot()
    def on_assistant_finished(self) -> None:
        self._end_assistant()
        self.window.bring_to_front()

    @Slot()
    def on_practice_chosen(self) -> None:
        self._end_assistant()
        self.practice_chosen.emit()

    @Slot()
    def on_restore_wanted(self) -> None:
        """Let the owner choose a backup, where backups are."""
        self._end_assistant()
        self.on_settings_requested()
        if self._settings_page is not None:
            self._settings_page.moving.on_bring()

    def _end_assistant(self) -> None:
        assistant, self._assistant = self._assistant, None
        if assistant is not None:
            assistant.hide()
            assistant.deleteLater()

    def open_target(self, target: Target) -> None:
        """A pop-up was clicked: show what it is about."""
        self.window.show_page(_PAGES[target.subject])
        self.window.bring_to_front()
        if target.id is None:
            return
        match target.subject:
            case Subject.SALE:
                self.sales.show_sale(target.id)
            case Subject.PERSON if self._people is not None:
                self._people.show_person(target.id)
            case Subject.MESSAGE if self._inbox is not None:
                self._inbox.show_delivery(target.id)

    @Slot(int)
    def open_sale(self, sale_id: int) -> None:
        """Show this sale among the others."""
        self.window.show_page(Page.SALES)
        self.sales.show_sale(sale_id)

    def show_popup_problem(self, problem: UserError | None) -> None:
        """The desktop hides pop-ups, or shows them again."""
        self._popup_problem = problem
        if self._settings_page is not None:
            self._settings_page.show_popup_problem(problem)

    def _make_popular(self) -> QWidget:
        from shopwatch.ui.popular.screen import PopularScreen

        page = PopularScreen(
            self._shop, self._theme, bridge=self.bridge, clipboard=self._clipboard, open_url=self._open
        )
        page.noticed.connect(self.window.tell_notice)
        return page

    def _make_inbox(self) -> QWidget:
        from shopwatch.ui.inbox.screen import InboxScreen

        page = InboxScreen(
            self._shop, self._theme, bridge=self.bridge, watch=self.inbox_watch, clipboard=self._clipboard
        )
        self._inbox = page
        page.noticed.connect(self.window.tell_notice)
        page.secret_requested.connect(self.on_secret_requested)
        return page

    def _make_people(self) -> QWidget:
        from shopwatch.ui.people.screen import PeopleScreen

        page = PeopleScreen(self._shop, self._theme, bridge=self.bridge, clipboard=self._clipboard)
        page.noticed.connect(self.window.tell_notice)
        page.sale_requested.connect(self.open_sale)
        self._people = page
        return page

    def _make_rules(self) -> QWidget:
        from shopwatch.ui.rules.screen import RulesScreen

        page = RulesScreen(self._shop, self._theme, bridge=self.bridge, clipboard=self._clipboard)
        page.noticed.connect(self.window.tell_notice)
        self._rules = page
        return page

    def _make_connections(self) -> QWidget:
        from shopwatch.ui.connections.screen import ConnectionsScreen

        page = ConnectionsScreen(self._theme, self._shop, self.bridge, clipboard=self._clipboard, open_url=self._open)
        page.add_requested.connect(self.show_assistant)
        self._connections = page
        return page

    def _make_settings(self) -> QWidget:
        from shopwatch.ui.settings_page import SettingsPage

        page = SettingsPage(
            self._theme,
            self._shop,
            self.bridge,
            clipboard=self._clipboard,
            open_url=self._open,
            launch=self._launch,
        )
        page.restore_requested.connect(self.on_restore_requested)
        page.show_popup_problem(self._popup_problem)
        self._settings_page = page
        return page

    def be_quiet(self) -> None:
        """No pop-ups and no bell for an hour."""
        self._shop.change_settings(quiet_until=now() + HOUR)

    @Slot()
    def on_practice_requested(self) -> None:
        if self._shop.sources:
            spawn(self._practise(self._shop.sources[0].id), "practice sale")

    async def _practise(self, source_id: str) -> None:
        try:
            await self._shop.practise(source_id)
        except UserError as problem:
            self.on_problem_met(problem)

    @Slot(int)
    def on_inbox_requested(self, delivery_id: int) -> None:
        """This message is to be shown word for word."""
        self.window.show_page(Page.INBOX)
        if self._inbox is not None:
            self._inbox.show_delivery(delivery_id)

    @Slot(str)
    def on_secret_requested(self, source_id: str) -> None:
        """Another secret is to be stored for this source."""
        self.window.show_page(Page.CONNECTIONS)
        if self._connections is not None:
            self._connections.replace_secret(source_id)

    @Slot(str)
    def on_connection_requested(self, source_id: str) -> None:
        """The connection of this source is to be looked at."""
        self.window.show_page(Page.CONNECTIONS)
        if self._connections is not None:
            self._connections.show_source(source_id)

    @Slot(object, str)
    def on_restore_requested(self, file: Path, passphrase: str) -> None:
        """End, so that this backup can take the place of what is here."""
        self.wanted = WantedBackup(file, passphrase)
        self.quit_requested.emit()

    @Slot()
    def on_settings_requested(self) -> None:
        self.window.show_page(Page.SETTINGS)
        self.window.bring_to_front()

    @Slot(object)
    def on_problem_met(self, problem: UserError) -> None:
        self.window.tell_notice(str(problem))

    @Slot(str)
    def on_defect_met(self, details: str) -> None:
        window = DefectWindow(self._theme, details)
        self._defects.append(window)
        window.show()

    @Slot()
    def on_quit_requested(self) -> None:
        if self._question is not None:
            self._question.raise_()
            return
        words = self.tr("Sales that come while ShopWatch is closed are not shown at once. Your providers keep them.")
        if self._rules is not None and self._rules.is_changed:
            self.window.show_page(Page.RULES)  # the owner sees what would be lost
            words = self.tr("What you have changed in this rule is not kept yet. {words}").format(words=words)
        self._question = Question(
            self._theme,
            self.tr("Stop listening and quit?"),
            words,
            safe=self.tr("Keep listening"),
            action=self.tr("Stop and quit"),
            parent=self.window if self.window.isVisible() else None,
        )
        self._question.accepted.connect(self.quit_requested)
        self._question.finished.connect(self.on_question_finished)
        self._question.open()

    @Slot()
    def on_question_finished(self) -> None:
        self._question = None

    def _open(self, address: str) -> bool:
        """Let the system show a page of the web, or the data folder; nothing else, wherever the address came from."""
        folder = QUrl.fromLocalFile(str(self._shop.paths.data_dir)).toString()
        return (address.startswith("https://") or address == folder) and QDesktopServices.openUrl(QUrl(address))
