"""Rows of which there may be more than are held: a page of them is asked for at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from shopwatch.domain.errors import UserError
from shopwatch.runtime.tasks import Run, spawn
from shopwatch.ui.indexes import NO_INDEX, AnyIndex
from shopwatch.ui.lists.rows_model import Line, RowKind, RowsModel
from shopwatch.ui.refresher import Refresher

PAGE = 100


@dataclass(frozen=True, slots=True)
class KeysetPage[Row]:
    """Rows in their order, and after what the next page goes on; None at the end."""

    rows: Sequence[Row]
    next: Any


class PageSource[Row, Text: Line, Query](RowKind[Row, Text], Protocol):
    """Where the rows come from. They are called `what` in the log; `most` of them are held, a list longer than this is
    to be narrowed. What changes waits `pause` milliseconds for what comes on its heels. A refreshing reads all that is
    held if it is to be read `whole`, otherwise the first page: whatever changes comes to the top."""

    what: str
    most: int
    pause: int
    whole: bool

    async def page(self, query: Query, after: Any, limit: int) -> KeysetPage[Row]:
        """As many rows of `query` after this place, None for the top. Raises `UserError`."""


class KeysetModel[Row, Text: Line, Query](RowsModel[Row, Text]):
    """The rows of `source` that a query finds, loaded as they are scrolled to; `everything` is the query of all.

    Signals: `loaded()` when a first page is in; `refreshed()` once the rows are as they are in the ledger now, and
    before it `arrived(object)`, those that have come in; `failed(UserError)` when the ledger could not answer.
    """

    loaded = Signal()
    refreshed = Signal()
    arrived = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        source: PageSource[Row, Text, Query],
        everything: Query,
        *,
        run: Run = spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(source, parent)
        self._source = source
        self._run = run
        self._everything = everything
        self._query = everything
        self._next: Any = None
        # Each new question adds one; what comes of an older one is dropped.
        self._generation = 0
        self._fetching = False
        self.is_asked = False
        self.is_loaded = False
        self._refresher = Refresher(self._refresh, f"{source.what} as they are now", source.pause, run, self)

    @property
    def query(self) -> Query:
        return self._query

    @property
    def is_narrowed(self) -> bool:
        """The query leaves rows out."""
        return self._query != self._everything

    @property
    def most(self) -> int:
        return self._source.most

    @property
    def is_cut(self) -> bool:
        """There are more than this list may hold."""
        return self._next is not None and len(self._rows) >= self.most

    @Slot(object)
    def ask(self, query: Query) -> None:
        """Show what `query` finds, from the top; the rows shown now stay until the first page is here."""
        self._generation += 1
        self._query = query
        self.is_asked = True
        self.is_loaded = False
        self._fetching = True
        self._run(self._fetch_first(query, self._generation), f"first page of {self._source.what}")

    @Slot()
    def ask_again(self) -> None:
        self.ask(self._query)

    @Slot()
    def ask_for_everything(self) -> None:
        self.ask(self._everything)

    @Slot()
    def look(self) -> None:
        """Take in what has changed since; ask for the first time, where nobody has."""
        if self.is_asked:
            self.refresh()
        else:
            self.ask(self._query)

    @Slot()
    def refresh(self) -> None:
        """Take in what has changed since."""
        if self.is_asked:
            self._refresher.look()

    @Slot()
    def refresh_soon(self) -> None:
        """Take in what has changed, once what comes on its heels is there too."""
        if self.is_asked:
            self._refresher.look_soon()

    def canFetchMore(self, parent: AnyIndex = NO_INDEX) -> bool:
        return not parent.isValid() and self._next is not None and not self._fetching and len(self._rows) < self.most

    def fetchMore(self, parent: AnyIndex = NO_INDEX) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            self._run(self._fetch_next(self._query, self._next, self._generation), f"next page of {self._source.what}")

    async def _wanted(
        self, query: Query, after: Any, limit: int, generation: int, *, aside: bool = False
    ) -> KeysetPage[Row] | None:
        """This page, or None if it is no longer wanted or could not be had, which is told.

        `aside`: it is asked for beside a page that may be on its way.
        """
        try:
            page = await self._source.page(query, after, limit)
        except UserError as problem:
            if generation == self._generation:
                self._fetching = self._fetching and aside
                self.failed.emit(problem)
            return None
        return page if generation == self._generation else None

    async def _fetch_first(self, query: Query, generation: int) -> None:
        page = await self._wanted(query, None, PAGE, generation)
        if page is not None:
            self._fetching = False
            self._begin(page)

    async def _fetch_next(self, query: Query, after: Any, generation: int) -> None:
        page = await self._wanted(query, after, PAGE, generation)
        if page is None:
            return
        self._fetching = False
        if after == self._next:
            self._next = page.next
            # A row may have come in by itself while it was on its way in a page.
            self._insert(len(self._rows), [row for row in page.rows if self._source.id_of(row) not in self._known])

    async def _refresh(self) -> None:
        if self._fetching:
            self.refresh_soon()
            return
        limit = min(max(PAGE, len(self._rows)), self._source.most) if self._source.whole else PAGE
        page = await self._wanted(self._query, None, limit, self._generation, aside=True)
        if page is None:
            return
        new = sum(self._source.id_of(row) not in self._known for row in page.rows)
        if new == limit or (new and not self._rows):
            self._begin(page)
            return
        if self._source.whole:
            self._next = page.next
            self.drop(self._known.keys() - {self._source.id_of(row) for row in page.rows})
        if came := self._merge(page.rows):
            self.arrived.emit(came)
        self.refreshed.emit()

    def _begin(self, page: KeysetPage[Row]) -> None:
        """Let this be the first page."""
        self._next = page.next
        self.is_loaded = True
        self._reset(page.rows)
        self.loaded.emit()

    def _merge(self, rows: Sequence[Row]) -> list[Row]:
        """Let the list begin with these; those that are new in it."""
        at = 0
        came: list[Row] = []
        while at < len(rows):
            new = []
            for row in islice(rows, at, None):
                if self._source.id_of(row) in self._known:
                    break
                new.append(row)
            if new:
                self._insert(at, new)
            else:
                self._put(at, rows[at])
            came += new
            at += len(new) or 1
        return came
