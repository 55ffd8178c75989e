"""What the shop has kept, written to files that the owner names."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.paths import Paths
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.shop.outgoing import export
from shopwatch.shop.sources.source_registry import SourceRegistry


class Exports:
    """No file of the shop's own is ever written over."""

    def __init__(self, paths: Paths, ledger: Ledger, sources: SourceRegistry) -> None:
        self._paths = paths
        self._ledger = ledger
        self._sources = sources

    async def sales(
        self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None] = lambda _: None
    ) -> int:
        """Write the sales that fit to `file` as "csv", "xlsx" or "json"; how many. `told` hears how many so far.

        What was there before stays until all is written. Raises UserError.
        """
        self._paths.refuse_own(file)
        try:
            return await export.write_file(self._ledger.sales.every(query), self._sources.names, file, form, told)
        except OSError as failure:
            raise export.unwritable(file) from failure

    async def message(self, delivery_id: int, file: Path) -> None:
        """Write the message to `file`, byte for byte, for this user only. Raises UserError."""
        row = await self._ledger.inbox.get(delivery_id)
        if row is None or row.body is None:
            raise UserError(say("This message is no longer kept."), code="message-gone")
        self._paths.refuse_own(file)
        try:
            await asyncio.to_thread(export.write_content, file, row.body)
        except OSError as failure:
            raise export.unwritable(file) from failure
