"""What the shop has kept, for whoever shows it or takes it away in a file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from shopwatch.domain.clock import Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import SaleRow
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.people_query import PeopleCursor, PeoplePage, PersonDetail
from shopwatch.ledger.query import Cursor, DeliveryRow, Figures, InboxQuery, SaleDetail, SalesPage, SalesQuery, Tally
from shopwatch.settings.paths import Paths
from shopwatch.shop import export
from shopwatch.shop.source_registry import SourceRegistry


class Records:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    paths: Paths
    sources: SourceRegistry

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 100) -> SalesPage:
        return await self.ledger.sales.page(query, after, limit)

    async def all_sales(self, query: SalesQuery) -> AsyncIterator[SaleRow]:
        """Every sale that fits, in the query's order."""
        after: Cursor | None = None
        while True:
            page = await self.ledger.sales.page(query, after, 500)
            for row in page.rows:
                yield row
            if (after := page.next) is None:
                return

    async def sale(self, sale_id: int) -> SaleDetail | None:
        return await self.ledger.sales.get(sale_id)

    async def figures(self, since: Instant, until: Instant) -> Figures:
        return await self.ledger.sales.figures(since, until)

    async def mark_seen(self, up_to: int) -> None:
        """The owner has looked at the sales up to this row."""
        await self.ledger.sales.mark_seen(up_to)

    async def export(
        self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None] = lambda _: None
    ) -> int:
        """Write the sales that fit to `file` as "csv", "xlsx" or "json"; how many. `told` hears how many so far.

        What was there before stays until all is written. Raises UserError.
        """
        self.paths.refuse_own(file)
        try:
            return await export.write_file(self.all_sales(query), self.sources.names, file, form, told)
        except OSError as failure:
            raise _unwritable(file) from failure

    async def delivery(self, delivery_id: int) -> DeliveryRow | None:
        return await self.ledger.inbox.get(delivery_id)

    async def deliveries(
        self, query: InboxQuery, after: int | None = None, limit: int = 100
    ) -> tuple[DeliveryRow, ...]:
        return await self.ledger.inbox.page(query, after, limit)

    async def all_deliveries(self, query: InboxQuery) -> AsyncIterator[DeliveryRow]:
        """Every delivery that fits, the newest first."""
        after: int | None = None
        while rows := await self.ledger.inbox.page(query, after, 200):
            for row in rows:
                yield row
            after = rows[-1].place

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        return await self.ledger.inbox.tally(sources)

    async def save_message(self, delivery_id: int, file: Path) -> None:
        """Write the message to `file`, byte for byte, for this user only. Raises UserError."""
        row = await self.ledger.inbox.get(delivery_id)
        if row is None or row.body is None:
            raise UserError(say("This message is no longer kept."), code="message-gone")
        self.paths.refuse_own(file)
        try:
            await asyncio.to_thread(export.write_content, file, row.body)
        except OSError as failure:
            raise _unwritable(file) from failure

    async def mark_inbox_seen(self, up_to: int) -> None:
        """The owner has looked at the messages up to this one."""
        await self.ledger.inbox.mark_seen(up_to)

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        return await self.ledger.people.page(search, after, limit)

    async def person(self, person_id: int) -> PersonDetail | None:
        return await self.ledger.people.get(person_id)

    async def forget_person(self, person_id: int) -> bool:
        """Remove who this person is; see `PeopleBook.forget`. Raises UserError."""
        return await self.ledger.people.forget(person_id)


def _unwritable(file: Path) -> UserError:
    return UserError(
        say("{file} cannot be written.", file=file.name),
        say("Choose another place, or free some space there."),
        code="file-unwritable",
    )
