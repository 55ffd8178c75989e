"""The ledger: the one door to what is stored."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Self

from shopwatch.domain.instant import Clock
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Verdict
from shopwatch.ledger.database import Database
from shopwatch.ledger.engine.opening import file_of, store_at
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.engine.readers import Readers
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.people import forgetting
from shopwatch.ledger.people.book import PeopleBook
from shopwatch.ledger.popular.book import PopularBook
from shopwatch.ledger.recovery.catchup_cursor import CatchUpBook
from shopwatch.ledger.recovery.day_checks import DayCheckBook
from shopwatch.ledger.recovery.gaps import GapBook
from shopwatch.ledger.recovery.pending_fetches import FetchBook
from shopwatch.ledger.recovery.silences import SilenceBook
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sources.book import SourceBook
from shopwatch.ledger.sources.endpoints import EndpointBook
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.usage import UsageBook
from shopwatch.ledger.writing import writer_main
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.ledger.writing.write_connection import WriteConnection
from shopwatch.ledger.writing.writer import Writer
from shopwatch.ledger.writing.writer_process import WriterProcessConfig
from shopwatch.runtime.clock import now


class Ledger:
    """Made by `open`, ended by `close`. All other methods are called on one event loop's thread."""

    def __init__(
        self,
        store: Store,
        tell: Callable[[object], None],
        clock: Clock,
        writer_of: Callable[[WriteConnection], Writer],
        *,
        alone: bool,
    ) -> None:
        self._store = store
        self._closed = False
        self._readers = Readers(store)
        numbers = SourceNumbers()
        self._writer = writer_of(WriteConnection(store, numbers, clock, in_doubt=alone))
        self.database = database = Database(store, self._writer, self._readers, numbers, tell, clock)
        self.sales = SalesBook(database)
        self.people = PeopleBook(database)
        self.inbox = InboxBook(database)
        self.popular = PopularBook(database)
        self.outbox = OutboxBook(database)
        self.sources = SourceBook(database)
        self.endpoints = EndpointBook(database)
        self.catchup = CatchUpBook(database)
        self.fetches = FetchBook(database)
        self.day_checks = DayCheckBook(database)
        self.silences = SilenceBook(database)
        self.gaps = GapBook(database)
        self.usage = UsageBook(database)

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        backups: Path | None = None,
        tell: Callable[[object], None] = lambda _fact: None,
        hears: Callable[[type], bool] = lambda _kind: True,
        clock: Clock = now,
        writer_config: WriterProcessConfig | None = None,
        alone: bool = False,
    ) -> Self:
        """The ledger in the file `place`, or at that URL ("sqlite:///…"), made or brought to the newest schema; before
        the latter it is copied into `backups` (by default a folder beside the file).

        `tell` hears `SalesChanged`, `HappeningsKept`, `PersonForgotten`, `DeliveryKept`, `EndpointsChanged`,
        `RulesChanged`, `JobsOwed`, `JobsChanged` and `LedgerChanged`, after the commit, on the loop's thread.
        It may say by `hears` of which kinds nobody listens for; those are told only where that costs nothing.
        With `writer_config`, deliveries are booked in a process of their own during a rush. `alone`: nobody else
        receives here, so that what one left who ended badly is brought to the disk before anything is added to it.
        Raises `UserError` where the place or the file cannot be trusted with sales; the file is then left untouched.
        """
        store = store_at(place, clock)
        store.prepare(backups or file_of(place).parent / "backups")
        return cls(
            store,
            tell,
            clock,
            lambda write_connection: Writer(
                write_connection, tell, writer_config=writer_config, place=place, hears=hears
            ),
            alone=alone,
        )

    @property
    def in_writer_process(self) -> bool:
        """Whether deliveries are booked in a process of their own just now."""
        return self._writer.in_writer_process

    def close(self) -> None:
        """Commit all that waits, then let the file go. Safe to call twice."""
        self._writer.close()
        self._readers.close()
        if not self._closed:
            self._closed = True
            forgetting.sweep_rest(self._store)
        self._store.close()

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """Store an accepted delivery, its event, and the sale as it is now; returns once that is on disk.

        What was rejected, or was only a handshake, is written a moment later, within caps, and never delays a sale.
        Raises `Outage` if it is not stored: the sender must try again.
        """
        return await self._writer.record(delivery, verdict)

    async def backup_to(self, file: Path) -> None:
        """Copy the whole ledger, as it is now, into a new file. Raises `UserError`, also if the file exists."""
        await self.database.read(lambda _connection: self._store.files.backup(file))

    async def integrity(self) -> bool:
        """Whether the database is sound, by its own full check, which takes a while on a large one."""
        return await self.database.read(self._store.integrity)

    async def durability(self) -> dict[str, str]:
        """The settings that keep a commit through a power loss, read back from the write connection."""
        return await self.database.write(self._store.durability)


def write_down(end: socket.socket) -> None:
    """What the process of `WriterProcessConfig` does, until the other end is closed. No secret passes `end`."""
    writer_main.write_down(end, store_at)
