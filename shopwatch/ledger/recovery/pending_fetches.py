"""What the provider is still to be asked for: events that lack something, and hints that prove nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Happening
from shopwatch.domain.messages.verdict import Reason
from shopwatch.ledger import codec
from shopwatch.ledger.database import Database
from shopwatch.ledger.people import happenings
from shopwatch.ledger.schema import deliveries, events, needs_asking, not_accepted

_is_hint = (deliveries.c.outcome == Outcome.REJECTED.value) & (deliveries.c.reason == Reason.HINT.value)


@dataclass(frozen=True, slots=True)
class Unasked:
    """`number` is that of the delivery. The `event` of a hint is no more than the hinted id, with `Kind.PING`."""

    number: int
    event: Event
    received_at: Instant

    @property
    def is_hint(self) -> bool:
        return self.event.kind is Kind.PING


class FetchBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, source_id: str, without: Collection[int] = (), limit: int = 50) -> tuple[Unasked, ...]:
        """What this source's provider is still to be asked for, the last to arrive first, but not those numbered in
        `without`. Never practice."""
        numbers = self._database.numbers
        return await self._database.read(
            lambda connection: _pending_query(connection, numbers.of(connection, source_id)[0], without, limit)
        )

    async def settle(self, number: int) -> None:
        """What had to be asked under this number has been, and recorded where there was something to record."""
        await self._database.write(partial(_settle_fetch, number=number))


def _pending_query(connection: Connection, source: int, without: Collection[int], limit: int) -> tuple[Unasked, ...]:
    hints = (
        select(deliveries.c.id, deliveries.c.detail, deliveries.c.received_at)
        .where(not_accepted, _is_hint, deliveries.c.event.is_(None), deliveries.c.source == source)
        .where(deliveries.c.detail != "", deliveries.c.id.not_in(without))
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    lacking = (
        select(events)
        .where(needs_asking, events.c.source == source, events.c.practice.is_(False), events.c.unreadable == "")
        .where(events.c.id.not_in(without))
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    hinted = [_fetch_hint(row) for row in connection.execute(hints)]
    rows = connection.execute(lacking).all()
    told = happenings.read(connection, [row.id for row in rows if row.claim is None])
    found = hinted + [_lacking_events(row, told) for row in rows]
    return tuple(sorted(found, key=lambda each: -each.number)[:limit])


def _settle_fetch(connection: Connection, number: int) -> None:
    connection.execute(update(events).where(events.c.id == number).values(needs_fetch=""))
    connection.execute(update(deliveries).where(deliveries.c.id == number, _is_hint).values(event=number))


def _fetch_hint(row: Any) -> Unasked:
    return Unasked(row.id, Event(row.detail, "", Kind.PING, row.received_at), row.received_at)


def _lacking_events(row: Any, told: dict[int, Happening]) -> Unasked:
    claim, links = codec.claim_of(row.claim) if row.claim is not None else (None, ())
    event = Event(
        id=row.key.decode("utf-8", "surrogatepass"),
        type=row.type,
        kind=Kind(row.kind),
        occurred_at=row.occurred_at,
        claim=claim,
        happening=told.get(row.id),
        links=links,
        live=row.live,
        needs_fetch=row.needs_fetch,
    )
    return Unasked(row.id, event, row.received_at)
