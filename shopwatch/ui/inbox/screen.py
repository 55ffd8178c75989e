"""The Inbox screen: everything that arrived, word for word, and why it was or was not believed."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.ledger.inbox.query import InboxQuery, Tally
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.inbox.details import Details
from shopwatch.ui.inbox.head import InboxHead
from shopwatch.ui.inbox.inbox_tasks import InboxTasks
from shopwatch.ui.inbox.message_actions import MessageActions
from shopwatch.ui.inbox.model import InboxModel, InboxSource
from shopwatch.ui.inbox.reader import Reader
from shopwatch.ui.inbox.table import InboxTable
from shopwatch.ui.inbox.watch import InboxWatch
from shopwatch.ui.lists.keyset_listing import KeysetListing, ListWords
from shopwatch.ui.lists.keyset_model import KeysetModel
from shopwatch.ui.lists.list_page import ListPage
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Hairline

_LIST = 496
_NARROW_LIST = 440
_READER_LEAST = 216
_ROOMY_FROM = 1100
_SEEN_AFTER = 4_000


class InboxScreen(ListPage[InboxTable]):
    """Head, list and reader of one shop.

    Signals: `secret_requested(str)`, the owner wants to store another secret for the source of this id.
    """

    secret_requested = Signal(str)

    def __init__(
        self, shop: Shop, theme: Theme, *, bridge: Bridge, watch: InboxWatch, clipboard: QClipboard, run: Run = spawn
    ) -> None:
        source = InboxSource(shop.ledger.inbox, shop.sources, shop.locale)
        self.model: InboxModel = KeysetModel(source, InboxQuery(), run=run)
        super().__init__(theme, shop.settings, bridge, InboxTable(theme, self.model))
        self.model.setParent(self)
        self._shop = shop
        self._watch = watch
        self._run = run
        self.head = InboxHead(theme, shop.locale)
        self.listing = KeysetListing(theme, self.table, self.model, _words(), shop.locale)
        self.reader = Reader(theme, shop.locale, clipboard)
        self.details = Details(
            shop.ledger.inbox, shop.review, shop.sources, model=self.model, reader=self.reader, run=run, parent=self
        )
        self._tasks = InboxTasks(shop.review, shop.health, shop.exports, run, self)
        self.message_actions = MessageActions(
            shop.sources,
            shop.address,
            theme,
            self,
            details=self.details,
            reader=self.reader,
            tasks=self._tasks,
            clipboard=clipboard,
        )
        self._seen = QTimer(self, singleShot=True, interval=_SEEN_AFTER)
        self._build()
        self._connect(bridge)
        self.have_search(self.head.search)
        QShortcut(QKeySequence("R"), self, self.message_actions.check_again)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.reader.on_copy_message)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.head.set_sources(shop.sources.all)
        self.head.set_tally(watch.tally)

    def _build(self) -> None:
        self._line = line = Hairline(upright=True)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.listing)
        row.addWidget(line)
        row.addWidget(self.reader, 1)
        self.stack(self.head, body=body)

    def _connect(self, bridge: Bridge) -> None:
        bridge.delivery_kept.connect(self.listing.on_changed)
        bridge.sources_changed.connect(self.on_sources_changed)
        bridge.vault_changed.connect(self.on_vault_changed)
        self._watch.tallied.connect(self.on_tallied)
        self.head.query_changed.connect(self.model.ask)
        self.model.loaded.connect(self.on_loaded)
        self.model.failed.connect(self.on_unread)
        self.model.rowsInserted.connect(self.on_rows_changed)
        self.table.chosen.connect(self.details.on_chosen)
        self.listing.nothing.clear_requested.connect(self.on_clear_requested)
        self.reader.noticed.connect(self.noticed)
        self._tasks.failed.connect(self.on_failed)
        self._tasks.noticed.connect(self.noticed)
        self._tasks.changed.connect(self.on_changed)
        self._tasks.busy.connect(self.reader.card.show_busy)
        self.message_actions.noticed.connect(self.noticed)
        self.message_actions.secret_requested.connect(self.secret_requested)
        self._seen.timeout.connect(self._watch.mark_seen)

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

    @Slot()
    def on_loaded(self) -> None:
        """The first page of a query is in."""
        if self.model.rowCount() and self.table.chosen_id() is None and self.details.row is None:
            self.table.select_at(0)
        self._fit()
        self._watch.look()

    @Slot()
    def on_rows_changed(self) -> None:
        self._fit()

    @Slot(object)
    def on_tallied(self, tally: Tally) -> None:
        self.head.set_tally(tally)
        if tally.alarming and self.isVisible() and not self._seen.isActive():
            self._seen.start()

    @Slot(object)
    def on_unread(self, problem: UserError) -> None:
        """The ledger could not answer; what is shown already stays."""
        if self.model.rowCount():
            self.on_failed(problem)

    @Slot()
    def on_clear_requested(self) -> None:
        if self.model.is_narrowed:
            self.head.clear_filters()
        else:
            self.model.ask_again()

    @Slot(object)
    def on_failed(self, problem: UserError) -> None:
        self.noticed.emit(str(problem))

    @Slot(object)
    def on_sources_changed(self, _fact: object) -> None:
        self.model.retell()
        self.head.set_sources(self._shop.sources.all)
        self.details.look()

    @Slot(object)
    def on_vault_changed(self, _fact: object) -> None:
        self.details.look()

    @Slot()
    def on_changed(self) -> None:
        self.model.ask_again()
        self.details.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
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


def _words() -> ListWords:
    return ListWords(
        name=say("Messages"),
        loading=say("Loading messages"),
        sign="tray",
        empty=say("Nothing has arrived yet."),
        about=say("Each message is kept here word for word, believed or not."),
        none=say("No message fits this search."),
        clear=say("Clear filters"),
    )
