"""The deliveries that were asked for, page by page, and those that arrive meanwhile."""

from datetime import date

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from shopwatch.domain.clock import now
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.inbox import InboxBook
from shopwatch.ledger.query import DeliveryRow, InboxQuery
from shopwatch.shop.source_registry import SourceRegistry
from shopwatch.ui.inbox.columns import DeliveryColumn, columns
from shopwatch.ui.inbox.wording import DeliveryText, delivery_text
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.paged import PAGE, PagedModel
from shopwatch.ui.sale_words import told_apart
from shopwatch.ui.times import local

MOST_ROWS = 50_000
"""More are never held at once; a list longer than this is to be narrowed by a filter or a search."""
_COALESCED = 100
"""Milliseconds for which arrivals wait for each other."""
_MOST_TEXTS = 2_000


class InboxModel(PagedModel):
    """Rows of one `InboxQuery`, the newest first, loaded as they are scrolled to.

    Signals: `loaded()` when a first page is in; `grown()` when rows have come in above; `failed(UserError)` when the
    ledger could not answer.
    """

    grown = Signal()

    def __init__(
        self,
        inbox: InboxBook,
        sources: SourceRegistry,
        locale: str,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__([column.title for column in columns()], MOST_ROWS, parent)
        self._inbox = inbox
        self._sources = sources
        self._locale = locale
        self._run = run
        self._query = InboxQuery()
        self._rows: list[DeliveryRow] = []
        self._places: dict[int, int] = {}
        self._texts: dict[int, DeliveryText] = {}
        self._names: dict[str, str] = {}
        self._today: date = local(now()).date()
        self._more = False
        self._asked = False
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.on_coalesced)
        self.name_sources()

    @property
    def query(self) -> InboxQuery:
        return self._query

    @property
    def names(self) -> dict[str, str]:
        """What the owner calls the sources, where that tells them apart."""
        return self._names

    @property
    def today(self) -> date:
        return self._today

    def ask(self, query: InboxQuery) -> None:
        """Show the deliveries of `query` from the top; the rows shown now stay until its first page is here."""
        self._generation += 1
        self._query = query
        self._asked = True
        self._fetching = True
        self._run(self._fetch_first(query, self._generation), "first page of messages")

    def ask_again(self) -> None:
        self.ask(self._query)

    def name_sources(self) -> None:
        """Take over what the owner calls the sources."""
        self._names = told_apart(self._sources.all)
        self._retell()

    def begin_day(self, today: date) -> None:
        """Times of earlier days are shown with their day."""
        if today != self._today:
            self._today = today
            self._retell()

    def row(self, index: AnyIndex) -> DeliveryRow | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def row_at(self, at: int) -> DeliveryRow:
        return self._rows[at]

    def id_at(self, at: int) -> int | None:
        return self._rows[at].id if 0 <= at < len(self._rows) else None

    def position(self, delivery_id: int) -> int | None:
        """Where this delivery stands, if it is loaded."""
        return self._places.get(delivery_id)

    def text(self, row: DeliveryRow) -> DeliveryText:
        known = self._texts.get(row.id)
        if known is None:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            known = self._texts[row.id] = delivery_text(row, self._locale, self._today, self._names)
        return known

    @Slot()
    def on_arrived(self) -> None:
        """Something was kept; ask for it once others that come at the same time are there too."""
        if self._asked and not self._coalesce.isActive():
            self._coalesce.start()

    @Slot()
    def on_coalesced(self) -> None:
        self._run(self._fetch_newest(self._query, self._generation), "newest messages")

    def _retell(self) -> None:
        self._texts.clear()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, DeliveryColumn.RESULT))

    def _take(self, rows: list[DeliveryRow]) -> None:
        self._rows = rows
        self._places = {row.id: at for at, row in enumerate(rows)}

    async def _fetch_first(self, query: InboxQuery, generation: int) -> None:
        page = await self._wanted(self._inbox.page(query, None, PAGE), generation)
        if page is None:
            return
        self.beginResetModel()
        self._texts.clear()
        self._take(list(page))
        self._more = len(page) == PAGE
        self._fetching = False
        self.endResetModel()
        self.loaded.emit()

    async def _fetch_next(self, query: InboxQuery, after: int, generation: int) -> None:
        page = await self._wanted(self._inbox.page(query, after, PAGE), generation)
        if page is None:
            return
        self._fetching = False
        self._more = len(page) == PAGE
        if page:
            first = len(self._rows)
            self.beginInsertRows(NO_INDEX, first, first + len(page) - 1)
            self._take([*self._rows, *page])
            self.endInsertRows()

    async def _fetch_newest(self, query: InboxQuery, generation: int) -> None:
        page = await self._wanted(self._inbox.page(query, None, PAGE), generation)
        if page is None:
            return
        newest = self._rows[0].place if self._rows else 0
        new = [row for row in page if row.place > newest]
        if len(new) == PAGE or not self._rows:
            self.ask_again()
        elif new:
            self.beginInsertRows(NO_INDEX, 0, len(new) - 1)
            self._take([*new, *self._rows])
            self.endInsertRows()
            self.grown.emit()

    @property
    def _goes_on(self) -> bool:
        return self._more

    def _fetch_more(self) -> None:
        self._run(self._fetch_next(self._query, self._rows[-1].place, self._generation), "next page of messages")

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row).cells()[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.text(row).spoken()
        return None
