"""The door to silence: when each source has said something, and the silences that were named."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, or_, select, update

from shopwatch.domain.connection.silence import Silence
from shopwatch.domain.facts import JobsOwed, Outcome
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Notice
from shopwatch.ledger.database import Database
from shopwatch.ledger.inbox.query import ANSWERED
from shopwatch.ledger.outbox.job_planning import NewEvent, owe
from shopwatch.ledger.outbox.rulebook import RuleBook
from shopwatch.ledger.people import happenings
from shopwatch.ledger.schema import deliveries, events, heads, sources
from shopwatch.ledger.sources.numbers import SourceNumbers

_TYPE = "shopwatch.silent"
_KEY = b"silent:"
_KEY_END = b"silent:~"
"""What the id of the event begins with by which a silence is named; the rest is when it began."""
_SIGNS_AT_ONCE = 1_000

_counts = or_(
    deliveries.c.outcome == Outcome.ACCEPTED.value, deliveries.c.reason.in_([each.value for each in ANSWERED])
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A message came from a source, not in practice. `counts`: it was news; `asked`: it came only by asking."""

    source_id: str
    at: Instant
    counts: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """In the order in which they were kept; `last` is where to read on."""

    signs: tuple[Sign, ...]
    last: int


class SilenceBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, since: Instant) -> int:
        """Where to read from, so as to read all that was kept since then."""
        return await self._database.read(lambda connection: _silence_before(connection, since))

    async def signs(self, after: int) -> Signs:
        """The next of all signs of life behind this place."""
        return await self._database.read(lambda connection: _signs_of(connection, self._database.numbers, after))

    async def named(self) -> dict[str, Silence]:
        """The last silence of each source that was ever named, by the source's id."""
        return await self._database.read(_named_row)

    async def name(self, silence: Silence, notice: Notice) -> None:
        """Keep this silence, with what the rules owe for it, unless it was named before."""
        actions = await self._database.write(lambda connection: self._name_source(connection, silence, notice))
        if actions:
            self._database.tell(JobsOwed(actions))

    def _name_source(self, connection: Connection, silence: Silence, notice: Notice) -> frozenset[str]:
        source, provider = self._database.numbers.of(connection, silence.source_id)
        event = Event(f"{_KEY.decode()}{silence.since}", _TYPE, Kind.SILENCE, silence.noticed_at, happening=notice)
        key = event.id.encode()
        if any(self._database.dialect.lookup(connection, events, (source, False), [key])):
            return frozenset()
        number = connection.execute(select(heads.c.delivery)).scalar_one() + 1
        connection.execute(update(heads).values(delivery=number))
        connection.execute(
            insert(events).values(
                id=number,
                source=source,
                practice=False,
                key=key,
                type=event.type,
                kind=event.kind.value,
                occurred_at=event.occurred_at,
                received_at=silence.noticed_at,
                live=True,
                unreadable="",
                needs_fetch="",
            )
        )
        told = happenings.NewHappening(
            number, silence.source_id, provider, event, practice=False, received_at=silence.noticed_at
        )
        happenings.write(self._database.dialect, connection, [told])
        news = NewEvent(number, source, silence.source_id, provider, False, silence.noticed_at, event)
        return owe(self._database.dialect, connection, RuleBook(), [news], self._database.clock())


def _silence_before(connection: Connection, since: Instant) -> int:
    """The number of a delivery before the first that came since then. They are numbered as they come, but for those
    that were judged again, so the key serves to find it."""
    ends = connection.execute(select(func.min(deliveries.c.id), func.max(deliveries.c.id))).one()
    low, high = ends[0] or 0, (ends[1] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(
            select(deliveries.c.received_at).where(deliveries.c.id >= middle).order_by(deliveries.c.id).limit(1)
        ).scalar()
        if found is not None and found < since:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _signs_of(connection: Connection, numbers: SourceNumbers, after: int) -> Signs:
    rows: Sequence[tuple[int, int, Instant, bool, bool, bool]] = connection.execute(
        select(
            deliveries.c.id,
            deliveries.c.source,
            deliveries.c.received_at,
            deliveries.c.practice,
            _counts,
            deliveries.c.remote_addr.is_(None),
        )
        .where(deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(_SIGNS_AT_ONCE)
    ).all()
    signs = tuple(
        Sign(numbers.id_of(connection, source), at, bool(counts), bool(asked))
        for _, source, at, practice, counts, asked in rows
        if not practice
    )
    return Signs(signs, rows[-1][0] if rows else after)


def _named_row(connection: Connection) -> dict[str, Silence]:
    found = {}
    for source in connection.execute(select(sources.c.no, sources.c.id).where(sources.c.removed_at.is_(None))).all():
        key, at = events.c.key, events.c.received_at
        row = connection.execute(
            select(key, at)
            .where(events.c.source == source.no, ~events.c.practice, key.between(_KEY, _KEY_END))
            .where(events.c.kind == Kind.SILENCE.value)  # a sender may choose the ids of its messages
            .order_by(key.desc())
            .limit(1)
        ).one_or_none()
        if row is not None:
            found[source.id] = Silence(source.id, int(row.key.removeprefix(_KEY)), row.received_at)
    return found
