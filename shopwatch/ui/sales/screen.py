"""The Sales screen: see the money come in, and find any one sale in two seconds."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import CatchUpChanged, LedgerChanged
from shopwatch.domain.i18n import say
from shopwatch.presenting.sales.day import Day
from shopwatch.presenting.sales.sale_text import provider_name, told_apart
from shopwatch.presenting.sales.time_away import TimeAway
from shopwatch.presenting.status.lamps import sender_names
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.day_check.watch import DayCheckWatch
from shopwatch.ui.lists.list_page import ListPage
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.sales.away.away_slot import AwaySlot
from shopwatch.ui.sales.details.details import Details
from shopwatch.ui.sales.details.drawer import SaleDrawer
from shopwatch.ui.sales.head.day_watch import DayWatch
from shopwatch.ui.sales.head.header import SalesHeader
from shopwatch.ui.sales.head.quiet_line import QuietLine
from shopwatch.ui.sales.head.status_controller import StatusController
from shopwatch.ui.sales.sales_tasks import SalesTasks
from shopwatch.ui.sales.table.filter_bar import FilterBar
from shopwatch.ui.sales.table.list_controller import ListController
from shopwatch.ui.sales.table.listing import Listing
from shopwatch.ui.sales.table.model import SalesModel
from shopwatch.ui.sales.table.save_dialog import SaveDialog
from shopwatch.ui.sales.table.table import SalesTable
from shopwatch.ui.sales.table.table_menu import TableMenu
from shopwatch.ui.widgets.frames.banner_slot import BannerSlot
from shopwatch.ui.widgets.frames.drawer import WIDTH
from shopwatch.ui.widgets.frames.layout import column

_SEEN_AFTER = 4_000
_LIST_LEAST = 750
"""So wide is a list beside the drawer at least, that the items of a sale can still be told."""


class SalesScreen(ListPage[SalesTable]):
    """Header, the one banner, filters, list and drawer of one shop.

    Signals: `address_requested()`, the owner wants to look after the
    public address; `day_told(object)`, the `Day` with its new figures; `inbox_requested(int)`, a message is to be shown
    in the Inbox; `connection_requested(str)`, the connection of this source is; `seen()`, the owner has had the newest
    sales in sight; `room_wanted()`, `wanted_width` may be another now.
    """

    address_requested = Signal()
    day_told = Signal(object)
    seen = Signal()
    inbox_requested = Signal(int)
    connection_requested = Signal(str)
    room_wanted = Signal()

    def __init__(self, shop: Shop, theme: Theme, bridge: Bridge, clipboard: QClipboard, run: Run = spawn) -> None:
        self.model = SalesModel(shop.ledger.sales, shop.sources, shop.locale, run)
        super().__init__(theme, shop.settings, bridge, SalesTable(theme, self.model, self.is_still))
        self.model.setParent(self)
        self._shop = shop
        self._clipboard = clipboard
        self.header = SalesHeader(theme, shop.locale)
        self.banner = BannerSlot(theme)
        self.away = AwaySlot(
            TimeAway(shop.ledger.sales, shop.ledger.outbox, shop.sources, shop.receiver),
            shop.ledger.outbox,
            shop.sources,
            theme,
            bridge,
            locale=shop.locale,
            run=run,
        )
        self.quiet = QuietLine(theme)
        self.filters = FilterBar(theme)
        self.listing = Listing(theme, self.table)
        self.drawer = SaleDrawer(theme, shop.locale, clipboard)
        self._details = Details(shop.ledger, self.drawer, run, self)
        self._tasks = SalesTasks(
            shop.ledger.sales, shop.ledger.outbox, shop.sources, shop.practice, shop.exports, run=run, parent=self
        )
        self._day = DayWatch(shop.ledger.sales, run=run, parent=self)
        self.day_check = DayCheckWatch(
            shop.ledger.day_checks,
            shop.day_checks,
            shop.sources,
            theme,
            bridge,
            locale=shop.locale,
            run=run,
            parent=self,
        )
        self._status = StatusController(
            shop,
            bridge,
            header=self.header,
            banner=self.banner,
            quiet=self.quiet,
            away=self.away,
            clipboard=clipboard,
            run=run,
            parent=self,
        )
        self._list_controller = ListController(
            shop.ledger.sales,
            shop.locale,
            filters=self.filters,
            model=self.model,
            table=self.table,
            listing=self.listing,
            day=self._day,
            run=run,
            parent=self,
        )
        self._seen = QTimer(self, singleShot=True, interval=_SEEN_AFTER)
        self._build()
        self._connect(bridge)
        self._connect_head()
        self._connect_list()
        self._add_keys()

    def start(self) -> None:
        """Read the ledger for the first time. Needs the running loop."""
        self.on_sources_changed(None)
        self._day.start()
        self.on_state_changed()

    def show_sale(self, sale_id: int) -> None:
        """Bring this sale into sight, with its details; the details alone if the list does not show it now."""
        at = self.model.position(sale_id)
        if at is not None:
            self.listing.show_table()
            self.table.select_at(at)
        else:
            self._details.want(sale_id)
        self._body.open(True)

    def _build(self) -> None:
        left = QWidget()
        column(self.filters, (self.listing, 1), inside=left)
        self.have_search(self.filters.search)
        body = self.have_drawer(left, self.drawer, self.filters.drawer)
        self.stack(self.header, self.quiet, self.banner, self.away, body=body)
        self.table.setAccessibleName(say("Sales"))

    def _connect(self, bridge: Bridge) -> None:
        bridge.sales_changed.connect(self.model.on_sales_changed)
        bridge.sales_changed.connect(self._day.on_sales_changed)
        bridge.sales_changed.connect(self._details.on_sales_changed)
        bridge.sales_changed.connect(self.on_listed)
        bridge.jobs_owed.connect(self._details.on_jobs_changed)
        bridge.jobs_changed.connect(self._details.on_jobs_changed)
        bridge.caught_up.connect(self.on_caught_up)
        bridge.ledger_changed.connect(self.on_ledger_changed)
        bridge.sources_changed.connect(self.on_sources_changed)
        bridge.state_changed.connect(self.on_state_changed)
        self.filters.export_requested.connect(self.save_as)
        self.filters.query_changed.connect(self.on_filters_changed)
        self._body.drawer_shown.connect(self._details.on_drawer_shown)
        self._body.drawer_shown.connect(self.on_drawer_shown)
        self.drawer.close_requested.connect(self.close_drawer)
        self.drawer.inbox_requested.connect(self.inbox_requested)
        self.drawer.again_confirmed.connect(self._tasks.send_again)
        self._tasks.failed.connect(self.banner.on_failed)
        self._tasks.noticed.connect(self.noticed)
        self._tasks.practising.connect(self.listing.empty.practice.setDisabled)

    def _connect_head(self) -> None:
        self._status.noticed.connect(self.noticed)
        self._status.unlocked.connect(self.on_state_changed)
        self._status.address_requested.connect(self.address_requested)
        self._status.connection_requested.connect(self.connection_requested)
        self._day.day_told.connect(self.on_day_told)
        self._day.day_began.connect(self.on_day_began)
        self.header.lamp_clicked.connect(self.address_requested)
        self.header.check_clicked.connect(self.day_check.open)
        self.day_check.line_told.connect(self.header.set_check)
        self.day_check.sale_wanted.connect(self.show_sale)
        self.day_check.noticed.connect(self.noticed)

    def _connect_list(self) -> None:
        self._list_controller.listed.connect(self.on_listed)
        self._list_controller.failed.connect(self.banner.on_failed)
        self.table.chosen.connect(self._details.want)
        self.table.opened.connect(self.on_opened)
        self.table.menu_requested.connect(self.on_menu_requested)
        self.listing.empty.practice_requested.connect(self.practise)
        self.away.sales_wanted.connect(self._list_controller.on_unheard_wanted)
        self.away.closed.connect(self.on_seen)
        self._seen.timeout.connect(self.on_seen)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence("Ctrl+E"), self, self.save_as)
        QShortcut(QKeySequence("Ctrl+B"), self, self.practise)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy_order)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def on_escape(self) -> None:
        """The card of what was missed lies above the drawer."""
        if not self.away.close_card():
            self.close_drawer()

    @Slot()
    def copy_order(self) -> None:
        row = self.table.chosen_row()
        if row is not None:
            self._clipboard.setText(row.sale.number or row.sale.order_id)
            self.noticed.emit(say("The order number is copied."))

    @Slot()
    def practise(self) -> None:
        """Ring a practice sale through the first source."""
        self._tasks.practise()

    @Slot()
    def save_as(self) -> None:
        """Ask where to, then save the sales that are listed."""
        if self.findChild(SaveDialog) is None and self.model.rowCount():
            dialog = SaveDialog(self)
            dialog.wanted.connect(self.on_file_wanted)
            dialog.open()

    @Slot(object)
    def on_file_wanted(self, file: Path) -> None:
        self._tasks.save(self.filters.query, file)

    @Slot(object)
    def on_caught_up(self, fact: CatchUpChanged) -> None:
        if fact.result.ended_at:
            self.on_state_changed()

    @Slot(object)
    def on_ledger_changed(self, fact: LedgerChanged) -> None:
        """Of what was written while it was in trouble, nobody may have heard."""
        if fact.problem is None:
            self.model.ask_again()
            self._day.look()

    @Slot()
    def on_filters_changed(self) -> None:
        self._share_width()

    @Slot()
    def on_drawer_shown(self) -> None:
        self._share_width()

    @property
    def wanted_width(self) -> int:
        """Where the list and its filters can be read beside the drawer; 0 while that is closed."""
        px = self._theme.px
        return px(WIDTH) + max(px(_LIST_LEAST), self.filters.legible_from()) if self._body.is_open else 0

    def _share_width(self) -> None:
        """The drawer has a place of its own only where there is the room that is wanted."""
        self.room_wanted.emit()
        self._body.lay_over(self.width() < self.wanted_width)

    @Slot()
    def on_listed(self) -> None:
        """There are rows that may be new to the owner."""
        if not self._seen.isActive():
            self._seen.start()

    @Slot(object)
    def on_day_told(self, day: Day) -> None:
        self.day_told.emit(day)
        self.header.set_day(day)
        self._list_controller.set_day(day)

    @Slot(object)
    def on_day_began(self, today: date) -> None:
        self.model.begin_day(today)
        self._details.begin_day(today)
        self.header.set_today(today)
        self.filters.begin_day(today)
        self.away.begin_day(today)
        self.day_check.begin_day(today)
        self.on_state_changed()

    @Slot()
    def on_state_changed(self) -> None:
        """Lamps, banner and empty page show how the shop is now."""
        self._status.tell(self._day.today)
        self.listing.empty.tell(
            sender_names(self._shop),
            practice_only=self._shop.receiver.tunnel.kind is TunnelKind.NONE,
            can_practise=bool(self._shop.sources.all),
        )

    @Slot(object)
    def on_sources_changed(self, _fact: object) -> None:
        self.model.retell()
        self.filters.set_sources(self._shop.sources.all)
        names = told_apart(self._shop.sources.all)
        self.table.fit_senders(names.get(each.id, provider_name(each.provider)) for each in self._shop.sources.all)
        self._share_width()

    @Slot(object)
    def on_menu_requested(self, place: QPoint) -> None:
        menu = TableMenu(self.filters.query, chosen=self.table.chosen_row() is not None, parent=self)
        menu.setFont(self._theme.font("body"))
        menu.details_wanted.connect(self.toggle_drawer)
        menu.copy_wanted.connect(self.copy_order)
        menu.sort_wanted.connect(self.table.request_sort)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    @Slot()
    def on_seen(self) -> None:
        """New rows that have been in sight for a while are new no longer."""
        if not self.isVisible() or not self.window().isActiveWindow():
            self._seen.start()
            return
        newest = self.model.newest_id()
        self.model.mark_seen(newest)
        self._tasks.mark_seen(newest)
        self.seen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()
        self.away.fit(event.size())
