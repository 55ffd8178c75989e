"""The ledger: the one door to what is stored."""

import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from sqlalchemy import Connection, select

from shopwatch.domain.instant import Clock
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Verdict
from shopwatch.domain.rules.job import JobState
from shopwatch.ledger.copying import copy_rows
from shopwatch.ledger.database import Database
from shopwatch.ledger.engine.opening import file_of, store_at
from shopwatch.ledger.engine.ports import Store
from shopwatch.ledger.engine.readers import Readers
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.leadership import Leadership
from shopwatch.ledger.moving import Moved, move
from shopwatch.ledger.outbox import jobs
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
from shopwatch.ledger.schema import heads
from shopwatch.ledger.sealed_items import SealedItemsBook
from shopwatch.ledger.shop_settings import ShopSettingsBook
from shopwatch.ledger.sources.book import SourceBook
from shopwatch.ledger.sources.endpoints import EndpointBook
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.usage import UsageBook
from shopwatch.ledger.writing import writer_main
from shopwatch.ledger.writing.booking import Recorded
from shopwatch.ledger.writing.pending_writes import WriteCounts
from shopwatch.ledger.writing.write_connection import WriteConnection
from shopwatch.ledger.writing.writer import Writer
from shopwatch.ledger.writing.writer_process import WriterProcessConfig
from shopwatch.runtime.clock import now


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """How many deliveries and sales there ever were, and jobs in which something is still to be done."""

    deliveries: int
    sales: int
    jobs: dict[JobState, int]


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
        node: str,
    ) -> None:
        self._store = store
        self._closed = False
        self._readers = Readers(store)
        numbers = SourceNumbers()
        self._writer = writer_of(WriteConnection(store, numbers, clock, in_doubt=alone))
        self.database = database = Database(store, self._writer, self._readers, numbers, tell, clock, node)
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
        self.leadership = Leadership(store)
        self.shop_settings = ShopSettingsBook(database)
        self.sealed_items = SealedItemsBook(database)

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
        node: str = "",
    ) -> Self:
        """The ledger in the file `place`, or at that URL ("sqlite:///…"), made or brought to the newest schema; before
        the latter it is copied into `backups` (by default a folder beside the file).

        `tell` hears `SalesChanged`, `HappeningsKept`, `PersonForgotten`, `DeliveryKept`, `EndpointsChanged`,
        `RulesChanged`, `JobsOwed`, `JobsChanged` and `LedgerChanged`, after the commit, on the loop's thread.
        It may say by `hears` of which kinds nobody listens for; those are told only where that costs nothing.
        With `writer_config`, deliveries are booked in a process of their own during a rush. `alone`: nobody else
        receives here, so that what one left who ended badly is brought to the disk before anything is added to it.
        `node` is what this computer is called among those that receive into the same database.
        Raises `UserError` where the place or the file cannot be trusted with sales; the file is then left untouched.
        """
        store = store_at(place, clock)
        store.prepare(backups or (file_of(place).parent if store.file else Path()) / "backups")
        return cls(
            store,
            tell,
            clock,
            lambda write_connection: Writer(
                write_connection, tell, writer_config=writer_config, place=place, hears=hears
            ),
            alone=alone,
            node=node,
        )

    @property
    def in_writer_process(self) -> bool:
        """Whether deliveries are booked in a process of their own just now."""
        return self._writer.in_writer_process

    @property
    def written(self) -> WriteCounts:
        """What was committed of messages since the ledger was opened here."""
        return self._writer.written

    def close(self) -> None:
        """Commit all that waits, then let the file go. Safe to call twice."""
        self._writer.close()
        self._readers.close()
        if not self._closed:
            self._closed = True
            forgetting.sweep_rest(self._store)
        self._store.close()

    @property
    def shared(self) -> bool:
        """Whether other computers may work with the same database."""
        return self._store.file is None

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """Store an accepted delivery, its event, and the sale as it is now; returns once that is on disk.

        What was rejected, or was only a handshake, is written a moment later, within caps, and never delays a sale.
        Raises `Outage` if it is not stored: the sender must try again.
        """
        return await self._writer.record(delivery, verdict)

    async def probe(self) -> None:
        """Return once something could be stored. Raises `Outage`."""
        await self.database.write(_write_nothing)

    async def counts(self) -> LedgerCounts:
        """See there. Raises `Outage`."""
        return await self.database.read(_read_counts)

    async def backup_to(self, file: Path) -> None:
        """Copy the whole ledger, as it is now, into a new file of SQLite, whatever database it is in.

        Raises `UserError`, also if the file exists.
        """
        await self.database.read(lambda connection: self._copy_into(connection, file))

    def _copy_into(self, connection: Connection, file: Path) -> None:
        if self._store.file is not None:
            self._store.file.backup(file)
            return
        with TemporaryDirectory(prefix="shopwatch-") as folder:
            copy = store_at(Path(folder) / file.name)
            copy.prepare(Path(folder))
            try:
                with closing(copy.writer()) as target, target.begin():
                    copy_rows(connection, target, copy.dialect)
                if copy.file is not None:
                    copy.file.backup(file)
            finally:
                copy.close()

    async def integrity(self) -> bool:
        """Whether the database is sound, by its own full check, which takes a while on a large one."""
        return await self.database.read(self._store.integrity)

    async def durability(self) -> dict[str, str]:
        """The settings that keep a commit through a power loss, read back from the write connection."""
        return await self.database.write(self._store.durability)


def _read_counts(connection: Connection) -> LedgerCounts:
    row = connection.execute(select(heads.c.delivery, heads.c.sale)).one()
    return LedgerCounts(row.delivery, row.sale, jobs.counts(connection))


def _write_nothing(_connection: Connection) -> None:
    pass


def move_ledger(
    source: str | Path,
    target: str | Path,
    told: Callable[[int], None] = lambda _rows: None,
    *,
    backups: Path | None = None,
) -> Moved:
    """Take the ledger at `source` over to `target`, an empty database, also while it is received into.

    See `moving.move`. Raises `UserError`; the ledger is then as before.
    """
    origin, other = store_at(source), store_at(target)
    try:
        origin.prepare(backups or Path())
        other.prepare(Path())
        return move(origin, other, here=_url_of(source), there=_url_of(target), told=told)
    finally:
        origin.close()
        other.close()


def _url_of(place: str | Path) -> str:
    return f"sqlite:///{place}" if isinstance(place, Path) else place


def write_down(end: socket.socket) -> None:
    """What the process of `WriterProcessConfig` does, until the other end is closed. No secret passes `end`."""
    writer_main.write_down(end, store_at)
