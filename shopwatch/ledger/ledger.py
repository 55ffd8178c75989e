"""The ledger: the one door to what is stored."""

import socket
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shopwatch.domain.clock import Clock, Instant, now
from shopwatch.domain.delivery import Delivery
from shopwatch.domain.errors import Outage
from shopwatch.domain.event import Event
from shopwatch.domain.facts import JobsChanged, PersonForgotten, SaleChange, SalesChanged
from shopwatch.domain.gap import Cause, Gap
from shopwatch.domain.popular import Popular
from shopwatch.domain.source import Source
from shopwatch.domain.verdict import Verdict
from shopwatch.ledger import (
    asking,
    customers,
    directory,
    figures,
    forgetting,
    gaps,
    inbox,
    paging,
    popular,
    practice,
    reading,
    scribe,
    sources,
    troubles,
    unasked,
    usage,
)
from shopwatch.ledger.asking import Looked
from shopwatch.ledger.booking import Recorded
from shopwatch.ledger.day_checks import DayCheckBook
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.endpoints import EndpointBook
from shopwatch.ledger.outbox import Outbox
from shopwatch.ledger.pen import Pen
from shopwatch.ledger.people_query import PeopleCursor, PeoplePage, PersonDetail
from shopwatch.ledger.query import (
    Cursor,
    DeliveryRow,
    Figures,
    InboxQuery,
    SaleDetail,
    SalesPage,
    SalesQuery,
    Tally,
)
from shopwatch.ledger.readers import Readers
from shopwatch.ledger.scribe_process import Apart
from shopwatch.ledger.silences import SilenceBook
from shopwatch.ledger.sqlite import Sqlite
from shopwatch.ledger.unasked import Unasked
from shopwatch.ledger.writer import Writer

EVERY_DELIVERY = InboxQuery()

_TOLD_EVERY = 0.25
"""Seconds between two words of how far counting is."""


class Ledger:
    """Made by `open`, ended by `close`. All other methods are called on one event loop's thread."""

    def __init__(
        self, dialect: Dialect, tell: Callable[[object], None], clock: Clock, writer_of: Callable[[Pen], Writer]
    ) -> None:
        self._dialect = dialect
        self._tell = tell
        self._clock = clock
        self._closed = False
        self._touched: object | None = None
        self._stamp = 0
        self._numbers = sources.SourceNumbers()
        self._writer = writer_of(Pen(dialect, self._numbers, clock))
        self._readers = Readers(dialect)
        self.endpoints = EndpointBook(self._writer, self._readers, self._numbers, tell=tell)
        self.day_checks = DayCheckBook(dialect, self._writer, self._readers, self._numbers)
        self.silences = SilenceBook(dialect, self._writer, self._readers, self._numbers, tell=tell, clock=clock)
        self.outbox = Outbox(dialect, self._writer, self._readers, self._numbers, tell=tell, clock=clock)

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        backups: Path | None = None,
        tell: Callable[[object], None] = lambda _fact: None,
        hears: Callable[[type], bool] = lambda _kind: True,
        clock: Clock = now,
        apart: Apart | None = None,
    ) -> Self:
        """The ledger in the file `place`, or at that URL ("sqlite:///…"), made or brought to the newest schema; before
        the latter it is copied into `backups` (by default a folder beside the file).

        `tell` hears `SalesChanged`, `HappeningsKept`, `PersonForgotten`, `DeliveryKept`, `EndpointsChanged`,
        `RulesChanged`, `JobsOwed`, `JobsChanged` and `LedgerChanged`, after the commit, on the loop's thread.
        It may say by `hears` of which kinds nobody listens for; those are told only where that costs nothing.
        With `apart`, deliveries are booked in a process of their own during a rush.
        Raises `UserError` where the place or the file cannot be trusted with sales; the file is then left untouched.
        """
        path = _file_of(place)
        dialect = Sqlite(path, clock)
        dialect.prepare(backups or path.parent / "backups")
        return cls(
            dialect,
            tell,
            clock,
            lambda pen: Writer(pen, tell, apart=apart, place=place, hears=hears),
        )

    @property
    def apart(self) -> bool:
        """Whether deliveries are booked in a process of their own just now."""
        return self._writer.apart

    def close(self) -> None:
        """Commit all that waits, then let the file go. Safe to call twice."""
        self._writer.close()
        self._readers.close()
        if not self._closed:
            self._closed = True
            forgetting.sweep_rest(self._dialect)
        self._dialect.close()

    async def record(self, delivery: Delivery, verdict: Verdict) -> Recorded:
        """Store an accepted delivery, its event, and the sale as it is now; returns once that is on disk.

        What was rejected, or was only a handshake, is written a moment later, within caps, and never delays a sale.
        Raises `Outage` if it is not stored: the sender must try again.
        """
        return await self._writer.record(delivery, verdict)

    async def issue_practice(self, source_id: str, count: int) -> tuple[str, ...]:
        """`count` nonces, each good for one practice delivery to this source within 10 minutes."""
        return await self._writer.run(
            lambda connection: practice.issue(
                connection, self._numbers.of(connection, source_id)[0], count, self._clock()
            )
        )

    async def sources(self) -> tuple[Source, ...]:
        """Those there are, in the order they were added."""
        return await self._readers.run(sources.read_sources)

    async def stamp(self) -> int:
        """A number that grows with every change to the sources, also by another process. Cheap to ask."""
        touched = self._dialect.touched()
        if touched is None or touched != self._touched:
            self._stamp = await self._readers.run(sources.read_stamp)
            self._touched = touched
        return self._stamp

    async def add_source(self, provider: str, name: str, options: dict[str, str] | None = None) -> Source:
        """A new source, with an address path that nobody can guess."""
        return await self._writer.run(
            lambda connection: sources.add_source(connection, provider, name, options or {}, self._clock())
        )

    async def remove_source(self, source_id: str) -> None:
        """Its address answers no more; its sales stay. Raises `UserError` if there is none of this id."""
        await self._writer.run(lambda connection: sources.remove_source(connection, source_id, self._clock()))

    async def set_options(self, source_id: str, options: dict[str, str]) -> None:
        """Replace all options of this source. Raises `UserError` if there is none of this id."""
        await self._writer.run(lambda connection: sources.set_options(connection, source_id, options))

    async def touch_secrets(self, source_id: str) -> None:
        """Let every process know that this source's secrets have changed. Raises `UserError` if there is none."""
        await self._writer.run(lambda connection: sources.touch_secrets(connection, source_id, self._clock()))

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 200) -> SalesPage:
        """The next `limit` sales of `query` that follow `after`."""
        return await self._readers.run(
            lambda connection: paging.page(connection, self._dialect, self._numbers, query, after=after, limit=limit)
        )

    async def count(self, query: SalesQuery) -> int:
        """How many sales there are in all the pages of `query`."""
        return await self._readers.run(lambda connection: paging.count(connection, self._dialect, query))

    async def sale(self, sale_id: int) -> SaleDetail | None:
        """The sale with its time line; None if there is none of this id."""
        return await self._readers.run(
            lambda connection: reading.sale(connection, self._dialect, self._numbers, sale_id)
        )

    async def mark_seen(self, up_to_id: int) -> None:
        """The owner has looked at every sale up to this id."""
        await self._writer.run(partial(reading.mark_seen, up_to_id=up_to_id))

    async def figures(self, since: Instant, until: Instant) -> Figures:
        """Sums of the sales paid from `since` until just before `until`."""
        return await self._readers.run(lambda connection: figures.figures(connection, since, until))

    async def delivery(self, delivery_id: int) -> DeliveryRow | None:
        """One delivery with its raw message; None if there is none of this id, or it was let go."""
        return await self._readers.run(lambda connection: inbox.delivery(connection, self._numbers, delivery_id))

    async def deliveries(
        self, query: InboxQuery = EVERY_DELIVERY, after: int | None = None, limit: int = 200
    ) -> tuple[DeliveryRow, ...]:
        """Deliveries, the last to arrive first, those that follow the `place` of another; without their bodies."""
        return await self._readers.run(
            lambda connection: inbox.deliveries(
                connection, self._dialect, self._numbers, query, after=after, limit=limit
            )
        )

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        """How many deliveries are kept, of these sources or of all; what is alarming is always told of all."""
        return await self._readers.run(lambda connection: inbox.tally(connection, sources))

    async def mark_inbox_seen(self, up_to_id: int) -> None:
        """The owner has looked at every delivery up to this id."""
        await self._writer.run(partial(inbox.mark_seen, up_to_id=up_to_id))

    async def take_place(self, delivery_id: int, rejected_id: int) -> None:
        """A rejected delivery was judged again and recorded anew: let the new one stand where the old one stood."""
        await self._writer.run(lambda connection: inbox.take_place(connection, delivery_id, rejected_id))

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        """The next `limit` people that follow `after`, those last heard of first.

        `search` matches names and e-mail addresses by the beginnings of words, and any four digits of a phone number.
        """
        await self._meet_customers()
        return await self._readers.run(lambda connection: directory.page(connection, search, after, limit))

    async def person(self, person_id: int) -> PersonDetail | None:
        """One person with their time line; None if there is none of this id, or they have proved to be another."""
        await self._meet_customers()
        return await self._readers.run(lambda connection: directory.person(connection, self._numbers, person_id))

    async def forget_person(self, person_id: int) -> bool:
        """Remove who this person is from everything that is kept, raw messages and free room of the file included.

        Their sales stay, nameless, and are told as `SalesChanged`. False if the free room is overwritten only when the
        ledger closes, because the file is large and nothing could be stored meanwhile. Raises `Outage`, and `UserError`
        if there is no such person. Copies made earlier stay as they are.
        """
        changes = None
        while changes is None:  # what comes in meanwhile may tell another address of theirs
            changes = await self._forget(person_id)
        if changes:
            self._tell(SalesChanged(changes))
        self._tell(JobsChanged())
        self._tell(PersonForgotten(person_id))
        return await self._writer.run(lambda connection: forgetting.sweep(self._dialect, connection), begins=False)

    async def _forget(self, person_id: int) -> tuple[SaleChange, ...] | None:
        mentioned = await self._readers.run(lambda connection: forgetting.mentioning(connection, person_id))
        return await self._writer.run(
            lambda connection: forgetting.forget(self._dialect, connection, self._numbers, person_id, mentioned)
        )

    async def popular(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
    ) -> tuple[Popular, ...]:
        """What sold from `since` until just before `until`, by the days of this computer's clock, in no order.

        What came since it was last asked for is counted first, little by little so that nothing that comes in waits
        for it; `on_counted` hears now and then how many events are counted so far, and of how many. On a ledger of
        millions of sales the first time takes minutes.
        """
        # While nothing can be written, what is counted already can still be looked at.
        with suppress(Outage):
            if await self._readers.run(popular.are_due):
                told = float("-inf")
                while await self._writer.run(lambda connection: popular.count_some(self._dialect, connection)):
                    if time.monotonic() - told >= _TOLD_EVERY:
                        told = time.monotonic()
                        on_counted(*await self._readers.run(popular.progress))
        return await self._readers.run(lambda connection: popular.read(connection, since, until))

    async def _meet_customers(self) -> None:
        # While nothing can be written, those already known can still be looked at.
        with suppress(Outage):
            if await self._readers.run(customers.are_due):
                while await self._writer.run(lambda connection: customers.meet_some(self._dialect, connection)):
                    pass

    async def unasked(self, source_id: str, without: Collection[int] = (), limit: int = 50) -> tuple[Unasked, ...]:
        """What this source's provider is still to be asked for, the last to arrive first, but not those numbered in
        `without`. Never practice."""
        return await self._readers.run(
            lambda connection: unasked.unasked(connection, self._numbers, source_id, without=without, limit=limit)
        )

    async def settle(self, number: int) -> None:
        """What had to be asked under this number has been, and recorded where there was something to record."""
        await self._writer.run(partial(unasked.settle, number=number))

    async def looked(self, source_id: str) -> Looked | None:
        """How far this source's provider was asked for what was missed; None if it never was."""
        return await self._readers.run(lambda connection: asking.read(connection, self._numbers, source_id))

    async def note_looked(self, source_id: str, looked: Looked) -> None:
        """What was missed is asked for, and recorded, as far as this."""
        await self._writer.run(lambda connection: asking.note(connection, self._numbers, source_id, looked))

    async def news(self, source_id: str, told: Sequence[Event]) -> frozenset[str]:
        """The ids of those of these events, told by a list of the provider, that say what is not known yet."""
        return await self._readers.run(
            lambda connection: asking.news(connection, self._dialect, self._numbers, source_id, told)
        )

    async def alive_at(self) -> Instant:
        """When a program that hears for this ledger last said that it lives; 0 if none ever did."""
        return await self._readers.run(gaps.read_alive)

    async def say_alive(self) -> None:
        """Note that this program lives and hears now."""
        await self._writer.run(partial(gaps.say_alive, at=self._clock()))

    async def count_requests(self, month: str, requests: int) -> int:
        """Count so many more requests through ngrok in that month; how many it makes. With 0, only tell."""
        if not requests:
            return await self._readers.run(lambda connection: usage.read(connection, month))
        return await self._writer.run(partial(usage.add, month=month, requests=requests))

    async def begin_gap(self, cause: Cause, at: Instant) -> Gap:
        """Nothing can be heard since `at`; where that was known already, the gap there is."""
        return await self._writer.run(lambda connection: gaps.begin(connection, cause, at))

    async def add_gap(self, cause: Cause, began_at: Instant, ended_at: Instant) -> Gap:
        """A gap that is known only once it is over."""
        return await self._writer.run(lambda connection: gaps.add(connection, cause, began_at, ended_at))

    async def end_gaps(self, at: Instant) -> tuple[Gap, ...]:
        """It can be heard again since `at`; the gaps that end by it."""
        return await self._writer.run(lambda connection: gaps.end(connection, at))

    async def gaps(self, since: Instant = 0, limit: int = 100) -> tuple[Gap, ...]:
        """Gaps that last, or ended at `since` or later, the newest first."""
        return await self._readers.run(lambda connection: gaps.read_gaps(connection, since, limit))

    async def backup_to(self, file: Path) -> None:
        """Copy the whole ledger, as it is now, into a new file. Raises `UserError`, also if the file exists."""
        await self._readers.run(lambda _connection: self._dialect.backup(file))

    async def integrity(self) -> bool:
        """Whether the database is sound, by its own full check, which takes a while on a large one."""
        return await self._readers.run(self._dialect.integrity)

    async def durability(self) -> dict[str, str]:
        """The settings that keep a commit through a power loss, read back from the write connection."""
        return await self._writer.run(self._dialect.durability)


def write_down(end: socket.socket) -> None:
    """What the process of `Apart` does, until the other end is closed. No secret passes `end`."""
    scribe.write_down(end, lambda place: Sqlite(_file_of(place)))


def _file_of(place: str | Path) -> Path:
    if isinstance(place, Path):
        return place
    try:
        parsed = make_url(place)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise troubles.unknown_database()
    return Path(parsed.database)
