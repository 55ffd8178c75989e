"""The sales that were asked for, page by page, and those that arrive meanwhile."""

from collections.abc import Iterable
from datetime import date
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from shopwatch.domain.clock import now
from shopwatch.domain.facts import SaleChange, SaleRow, SalesChanged
from shopwatch.domain.tasks import Run, spawn
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import Cursor, SalesQuery
from shopwatch.presenting.sales.columns import Column, title
from shopwatch.presenting.sales.matching import cursor_at, fits, newest_first
from shopwatch.presenting.sales.rows import Rows
from shopwatch.presenting.sales.sale_text import RowText, row_text, told_apart
from shopwatch.presenting.times import local
from shopwatch.shop.source_registry import SourceRegistry
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.paged import PAGE, PagedModel

RowRole = Qt.ItemDataRole.UserRole
"""The `SaleRow` itself."""
TextRole = Qt.ItemDataRole.UserRole + 1
"""Its `RowText`."""
UnseenRole = Qt.ItemDataRole.UserRole + 2

MOST_ROWS = 50_000
"""More are never held at once; a list longer than this is to be narrowed by search or period."""
_COALESCED = 100
"""Milliseconds for which arrivals wait for each other."""
_IN_A_BURST = 250
"""The same after more than `_BURST` came at once: nobody reads so many, and each update keeps answers waiting."""
_BURST = 40
_MOST_AT_ONCE = 400
_MOST_RUNS = 24
"""How many arrivals, in how many places, one update takes in."""
_MOST_TEXTS = 2_000


class SalesModel(PagedModel):
    """Rows of one `SalesQuery`, in the ledger's order, loaded as they are scrolled to.

    Signals: `loaded()` when a first page is in; `failed(UserError)` when the ledger could not answer;
    `arrived(object)`, the rows that have just been put in; `waiting(int)`, how many arrivals have no place in this list
    until it is asked for anew.
    """

    arrived = Signal(object)
    waiting = Signal(int)

    def __init__(
        self,
        sales: SalesBook,
        sources: SourceRegistry,
        locale: str,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__([title(column) for column in Column], MOST_ROWS, parent)
        self._sales = sales
        self._sources = sources
        self._locale = locale
        self._run = run
        self._query = SalesQuery()
        self._rows: Rows = Rows(self._query)
        self._texts: dict[int, tuple[SaleRow, RowText]] = {}
        self._names: dict[str, str] = {}
        self._today: date = local(now()).date()
        self._next: Cursor | None = None
        self._first = True
        self._seen_up_to = 0
        self._waiting = 0
        self._pending: list[SaleChange] = []
        self._taken_at = 0.0
        self._pause = _COALESCED
        self._asking = False
        self._ask_once_more = False
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.on_coalesced)
        self.name_sources()

    @property
    def query(self) -> SalesQuery:
        return self._query

    @property
    def is_first_page_in(self) -> bool:
        return not self._first

    def ask(self, query: SalesQuery) -> None:
        """Show the sales of `query` from the top; the rows shown now stay until its first page is here."""
        self._generation += 1
        self._query = query
        self._first = True
        self._fetching = True
        self._pending.clear()
        self._run(self._fetch_first(query, self._generation), "first page of sales")

    def ask_again(self) -> None:
        self.ask(self._query)

    def name_sources(self) -> None:
        """Take over what the owner calls the sources."""
        self._names = told_apart(self._sources.all)
        self._texts.clear()

    def begin_day(self, today: date) -> None:
        """Times of earlier days are shown with their day."""
        if today != self._today:
            self._today = today
            self._texts.clear()

    def row(self, index: AnyIndex) -> SaleRow | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def text(self, row: SaleRow) -> RowText:
        known = self._texts.get(row.id)
        if known is not None and known[0] is row:
            return known[1]
        if len(self._texts) >= _MOST_TEXTS:
            self._texts.clear()
        text = row_text(row, self._locale, self._today, self._names)
        self._texts[row.id] = (row, text)
        return text

    def position(self, sale_id: int) -> int | None:
        """Where the sale stands, if it is loaded."""
        return self._rows.place(sale_id)

    def top(self, count: int) -> list[SaleRow]:
        """The first rows of the list."""
        return self._rows.top(count)

    def newest_id(self) -> int:
        """Of the rows on the first page."""
        return max((row.id for row in self._rows.top(PAGE)), default=0)

    def mark_seen(self, up_to: int) -> None:
        """Rows up to this id no longer count as new."""
        if up_to > self._seen_up_to:
            self._seen_up_to = up_to
            if self._rows:
                last = min(len(self._rows), PAGE) - 1
                self.dataChanged.emit(self.index(0, 0), self.index(last, Column.STATE), [UnseenRole])

    def is_unseen(self, row: SaleRow) -> bool:
        return not row.seen and row.id > self._seen_up_to

    @Slot(object)
    def on_sales_changed(self, fact: SalesChanged) -> None:
        self._pending.extend(fact.changes)
        if not self._coalesce.isActive():
            # A sale after a pause is shown at once; only those on its heels wait for company.
            idle = monotonic() - self._taken_at > _COALESCED / 1000
            self._coalesce.start(0 if idle else self._pause)

    @Slot()
    def on_coalesced(self) -> None:
        """Take in what has arrived; in a burst a part of it, and the rest on the next turn."""
        if self._first and self._fetching:
            # The first page may or may not hold these already; it is asked for after they were committed.
            if self._pending:
                self._coalesce.start(_COALESCED)
            return
        changes, self._pending = self._pending[:_MOST_AT_ONCE], self._pending[_MOST_AT_ONCE:]
        if changes:
            self._taken_at = monotonic()
            self._pause = _IN_A_BURST if len(changes) > _BURST else _COALESCED
            self._take_in(changes)
        if self._pending:
            self._coalesce.start(_COALESCED // 2)

    def _take_in(self, changes: Iterable[SaleChange]) -> None:
        latest = {change.row.id: change.row for change in changes}
        new: list[SaleRow] = []
        gone: list[int] = []
        for row in latest.values():
            if row.id in self._rows:
                if fits(self._query, row) or self._query.text:
                    self._replace(row)
                else:
                    gone.append(row.id)
            elif fits(self._query, row):
                new.append(row)
        for sale_id in gone:
            self._remove(sale_id)
        if new and self._query.text:
            self._ask_ledger()
        elif new and newest_first(self._query):
            self._insert(new)
        elif new:
            self._waiting += len(new)
            self.waiting.emit(self._waiting)

    def _ask_ledger(self) -> None:
        """Only the ledger knows whether words match: ask it for the newest that do."""
        if not newest_first(self._query):
            return
        self._ask_once_more = self._asking
        if not self._asking:
            self._asking = True
            self._run(self._fetch_newest(self._query, self._generation), "newest sales that match")

    def _insert(self, rows: list[SaleRow]) -> None:
        runs = self._rows.runs(rows, whole=self._next is None)
        if len(runs) > _MOST_RUNS:
            self.ask_again()
            return
        for at, run in reversed(runs):
            self.beginInsertRows(NO_INDEX, at, at + len(run) - 1)
            self._rows.put(at, run)
            self.endInsertRows()
        if len(self._rows) > MOST_ROWS:
            # A page less than the most, so that a burst does not pay for this at every update.
            self._take_out(MOST_ROWS - PAGE, len(self._rows) - 1)
            self._next = cursor_at(self._rows[-1])
        if runs:
            self.arrived.emit([row for _, run in runs for row in run])

    def _replace(self, row: SaleRow) -> None:
        at = self._rows.place(row.id)
        if at is None:
            return
        if self._rows.moves(at, row):
            self._take_out(at, at)
            self._insert([row])
            return
        self._rows.replace(at, row)
        self.dataChanged.emit(self.index(at, 0), self.index(at, Column.STATE))

    def _remove(self, sale_id: int) -> None:
        at = self._rows.place(sale_id)
        if at is not None:
            self._take_out(at, at)

    def _take_out(self, first: int, last: int) -> None:
        self.beginRemoveRows(NO_INDEX, first, last)
        self._rows.take(first, last)
        self.endRemoveRows()

    async def _fetch_first(self, query: SalesQuery, generation: int) -> None:
        page = await self._wanted(self._sales.page(query, None, PAGE), generation)
        if page is None:
            return
        self.beginResetModel()
        self._rows = Rows(query, page.rows)
        self._next = page.next
        self._waiting = 0
        self._first = False
        self._fetching = False
        self.endResetModel()
        self.waiting.emit(0)
        self.loaded.emit()

    async def _fetch_next(self, query: SalesQuery, after: Cursor | None, generation: int) -> None:
        page = await self._wanted(self._sales.page(query, after, PAGE), generation)
        if page is None:
            return
        self._fetching = False
        if after != self._next:
            return
        # A row may have arrived by itself while it was on its way in a page.
        rows = [row for row in page.rows if row.id not in self._rows]
        self._next = page.next
        if rows:
            first = len(self._rows)
            self.beginInsertRows(NO_INDEX, first, first + len(rows) - 1)
            self._rows.put(first, rows)
            self.endInsertRows()

    async def _fetch_newest(self, query: SalesQuery, generation: int) -> None:
        page = await self._wanted(self._sales.page(query, None, PAGE), generation, aside=True)
        self._asking = False
        if page is not None:
            self._insert([row for row in page.rows if row.id not in self._rows])
        if self._ask_once_more:
            self._ask_ledger()

    @property
    def _goes_on(self) -> bool:
        return self._next is not None

    def _fetch_more(self) -> None:
        self._run(self._fetch_next(self._query, self._next, self._generation), "next page of sales")

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row).cells()[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.text(row).spoken()
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == Column.AMOUNT:
                return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        if role == RowRole:
            return row
        if role == TextRole:
            return self.text(row)
        if role == UnseenRole:
            return self.is_unseen(row)
        return None
