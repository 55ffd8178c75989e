"""Deliveries read back, page by page in the order of arrival, and what becomes of those that are judged again."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.event import Kind
from shopwatch.ledger import codec
from shopwatch.ledger.database import Database
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.inbox.query import ANSWERED, NOT_COUNTED, DeliveryRow, InboxQuery, Result, Tally, result_of
from shopwatch.ledger.inbox.resealing import Change, reseal
from shopwatch.ledger.people import forgetting
from shopwatch.ledger.sales.filters import numbers_of
from shopwatch.ledger.schema import deliveries as kept
from shopwatch.ledger.schema import events, heads, is_unreadable, judged_again, not_accepted, sales, sources
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import storable, words

EVERY_DELIVERY = InboxQuery()

_AFTER_ALL = b"\xff"
"""No text in UTF-8 holds this byte, so it ends the range of those that begin alike."""

_rejected = kept.c.outcome == Outcome.REJECTED.value
_not_counted = kept.c.reason.in_(sorted(NOT_COUNTED))
_answered = kept.c.reason.in_(sorted(ANSWERED))

type _Conditions = list[ColumnElement[bool] | TextClause]


class InboxBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, delivery_id: int) -> DeliveryRow | None:
        """One delivery with its raw message; None if there is none of this id, or it was let go."""
        return await self._database.read(
            lambda connection: _read_delivery(connection, self._database.numbers, delivery_id)
        )

    async def page(
        self, query: InboxQuery = EVERY_DELIVERY, after: int | None = None, limit: int = 200
    ) -> tuple[DeliveryRow, ...]:
        """Deliveries, the last to arrive first, those that follow the `place` of another; without their bodies."""
        database = self._database
        return await database.read(
            lambda connection: _read_page(
                connection, database.dialect, database.numbers, query, after=after, limit=limit
            )
        )

    async def every(self, query: InboxQuery) -> AsyncIterator[DeliveryRow]:
        """Each delivery that fits, the newest first."""
        after: int | None = None
        while rows := await self.page(query, after, 200):
            for row in rows:
                yield row
            after = rows[-1].place

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        """How many deliveries are kept, of these sources or of all; what is alarming is always told of all."""
        return await self._database.read(lambda connection: _count_outcomes(connection, sources))

    async def mark_seen(self, up_to_id: int) -> None:
        """The owner has looked at every delivery up to this id. Never takes anything back."""
        await self._database.write(partial(_mark_seen, up_to_id=up_to_id))

    async def take_place(self, delivery_id: int, rejected_id: int) -> None:
        """A rejected delivery was judged again and recorded anew: let the new one stand where the old one stood."""
        await self._database.write(lambda connection: _take_place(connection, delivery_id, rejected_id))

    async def reseal(self, source_id: str, change: Change) -> None:
        """Keep what came to this source and does not count as `change` makes it, and nothing of what stood there."""
        database = self._database
        if await database.write(
            lambda connection: reseal(connection, database.numbers.of(connection, source_id)[0], change)
        ):
            await database.writer.run(lambda connection: forgetting.sweep(database.store, connection), begins=False)


def _read_delivery(connection: Connection, numbers: SourceNumbers, delivery_id: int) -> DeliveryRow | None:
    row = connection.execute(_read_told().add_columns(kept.c.body).where(kept.c.id == delivery_id)).one_or_none()
    return None if row is None else _delivery_row(row, numbers.id_of(connection, row.source), row.body)


def _read_page(
    connection: Connection,
    dialect: Dialect,
    numbers: SourceNumbers,
    query: InboxQuery,
    *,
    after: int | None,
    limit: int,
) -> tuple[DeliveryRow, ...]:
    """Nearly all are accepted. Those are walked through in `events`, which is slim; the others have an index, and so
    have the few that stand elsewhere."""
    search = _Search(connection, dialect, query)
    found: list[tuple[int, int]] = []
    for chosen, number in ((search.accepted(), events.c.id), (search.others(), kept.c.id)):
        if chosen is None:
            continue
        moved = select(judged_again.c.delivery)
        stands = select(judged_again.c.place).where(judged_again.c.delivery == number).scalar_subquery()
        elsewhere = moved if after is None else moved.where(judged_again.c.place < after)
        still = chosen.where(number.not_in(moved))
        here = still if after is None else still.where(number < after)
        for some in (
            here.add_columns(number.label("place")).order_by(number.desc()).limit(limit),
            chosen.where(number.in_(elsewhere)).add_columns(stands.label("place")),
        ):
            found.extend((row.place, row.id) for row in connection.execute(some))
    ids = [number for _, number in sorted(found, reverse=True)[:limit]]
    rows_of = {row.id: row for row in connection.execute(_read_told().where(kept.c.id.in_(ids)))}
    return tuple(
        _delivery_row(row, numbers.id_of(connection, row.source), None)
        for row in map(rows_of.get, ids)
        if row is not None
    )


def _count_outcomes(connection: Connection, chosen: frozenset[str]) -> Tally:
    told: _Conditions = []
    others: _Conditions = [not_accepted]
    if chosen:
        told.append(events.c.source.in_(numbers_of(connection, chosen)))
        others.append(kept.c.source.in_(numbers_of(connection, chosen)))
    head = connection.execute(select(heads.c.delivery, heads.c.inbox_seen)).one()
    groups = select(kept.c.outcome, kept.c.reason, func.count().label("rows")).where(*others)
    counts: Counter[Result] = Counter()
    for row in connection.execute(groups.group_by(kept.c.outcome, kept.c.reason)):
        counts[result_of(Outcome(row.outcome), row.reason)] += row.rows
    unreadable = _count_events(connection, is_unreadable, *told)
    late = select(func.count()).where(not_accepted, _rejected, ~_answered, kept.c.id > head.inbox_seen)
    return Tally(
        accepted=_count_events(connection, *told) - unreadable + counts[Result.ACCEPTED],
        repeats=counts[Result.REPEAT],
        rejected=counts[Result.REJECTED],
        set_aside=unreadable + counts[Result.SET_ASIDE],
        alarming=_count_events(connection, is_unreadable, events.c.id > head.inbox_seen)
        + connection.execute(late).scalar_one(),
        newest=head.delivery,
    )


def _count_events(connection: Connection, *conditions: ColumnElement[bool] | TextClause) -> int:
    return connection.execute(select(func.count()).select_from(events).where(*conditions)).scalar_one()


def _mark_seen(connection: Connection, up_to_id: int) -> None:
    connection.execute(update(heads).where(heads.c.inbox_seen < up_to_id).values(inbox_seen=codec.whole(up_to_id)))


def _take_place(connection: Connection, delivery_id: int, rejected_id: int) -> None:
    gone = delete(kept).where(kept.c.id == rejected_id, _rejected)
    if connection.execute(gone).rowcount:
        connection.execute(insert(judged_again).values(delivery=delivery_id, place=rejected_id))


class _Search:
    """The ids of the deliveries that one query lets through."""

    def __init__(self, connection: Connection, dialect: Dialect, query: InboxQuery) -> None:
        self._dialect = dialect
        self._query = query
        self._sources = numbers_of(connection, query.sources) if query.sources else None

    def accepted(self) -> Select[Any] | None:
        """Those of `events`; None if the query wants no accepted ones."""
        query = self._query
        if query.outcome not in (None, Outcome.ACCEPTED) or query.result in (Result.REPEAT, Result.REJECTED):
            return None
        conditions: _Conditions = []
        if query.result is not None:
            conditions.append(is_unreadable if query.result is Result.SET_ASIDE else events.c.unreadable == "")
        if self._sources is not None:
            conditions.append(self._dialect.unindexed(events.c.source).in_(self._sources))
        if query.text:
            conditions.append(self._says())
        return select(events.c.id).where(*conditions)

    def others(self) -> Select[Any] | None:
        """Those that were not accepted; None if the query wants none of them."""
        query = self._query
        if query.outcome is Outcome.ACCEPTED:
            return None
        conditions: _Conditions = [not_accepted]
        if query.outcome is not None:
            conditions.append(kept.c.outcome == query.outcome.value)
        match query.result:
            case Result.ACCEPTED:
                conditions.append(kept.c.outcome.in_([Outcome.CHALLENGE.value, Outcome.REJECTED.value]))
                conditions.append(or_(kept.c.outcome == Outcome.CHALLENGE.value, _answered))
            case Result.REPEAT:
                conditions.append(kept.c.outcome == Outcome.REPEAT.value)
            case Result.REJECTED:
                conditions.extend((_rejected, ~_not_counted, ~_answered))
            case Result.SET_ASIDE:
                conditions.extend((_rejected, _not_counted))
            case None:
                pass
        if self._sources is not None:
            conditions.append(kept.c.source.in_(self._sources))
        found = select(kept.c.id).where(*conditions)
        return found.join(events, events.c.id == kept.c.event).where(self._says()) if query.text else found

    def _says(self) -> ColumnElement[bool]:
        """Whether an event answers to the text of the query."""
        text = storable(self._query.text.strip())
        key = text.encode()
        called = select(events.c.id).where(
            events.c.source.in_(select(sources.c.no)),
            events.c.practice.in_([False, True]),
            events.c.key >= key,
            events.c.key < key + _AFTER_ALL,
        )
        of_sales = select(events.c.id).where(events.c.sale.in_(self._dialect.matching(words((text,)))))
        found = union_all(called, of_sales) if words((text,)) else called
        return or_(events.c.id.in_(found), events.c.type.icontains(text, autoescape=True))


def _read_told() -> Select[Any]:
    columns = [each for each in kept.columns if each is not kept.c.body]
    return (
        select(
            *columns,
            events.c.key.label("event_key"),
            events.c.type.label("event_type"),
            events.c.kind,
            events.c.unreadable,
            sales.c.number.label("sale_number"),
            sources.c.provider,
            func.coalesce(judged_again.c.place, kept.c.id).label("place"),
        )
        .outerjoin(events, events.c.id == kept.c.event)
        .outerjoin(sales, sales.c.id == events.c.sale)
        .outerjoin(judged_again, judged_again.c.delivery == kept.c.id)
        .join(sources, sources.c.no == kept.c.source)
    )


def _delivery_row(row: Any, source_id: str, body: bytes | None) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        source_id=source_id,
        provider=row.provider,
        received_at=row.received_at,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        detail=row.detail,
        event_id=row.event_key.decode("utf-8", "replace") if row.event_key is not None else "",
        event_type=row.event_type or "",
        url=row.url,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in codec.headers_of(row.headers).lines
        ),
        body=body,
        size=row.size,
        practice=row.practice,
        method=row.method,
        remote_addr=row.remote_addr,
        kind=Kind(row.kind) if row.kind else None,
        unreadable=row.unreadable or "",
        sale_number=row.sale_number or "",
        place=row.place,
    )
