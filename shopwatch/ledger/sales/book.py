"""The sales in the ledger: pages of them, one with its time line, and sums."""

from collections.abc import AsyncIterator
from functools import partial

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.ledger.database import Database
from shopwatch.ledger.sales import figures, paging, reading
from shopwatch.ledger.sales.query import Cursor, Figures, SaleDetail, SalesPage, SalesQuery


class SalesBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 200) -> SalesPage:
        """The next `limit` sales of `query` that follow `after`."""
        dialect, numbers = self._database.dialect, self._database.numbers
        return await self._database.read(
            lambda connection: paging.page(connection, dialect, numbers, query, after=after, limit=limit)
        )

    async def every(self, query: SalesQuery) -> AsyncIterator[SaleRow]:
        """Each sale that fits, in the query's order."""
        after: Cursor | None = None
        while True:
            page = await self.page(query, after, 500)
            for row in page.rows:
                yield row
            if (after := page.next) is None:
                return

    async def count(self, query: SalesQuery) -> int:
        """How many sales there are in all the pages of `query`."""
        return await self._database.read(lambda connection: paging.count(connection, self._database.dialect, query))

    async def get(self, sale_id: int) -> SaleDetail | None:
        """The sale with its time line; None if there is none of this id."""
        dialect, numbers = self._database.dialect, self._database.numbers
        return await self._database.read(lambda connection: reading.sale(connection, dialect, numbers, sale_id))

    async def mark_seen(self, up_to_id: int) -> None:
        """The owner has looked at every sale up to this id. Never takes anything back."""
        await self._database.write(partial(reading.mark_seen, up_to_id=up_to_id))

    async def figures(self, since: Instant, until: Instant) -> Figures:
        """Sums of the sales paid from `since` until just before `until`: only what `Sale.kept` counts is in them, so no
        practice, no test mode, nothing given back."""
        return await self._database.read(lambda connection: figures.figures(connection, since, until))
