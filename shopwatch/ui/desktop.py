"""The desktop of one shop: its windows, tray, pop-ups and bell, and what leads from one to another."""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, QUrl, Signal, Slot
from PySide6.QtGui import QClipboard, QDesktopServices
from PySide6.QtWidgets import QWidget

from shopwatch.actions.bursts import Wishes
from shopwatch.actions.popups import PopUps, Screen
from shopwatch.domain.clock import HOUR, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.tasks import spawn
from shopwatch.providers import PROVIDERS, provider
from shopwatch.settings.resources import resource
from shopwatch.shop.shop import Shop
from shopwatch.ui.bell import Bell
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.main_window import MainWindow, Page
from shopwatch.ui.problems import DefectWindow, Problems
from shopwatch.ui.question import Question
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.settings_page import SettingsPage
from shopwatch.ui.setup.window import SetupWindow
from shopwatch.ui.theme import Theme
from shopwatch.ui.tray import Tray

_PAINTS_WITHIN = 0.05


class Desktop(QObject):
    """All that the owner sees of one shop.

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
        screen: Screen,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shop = shop
        self._clipboard = clipboard
        self._assistant: SetupWindow | None = None
        self._question: Question | None = None
        self._defects: list[QWidget] = []
        self.bridge = Bridge(shop.bus, self)
        self.sales = SalesScreen(shop, theme, self.bridge, clipboard)
        self.settings_page = SettingsPage(
            theme, shop, self.bridge, clipboard=clipboard, open_url=self._open, launch=launch
        )
        self.window = MainWindow(
            shop,
            theme,
            bridge=self.bridge,
            sales=self.sales,
            settings_page=self.settings_page,
            places=QSettings(str(shop.paths.data_dir / "window.ini"), QSettings.Format.IniFormat),
            may_close=self.may_close,
        )
        self.tray = Tray(theme, shop, self.bridge, parent=self)
        self.bell = Bell(resource("sounds", "bell.wav"), self)
        self.popups = PopUps(
            shop.bus,
            screen,
            wishes=self._wishes,
            name_of=self._name_of,
            on_bell=self.bell.ring,
            on_open=self.open_sale,
            on_quiet=self.be_quiet,
            on_problem=self.settings_page.show_popup_problem,
        )
        self._connect(problems)

    def _connect(self, problems: Problems) -> None:
        self.tray.open_requested.connect(self.window.bring_to_front)
        self.tray.practice_requested.connect(self.on_practice_requested)
        self.tray.settings_requested.connect(self.on_settings_requested)
        self.tray.quit_requested.connect(self.on_quit_requested)
        self.tray.problem_met.connect(self.on_problem_met)
        self.sales.day_told.connect(self.tray.on_day_told)
        self.settings_page.add_source_requested.connect(self.show_assistant)
        problems.user_error_met.connect(self.on_problem_met)
        problems.defect_met.connect(self.on_defect_met)

    def open(self) -> None:
        """Show the shop, or the assistant to an owner who has none yet. Needs the running loop."""
        self.sales.start()
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
        self.popups.start()
        self.bell.prepare()

    async def close(self) -> None:
        """Take everything off the screen."""
        await self.popups.stop()
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

    def _end_assistant(self) -> None:
        assistant, self._assistant = self._assistant, None
        if assistant is not None:
            assistant.hide()
            assistant.deleteLater()

    def open_sale(self, sale_id: int | None) -> None:
        """A pop-up was clicked: show that sale, or all of them."""
        self.window.show_page(Page.SALES)
        self.window.bring_to_front()
        if sale_id is not None:
            self.sales.show_sale(sale_id)

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
        self._question = Question(
            self._theme,
            self.tr("Stop listening and quit?"),
            self.tr("Sales that come while ShopWatch is closed are not shown at once. Your providers keep them."),
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

    def _wishes(self) -> Wishes:
        settings = self._shop.settings
        return Wishes(
            popups=settings.popups,
            bell=settings.bell,
            hide_details=settings.hide_details,
            quiet_until=settings.quiet_until,
            locale=self._shop.locale,
        )

    def _name_of(self, source_id: str) -> str:
        source = next((each for each in self._shop.sources if each.id == source_id), None)
        known = provider(source.provider) if source else None
        return known.name if known else source_id

    def _open(self, address: str) -> bool:
        """Let the system show a page of the web, or the data folder; nothing else, wherever the address came from."""
        folder = QUrl.fromLocalFile(str(self._shop.paths.data_dir)).toString()
        return (address.startswith("https://") or address == folder) and QDesktopServices.openUrl(QUrl(address))
