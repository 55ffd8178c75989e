"""How far each provider was asked for what was missed, and what of its answer is news."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import LISTED, Event
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.sales.sale import Part, fold
from shopwatch.ledger import codec
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.people import happenings
from shopwatch.ledger.people.tables import contacts
from shopwatch.ledger.sales.folding import Group, part_of
from shopwatch.ledger.schema import events, metadata, names
from shopwatch.ledger.sources.numbers import SourceNumbers

asking = Table(
    "asking",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("since", NUMBER, nullable=False),
    Column("until", NUMBER, nullable=False),
    Column("mark", STRING, nullable=False),
    Column("looked_at", NUMBER, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """How far a source's provider was asked: `since`, `until` and `mark` are those of its reader's `Place`; `looked_at`
    is what `until` was when the whole list was last read, 0 for never."""

    since: Instant
    until: Instant = 0
    mark: str = ""
    looked_at: Instant = 0


class CatchUpBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def looked(self, source_id: str) -> Looked | None:
        """How far this source's provider was asked for what was missed; None if it never was."""
        return await self._database.read(lambda connection: _read_cursor(connection, self._database.numbers, source_id))

    async def note(self, source_id: str, looked: Looked) -> None:
        """What was missed is asked for, and recorded, as far as this."""
        await self._database.write(lambda connection: _note_look(connection, self._database.numbers, source_id, looked))

    async def news(self, source_id: str, told: Sequence[Event]) -> frozenset[str]:
        """The ids of those of these events, told by a list of the provider, that say what is not known yet."""
        database = self._database
        return await database.read(
            lambda connection: _told_change(connection, database.dialect, database.numbers, source_id, told)
        )


def _read_cursor(connection: Connection, numbers: SourceNumbers, source_id: str) -> Looked | None:
    source, _ = numbers.of(connection, source_id)
    row = connection.execute(select(asking).where(asking.c.source == source)).one_or_none()
    return Looked(row.since, row.until, row.mark, row.looked_at) if row is not None else None


def _note_look(connection: Connection, numbers: SourceNumbers, source_id: str, looked: Looked) -> None:
    source, _ = numbers.of(connection, source_id)
    connection.execute(delete(asking).where(asking.c.source == source))
    connection.execute(
        insert(asking).values(
            source=source,
            since=codec.whole(looked.since),
            until=codec.whole(looked.until),
            mark=looked.mark,
            looked_at=codec.whole(looked.looked_at),
        )
    )


def _told_change(
    connection: Connection, dialect: Dialect, numbers: SourceNumbers, source_id: str, told: Sequence[Event]
) -> frozenset[str]:
    group: Group = (numbers.of(connection, source_id)[0], False)
    keys = {each.id.encode("utf-8", "surrogatepass"): each for each in told}
    known = {key for key, _ in dialect.lookup(connection, events, group, list(keys))}
    fresh = [event for key, event in keys.items() if key not in known]
    parts = _split_cursor(connection, dialect, group, fresh)
    return frozenset(each.id for each in fresh if _tells_more(connection, group, each, parts.get(each.id, [])))


def _split_cursor(
    connection: Connection, dialect: Dialect, group: Group, fresh: Iterable[Event]
) -> dict[str, list[Part]]:
    """What is known already of the sales that these events are about, by the events' ids."""
    called = {
        each.id: (each.claim.order_id, *each.links)
        for each in fresh
        if each.claim is not None and each.id.startswith(LISTED)
    }
    wanted = list({name for some in called.values() for name in some})
    sales = dict(dialect.lookup(connection, names, group, wanted))
    found: dict[int, list[Part]] = {}
    ids = list(set(sales.values()))
    for start in range(0, len(ids), 500):
        for row in connection.execute(select(events).where(events.c.sale.in_(ids[start : start + 500]))):
            found.setdefault(row.sale, []).append(part_of(row)[0])
    return {
        event_id: [part for sale in {sales[name] for name in some if name in sales} for part in found.get(sale, [])]
        for event_id, some in called.items()
    }


def _tells_more(connection: Connection, group: Group, event: Event, known: list[Part]) -> bool:
    """Events with ids of their own are news. What a list tells is news only where it says what no message has said."""
    if not event.id.startswith(LISTED):
        return True
    if isinstance(event.happening, Contact):
        return not _is_known(connection, group, event.happening)
    if event.claim is None or not known:
        return True
    part = Part(event.id, event.type, event.occurred_at, event.claim, group[1], event.live)
    return fold(known).standing != fold([*known, part]).standing


def _is_known(connection: Connection, group: Group, contact: Contact) -> bool:
    """Whether all that a list says of somebody is what was last said of them."""
    last = (
        select(contacts.c.event)
        .join(events, events.c.id == contacts.c.event)
        .where(contacts.c.contact_id == contact.contact_id, events.c.source == group[0], ~events.c.practice)
        .order_by(events.c.id.desc())
        .limit(1)
    )
    told = happenings.read(connection, connection.execute(last).scalars())
    return any(
        isinstance(each, Contact)
        and (each.name, each.email, each.phone) == (contact.name, contact.email, contact.phone)
        for each in told.values()
    )
