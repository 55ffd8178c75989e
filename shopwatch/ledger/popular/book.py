"""What sold best, as it is asked for."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from shopwatch.domain.errors import Outage
from shopwatch.domain.sales.popular import Popular
from shopwatch.ledger.database import Database
from shopwatch.ledger.popular import counting

_TOLD_EVERY = 0.25
"""Seconds between two words of how far counting is."""


class PopularBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
    ) -> tuple[Popular, ...]:
        """What sold from `since` until just before `until`, by the days of this computer's clock, in no order.

        What came since it was last asked for is counted first, little by little so that nothing that comes in waits
        for it; `on_counted` hears now and then how many events are counted so far, and of how many. On a ledger of
        millions of sales the first time takes minutes.
        """
        database = self._database
        # While nothing can be written, what is counted already can still be looked at.
        with suppress(Outage):
            if await database.read(counting.are_due):
                told = float("-inf")
                while await database.write(lambda connection: counting.count_some(database.dialect, connection)):
                    if time.monotonic() - told >= _TOLD_EVERY:
                        told = time.monotonic()
                        on_counted(*await database.read(counting.progress))
        return await database.read(lambda connection: counting.read(connection, since, until))
