"""The Inbox screen: everything that arrived, word for word, and why it was or was not believed."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from shopwatch.domain.clock import now
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SettingsChanged
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.query import InboxQuery, Tally
from shopwatch.shop.shop import Shop
from shopwatch.ui.amounts import count_text
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.inbox.deeds import Deeds
from shopwatch.ui.inbox.details import Details
from shopwatch.ui.inbox.errands import Errands
from shopwatch.ui.inbox.head import InboxHead
from shopwatch.ui.inbox.listing import InboxListing
from shopwatch.ui.inbox.model import MOST_ROWS, InboxModel
from shopwatch.ui.inbox.reader import Reader
from shopwatch.ui.inbox.table import InboxTable
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.theme import Theme
from shopwatch.ui.times import local
from shopwatch.ui.widgets.ground import Hairline, Surface

_LIST = 496
_NARROW_LIST = 440
_READER_LEAST = 216
_ROOMY_FROM = 1100
_SEEN_AFTER = 4_000


class InboxScreen(Surface):
    """Head, list and reader of one shop.

    Signals: `noticed(str)`, a sentence for the status bar; `secret_requested(str)`, the owner wants to store another
    secret for the source of this id.
    """

    noticed = Signal(str)
    secret_requested = Signal(str)

    def __init__(
        self,
        shop: Shop,
        theme: Theme,
        *,
        bridge: Bridge,
        watch: InboxWatch,
        clipboard: QClipboard,
        run: Run = spawn,
    ) -> None:
        super().__init__()
        self._shop = shop
        self._theme = theme
        self._watch = watch
        self._run = run
        self._stale = False
        self.model = InboxModel(shop.ledger.inbox, shop.sources, shop.locale, run, self)
        self.table = InboxTable(theme, self.model)
        self.head = InboxHead(theme, shop.locale)
        self.listing = InboxListing(theme, self.table)
        self.reader = Reader(theme, shop.locale, clipboard)
        self.details = Details(
            shop.ledger.inbox, shop.review, shop.sources, model=self.model, reader=self.reader, run=run, parent=self
        )
        self._errands = Errands(shop.review, shop.health, shop.exports, run, self)
        self.deeds = Deeds(
            shop.sources,
            shop.address,
            theme,
            self,
            details=self.details,
            reader=self.reader,
            errands=self._errands,
            clipboard=clipboard,
        )
        self._seen = QTimer(self, singleShot=True, interval=_SEEN_AFTER)
        self._build()
        self._connect(bridge)
        self._add_keys()
        self.head.tell_sources(shop.sources.all)
        self.head.tell_tally(watch.tally)
        self.table.show_compact(shop.settings.current.compact_rows)
        self.model.ask(self.head.query)

    def _build(self) -> None:
        self.table.setAccessibleName(self.tr("Messages"))
        self._line = line = Hairline(upright=True)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.listing)
        body.addWidget(line)
        body.addWidget(self.reader, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)

    def _connect(self, bridge: Bridge) -> None:
        bridge.delivery_kept.connect(self.on_delivery_kept)
        bridge.sources_changed.connect(self.on_sources_changed)
        bridge.vault_changed.connect(self.on_vault_changed)
        bridge.settings_changed.connect(self.on_settings_changed)
        self._watch.tallied.connect(self.on_tallied)
        self.head.query_changed.connect(self.on_query_changed)
        self.model.loaded.connect(self.on_loaded)
        self.model.failed.connect(self.on_unread)
        self.model.rowsInserted.connect(self.on_rows_changed)
        self.table.chosen.connect(self.details.on_chosen)
        self.listing.nothing.clear_requested.connect(self.on_clear_requested)
        self.reader.noticed.connect(self.noticed)
        self._errands.failed.connect(self.on_failed)
        self._errands.noticed.connect(self.noticed)
        self._errands.changed.connect(self.on_changed)
        self._errands.busy.connect(self.reader.card.show_busy)
        self.deeds.noticed.connect(self.noticed)
        self.deeds.secret_requested.connect(self.secret_requested)
        self._seen.timeout.connect(self._watch.mark_seen)

    def _add_keys(self) -> None:
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.focus_search)
        QShortcut(QKeySequence("R"), self, self.deeds.check_again)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.reader.on_copy_message)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def focus_search(self) -> None:
        self.head.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.head.search.selectAll()

    def show_delivery(self, delivery_id: int) -> None:
        """Bring this delivery into sight; itself alone if the list does not show it now."""
        at = self.model.position(delivery_id)
        if at is not None:
            self.table.select_at(at)
        else:
            self._run(self._show_alone(delivery_id), "a message by its number")

    async def _show_alone(self, delivery_id: int) -> None:
        try:
            row = await self._shop.ledger.inbox.get(delivery_id)
        except UserError as problem:
            self.noticed.emit(str(problem))
            return
        if row is not None:
            self.table.clearSelection()
            self.details.want(row)

    @Slot(object)
    def on_query_changed(self, query: InboxQuery) -> None:
        self.model.ask(query)

    @Slot()
    def on_loaded(self) -> None:
        """The first page of a query is in."""
        if self.model.rowCount():
            self.listing.show_table()
            if self.table.chosen_id() is None and self.details.row is None:
                self.table.select_at(0)
        elif self.head.is_narrowed:
            self.listing.nothing.tell(self.tr("No message fits this search."), self.tr("Clear filters"))
            self.listing.show_nothing()
        else:
            self.listing.show_empty()
        self.on_rows_changed()
        self._fit()
        self._watch.look()

    @Slot()
    def on_rows_changed(self) -> None:
        if self.model.rowCount() and not self.listing.is_table_shown:
            self.listing.show_table()
            self._fit()
        self.listing.tell_cut(
            self.tr("Only the latest {count} are listed. Search to see others.").format(
                count=count_text(MOST_ROWS, self._shop.locale)
            )
            if self.model.is_cut
            else ""
        )

    @Slot(object)
    def on_tallied(self, tally: Tally) -> None:
        self.head.tell_tally(tally)
        if tally.alarming and self.isVisible() and not self._seen.isActive():
            self._seen.start()

    @Slot(object)
    def on_unread(self, problem: UserError) -> None:
        """The ledger could not answer; what is shown already stays."""
        if self.listing.is_table_shown:
            self.on_failed(problem)
        else:
            self.listing.nothing.tell(problem.title, self.tr("Try again"))
            self.listing.show_nothing()

    @Slot()
    def on_clear_requested(self) -> None:
        if self.head.is_narrowed:
            self.head.clear_filters()
        else:
            self.model.ask_again()

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        self.noticed.emit(str(problem))

    @Slot(object)
    def on_delivery_kept(self, _fact: object) -> None:
        """Nothing is read while nobody looks, so that a burst of sales has the ledger to itself."""
        if self.isVisible():
            self.model.on_arrived()
        else:
            self._stale = True

    @Slot(object)
    def on_sources_changed(self, _fact: object) -> None:
        self.model.name_sources()
        self.head.tell_sources(self._shop.sources.all)
        self.details.look()

    @Slot(object)
    def on_vault_changed(self, _fact: object) -> None:
        self.details.look()

    @Slot(object)
    def on_settings_changed(self, fact: SettingsChanged) -> None:
        if "compact_rows" in fact.names:
            self.table.show_compact(self._shop.settings.current.compact_rows)

    @Slot()
    def on_changed(self) -> None:
        self.model.ask_again()
        self.details.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.begin_day(local(now()).date())
        if self._stale:
            self._stale = False
            self.model.on_coalesced()
        self._watch.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._seen.stop()

    def _fit(self) -> None:
        """An empty Inbox has the whole room; otherwise the reader stands beside the list."""
        empty = self.listing.is_empty_shown
        self._line.setVisible(not empty)
        self.reader.setVisible(not empty)
        px = self._theme.px
        usual = px(_LIST if self.width() >= px(_ROOMY_FROM) else _NARROW_LIST)
        self.listing.setFixedWidth(self.width() if empty else min(usual, self.width() - px(_READER_LEAST)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
