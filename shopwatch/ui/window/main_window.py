"""The main window."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from PySide6.QtCore import QSettings, QSize, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import CatchUpChanged, SettingsChanged
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.ledger.inbox.query import Tally
from shopwatch.presenting.status.catchup_text import hindrances, looked
from shopwatch.presenting.status.endpoint_text import needing_owner
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.mark import mark_icon
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.screen import SalesScreen
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.window.rail import NARROW, WIDE, Rail
from shopwatch.ui.window.status_bar import StatusBar

SMALLEST = QSize(960, 640)
_USUAL = QSize(1440, 864)
_ROOMY_FROM = 1080
_GEOMETRY = "window/geometry"


class PageId(StrEnum):
    SALES = "sales"
    POPULAR = "popular"
    INBOX = "inbox"
    PEOPLE = "people"
    RULES = "rules"
    CONNECTIONS = "connections"
    SETTINGS = "settings"


class MainWindow(QMainWindow):
    """Rail, pages and status bar; remembers where it was in `places`.

    `may_close` decides what closing means: True closes, False leaves the window to whoever was asked. `make` makes each
    other page when it is first wanted, so that the sales are on the screen sooner.
    """

    def __init__(
        self,
        shop: Shop,
        theme: Theme,
        *,
        bridge: Bridge,
        sales: SalesScreen,
        make: Mapping[PageId, Callable[[], QWidget]],
        places: QSettings,
        may_close: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._shop = shop
        self._theme = theme
        self._places = places
        self._may_close = may_close
        self._rail = Rail(theme)
        self._status = StatusBar(theme)
        self._pages = QStackedWidget()
        self._sales = sales
        self._make = make
        self._widgets: dict[PageId, QWidget] = {PageId.SALES: sales}
        self._build()
        self._connect(bridge)
        self._add_keys()
        self._looks = self._shop.catching_up.results
        self._restore()
        self._tell_settings()
        self._tell_looked()
        self.on_state_changed()

    @property
    def page(self) -> PageId:
        return next(page for page, widget in self._widgets.items() if widget is self._pages.currentWidget())

    def show_page(self, page: PageId) -> None:
        self._rail.choose(page)
        self._turn_to(page)

    def _turn_to(self, page: PageId) -> None:
        if page not in self._widgets:
            self._widgets[page] = self._make[page]()
            self._pages.addWidget(self._widgets[page])
        self._pages.setCurrentWidget(self._widgets[page])
        self._share_width()

    def bring_to_front(self) -> None:
        """Show the window, wherever it was, above the others."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def set_tally(self, tally: Tally) -> None:
        """How many messages the owner should look at."""
        spoken = say_n("{n} message was not counted", "{n} messages were not counted", tally.alarming)
        self._rail.set_count(PageId.INBOX, tally.alarming, spoken)

    @Slot(int)
    def set_outbox(self, count: int) -> None:
        """How many e-mails and posts the owner should look at."""
        spoken = say_n("{n} e-mail or post needs a look", "{n} e-mails or posts need a look", count)
        self._rail.set_count(PageId.RULES, count, spoken)

    @Slot(str)
    def set_notice(self, sentence: str) -> None:
        self._status.set_notice(sentence)

    def _build(self) -> None:
        self.setMinimumSize(SMALLEST)
        self.setWindowIcon(mark_icon())
        self._rail.add(PageId.SALES, "receipt", say("Sales"))
        self._rail.add(PageId.POPULAR, "chart-bar", say("Popular items"))
        self._rail.add(PageId.INBOX, "tray", say("Inbox"))
        self._rail.add(PageId.PEOPLE, "users", say("People"))
        self._rail.add(PageId.RULES, "lightning", say("Rules"))
        self._rail.add(PageId.CONNECTIONS, "share-network", say("Connections"))
        self._rail.add(PageId.SETTINGS, "gear", say("Settings"), low=True)
        self._pages.addWidget(self._sales)
        whole = column((row(self._rail, (self._pages, 1)), 1), self._status)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)

    def _connect(self, bridge: Bridge) -> None:
        self._rail.chosen.connect(self.on_page_chosen)
        self._status.bell_toggled.connect(self.on_bell_toggled)
        self._status.popups_toggled.connect(self.on_popups_toggled)
        self._sales.noticed.connect(self.set_notice)
        self._sales.away.trying.connect(self._status.set_trying)
        self._sales.address_requested.connect(self.on_address_requested)
        self._sales.room_wanted.connect(self.on_room_wanted)
        bridge.settings_changed.connect(self.on_settings_changed)
        bridge.caught_up.connect(self.on_caught_up)
        bridge.state_changed.connect(self.on_state_changed)
        self._status.look_wanted.connect(self.on_look_wanted)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence("F5"), self, self.on_look_wanted)
        QShortcut(QKeySequence("Ctrl+1"), self, self.on_sales_key)
        QShortcut(QKeySequence("Ctrl+2"), self, self.on_popular_key)
        QShortcut(QKeySequence("Ctrl+3"), self, self.on_inbox_key)
        QShortcut(QKeySequence("Ctrl+4"), self, self.on_people_key)
        QShortcut(QKeySequence("Ctrl+5"), self, self.on_rules_key)
        QShortcut(QKeySequence("Ctrl+6"), self, self.on_connections_key)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Preferences), self, self.on_settings_key)
        if QKeySequence(QKeySequence.StandardKey.Preferences).isEmpty():
            QShortcut(QKeySequence("Ctrl+,"), self, self.on_settings_key)

    def _restore(self) -> None:
        geometry = self._places.value(_GEOMETRY)
        if not geometry or not self.restoreGeometry(geometry):
            room = self.screen().availableSize()
            self.resize(_USUAL.boundedTo(room).expandedTo(SMALLEST))

    def _tell_settings(self) -> None:
        name = legible(self._shop.settings.current.shop_name, 80)
        self.setWindowTitle(f"{name} — ShopWatch" if name else "ShopWatch")
        self._rail.set_shop(self._shop.settings.current.shop_name)
        self._status.set_settings(self._shop.settings.current)

    @Slot(object)
    def on_caught_up(self, fact: CatchUpChanged) -> None:
        self._looks[fact.result.source_id] = fact.result
        self._tell_looked()

    @Slot()
    def on_state_changed(self) -> None:
        count = len(needing_owner(self._shop))
        spoken = say_n("{n} connection needs you", "{n} connections need you", count)
        self._rail.set_count(PageId.CONNECTIONS, count, spoken)

    @Slot()
    def on_look_wanted(self) -> None:
        self._shop.catching_up.look()

    def _tell_looked(self) -> None:
        results = self._looks.values()
        self._status.set_looked(looked(results, self._shop.locale), hindrances(results))

    @Slot(object)
    def on_page_chosen(self, page: PageId) -> None:
        self._turn_to(page)

    @Slot()
    def on_sales_key(self) -> None:
        self.show_page(PageId.SALES)

    @Slot()
    def on_popular_key(self) -> None:
        self.show_page(PageId.POPULAR)

    @Slot()
    def on_inbox_key(self) -> None:
        self.show_page(PageId.INBOX)

    @Slot()
    def on_people_key(self) -> None:
        self.show_page(PageId.PEOPLE)

    @Slot()
    def on_rules_key(self) -> None:
        self.show_page(PageId.RULES)

    @Slot()
    def on_connections_key(self) -> None:
        self.show_page(PageId.CONNECTIONS)

    @Slot()
    def on_settings_key(self) -> None:
        self.show_page(PageId.SETTINGS)

    @Slot()
    def on_address_requested(self) -> None:
        self.show_page(PageId.SETTINGS)

    @Slot()
    def on_bell_toggled(self) -> None:
        self._change(bell=not self._shop.settings.current.bell)

    @Slot()
    def on_popups_toggled(self) -> None:
        self._change(popups=not self._shop.settings.current.popups)

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        self._tell_settings()
        if "look" in fact.names:
            self._theme.choose(self._shop.settings.current.look)

    def _change(self, **changes: object) -> None:
        try:
            self._shop.settings.change(**changes)
        except UserError as problem:
            self.set_notice(str(problem))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._places.setValue(_GEOMETRY, self.saveGeometry())
        if self._may_close():
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    @Slot()
    def on_room_wanted(self) -> None:
        self._share_width()

    def _share_width(self) -> None:
        """The rail keeps its words where there is room, and gives them up for a sale beside the list."""
        px, width = self._theme.px, self.width()
        roomy = width >= px(_ROOMY_FROM)
        wanted = self._sales.wanted_width if self._pages.currentWidget() is self._sales else 0
        self._rail.show_narrow(not roomy or width - px(WIDE) < wanted <= width - px(NARROW))
        self._sales.header.show_chart(roomy)
