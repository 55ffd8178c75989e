"""The list of sales, and those that arrive meanwhile."""

from collections.abc import Iterable
from datetime import date
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from shopwatch.domain.facts import SaleChange, SaleRow, SalesChanged
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import Cursor, SalesQuery
from shopwatch.presenting.sales.columns import Column as At
from shopwatch.presenting.sales.columns import title
from shopwatch.presenting.sales.matching import cursor_at, fits, key_of, newest_first, place_in, runs
from shopwatch.presenting.sales.sale_text import RowText, row_text, told_apart
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.ui.lists.column import EDGE, GAP, TILE, Column
from shopwatch.ui.lists.keyset_model import PAGE, KeysetModel, KeysetPage

_COALESCED = 100
"""Milliseconds for which arrivals wait for each other."""
_IN_A_BURST = 250
"""The same after more than `_BURST` came at once: nobody reads so many, and each update keeps answers waiting."""
_BURST = 40
_MOST_AT_ONCE = 400
_MOST_RUNS = 24
"""How many arrivals, in how many places, one update takes in."""


class SalesSource:
    """Sales that a query finds, in the order that it asks for."""

    what = "sales"
    most = 50_000
    pause = _COALESCED
    whole = False

    def __init__(self, sales: SalesBook, sources: SourceRegistry, locale: str) -> None:
        self._sales = sales
        self._sources = sources
        self._locale = locale
        # The least widths of all but the items, which have what is left.
        self.columns = (
            Column(title(At.TIME), 80, figures=True, fades=False),
            Column(title(At.ORDER), 88, ink="text", middle=True, fades=False),
            Column(title(At.CUSTOMER), 132, weight=500, ink="text", fades=False),
            Column(title(At.ITEMS), fades=False),
            Column(title(At.AMOUNT), 88, trailing=True, weight=600, figures=True, ink="text"),
            Column(title(At.FROM), 112, lead=EDGE, before=TILE + GAP, ink="text", fades=False, tile=True),
            Column(title(At.STATE), 128, end=16, pill=True),
        )

    async def page(self, query: SalesQuery, after: Cursor | None, limit: int) -> KeysetPage[SaleRow]:
        page = await self._sales.page(query, after, limit)
        return KeysetPage(page.rows, page.next)

    def id_of(self, row: SaleRow) -> int:
        return row.id

    def text_of(self, row: SaleRow, today: date) -> RowText:
        return row_text(row, self._locale, today, told_apart(self._sources.all))


class SalesModel(KeysetModel[SaleRow, RowText, SalesQuery]):
    """Sales whose changes are taken in as they are told, without the ledger, where they have a place in the list.

    Signals: `waiting(int)`, how many arrivals have no place in this list until it is asked for anew.
    """

    waiting = Signal(int)

    def __init__(
        self, sales: SalesBook, sources: SourceRegistry, locale: str, run: Run = spawn, parent: QObject | None = None
    ) -> None:
        super().__init__(SalesSource(sales, sources, locale), SalesQuery(), run=run, parent=parent)
        self._seen_up_to = 0
        self._waiting = 0
        self._pending: list[SaleChange] = []
        self._taken_at = 0.0
        self._pause = _COALESCED
        self._coalesce = QTimer(self, singleShot=True, interval=_COALESCED)
        self._coalesce.timeout.connect(self.on_coalesced)

    @Slot(object)
    def ask(self, query: SalesQuery) -> None:
        self._pending.clear()
        super().ask(query)

    def top(self, count: int) -> list[SaleRow]:
        """The first rows of the list."""
        return self._rows[:count]

    def newest_id(self) -> int:
        """Of the rows on the first page."""
        return max((row.id for row in self._rows[:PAGE]), default=0)

    def mark_seen(self, up_to: int) -> None:
        """Rows up to this id no longer count as new."""
        if up_to > self._seen_up_to:
            self._seen_up_to = up_to
            self._repaint(0, min(len(self._rows), PAGE) - 1)

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
        if not self.is_loaded and self._fetching:
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
            if row.id in self._known:
                if fits(self._query, row) or self._query.text:
                    self._update(row)
                else:
                    gone.append(row.id)
            elif fits(self._query, row):
                new.append(row)
        self.drop(gone)
        if new and self._query.text:
            # Only the ledger knows whether words match: it is asked for the newest that do.
            if newest_first(self._query):
                self.refresh()
        elif new and newest_first(self._query):
            self._take_places(new)
        elif new:
            self._waiting += len(new)
            self.waiting.emit(self._waiting)

    def _take_places(self, rows: list[SaleRow]) -> None:
        """Let these stand in the newest-first list where they belong."""
        found = runs(self._rows, rows, whole=self._next is None)
        if len(found) > _MOST_RUNS:
            self.ask_again()
            return
        for at, run in reversed(found):
            self._insert(at, run)
        if len(self._rows) > self.most:
            # A page less than the most, so that a burst does not pay for this at every update.
            self._take_out(self.most - PAGE, len(self._rows) - 1)
            self._next = cursor_at(self._rows[-1])
        if found:
            self.arrived.emit([row for _, run in found for row in run])

    def _update(self, row: SaleRow) -> None:
        was = self._known[row.id]
        at = self._place(was)
        if newest_first(self._query) and key_of(row) != key_of(was):
            self._take_out(at, at)
            self._take_places([row])
        else:
            self._replace(at, row)

    def _place(self, row: SaleRow) -> int:
        return place_in(self._rows, row) if newest_first(self._query) else super()._place(row)

    def _begin(self, page: KeysetPage[SaleRow]) -> None:
        self._waiting = 0
        super()._begin(page)
        self.waiting.emit(0)
