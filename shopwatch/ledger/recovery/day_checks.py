"""The door to the closing-time check: what is known here of the sales that a list tells, and how each check ended."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Event
from shopwatch.domain.sales.closing import Compared, DayCheck, Difference, Pair, Sums, compared
from shopwatch.domain.sales.sale import Claim, Part, Sale, SaleState
from shopwatch.ledger import codec
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.sales.folding import Group, part_of
from shopwatch.ledger.sales.reading import sale_row
from shopwatch.ledger.schema import events, metadata, names, sales, sources
from shopwatch.ledger.text_keys import storable

_AT_ONCE = 500

day_checks = Table(
    "day_checks",
    metadata,
    Column("source", Integer, primary_key=True, autoincrement=False),
    Column("day", STRING, primary_key=True),
    Column("checked_at", NUMBER, nullable=False),
    Column("found", STRING, nullable=False),
    sqlite_with_rowid=False,
)
"""The last check of each day, written as `YYYY-MM-DD`. `found` is JSON, in which nobody is named."""


class _Found(msgspec.Struct, frozen=True):
    """What is kept of a check beside its day."""

    since: Instant
    until: Instant
    sums: tuple[Sums, ...]
    differences: tuple[Difference, ...]
    more: int
    problem: tuple[str | Phrase, ...] | None
    """Its code, then its sentences."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Found).decode


class DayCheckBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def compare(self, source_id: str, told: Sequence[Event], since: Instant, until: Instant) -> Compared:
        """How what a list tells compares with this source's sales paid from `since` until just before `until`.

        Of what is told only sales, refunds and disputes count.
        """
        return await self._database.read(
            lambda connection: self._compare_day(connection, source_id, told, since, until)
        )

    async def keep(self, check: DayCheck) -> None:
        """Keep how a check ended, in place of an earlier one of the same source and day."""
        await self._database.write(
            lambda connection: _keep_check(connection, self._database.numbers.of(connection, check.source_id)[0], check)
        )

    async def of(self, day: date) -> tuple[DayCheck, ...]:
        """How the last check of that day ended for each source that there is still, in the order they were added."""
        return await self._database.read(lambda connection: _rows_of(connection, day))

    def _compare_day(
        self, connection: Connection, source_id: str, told: Sequence[Event], since: Instant, until: Instant
    ) -> Compared:
        group: Group = (self._database.numbers.of(connection, source_id)[0], False)
        listed = [_listed_sales(each, each.claim) for each in told if each.claim is not None and not each.unreadable]
        keys = {each.part.event_id.encode("utf-8", "surrogatepass"): each.part.event_id for each in listed}
        known = {keys[key] for key, _ in self._database.dialect.lookup(connection, events, group, list(keys))}
        called = list({name for each in listed for name in each.called})
        rows: dict[str, int] = dict(self._database.dialect.lookup(connection, names, group, called))
        here = _parts_of(connection, set(rows.values()))
        alone = _unpaired_rows(connection, group, set(rows.values()), since, until)
        return compared(
            [_pair_rows(some, known, rows, here) for some in _pair_by_id(listed, rows)], alone, since, until
        )


@dataclass(frozen=True, slots=True)
class _Listed:
    """What one event in a list says of a sale, and all the names by which it calls it."""

    part: Part
    called: tuple[str, ...]


def _listed_sales(event: Event, said: Claim) -> _Listed:
    claim, links, _ = codec.clean_claim(said, event.links)
    part = Part(event.id, storable(event.type), codec.whole(event.occurred_at), claim, live=event.live)
    return _Listed(part, (claim.order_id, *links))


def _pair_by_id(listed: Sequence[_Listed], rows: Mapping[str, int]) -> Iterable[list[_Listed]]:
    """Sale by sale: whatever shares a name, or a sale that is known here by its names, is of one sale."""
    leaders: dict[str | int, str | int] = {}

    def leader(name: str | int) -> str | int:
        while (above := leaders.setdefault(name, name)) != name:
            leaders[name] = leaders[above]
            name = above
        return name

    for each in listed:
        for name in each.called:
            leaders[leader(name)] = leader(each.called[0])
            if name in rows:
                leaders[leader(rows[name])] = leader(name)
    sales_told: dict[str | int, list[_Listed]] = {}
    for each in listed:
        sales_told.setdefault(leader(each.called[0]), []).append(each)
    return sales_told.values()


def _pair_rows(
    some: Sequence[_Listed], known: Collection[str], rows: Mapping[str, int], here: Mapping[int, list[Part]]
) -> Pair:
    ours = {rows[name] for each in some for name in each.called if name in rows}
    return Pair(
        told=tuple(each.part for each in some),
        fresh=frozenset(each.part.event_id for each in some).difference(known),
        here=tuple(part for row in ours for part in here.get(row, ())),
        sale_id=min(ours, default=None),
    )


def _parts_of(connection: Connection, ids: set[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        for row in connection.execute(select(events).where(events.c.sale.in_(some))):
            found.setdefault(row.sale, []).append(part_of(row)[0])
    return found


def _unpaired_rows(
    connection: Connection, group: Group, told: set[int], since: Instant, until: Instant
) -> list[tuple[int, Sale]]:
    """Sales of that time that nothing in the list is about."""
    source, practice = group
    rows: Iterable[Any] = connection.execute(
        select(sales)
        .where(sales.c.source == source, sales.c.practice == practice, sales.c.state != SaleState.INCOMPLETE.value)
        .where(sales.c.paid_at >= since, sales.c.paid_at < until)
    )
    return [(row.id, sale_row(row, "", 0).sale) for row in rows if row.id not in told]


def _keep_check(connection: Connection, source: int, check: DayCheck) -> None:
    day, problem = check.day.isoformat(), check.problem
    found = _Found(
        check.since,
        check.until,
        check.sums,
        tuple(codec.clean(each) for each in check.differences),
        check.more,
        (problem.code, *problem.said) if problem else None,
    )
    connection.execute(delete(day_checks).where(day_checks.c.source == source, day_checks.c.day == day))
    connection.execute(
        insert(day_checks).values(source=source, day=day, checked_at=check.checked_at, found=_encode(found).decode())
    )


def _rows_of(connection: Connection, day: date) -> tuple[DayCheck, ...]:
    rows = connection.execute(
        select(sources.c.id, day_checks.c.checked_at, day_checks.c.found)
        .join(sources, sources.c.no == day_checks.c.source)
        .where(day_checks.c.day == day.isoformat(), sources.c.removed_at.is_(None))
        .order_by(sources.c.no)
    )
    return tuple(_read_check(row.id, day, row.checked_at, _decode(row.found)) for row in rows)


def _read_check(source_id: str, day: date, checked_at: Instant, found: _Found) -> DayCheck:
    code, *said = found.problem or ("",)
    return DayCheck(
        source_id=source_id,
        day=day,
        checked_at=checked_at,
        since=found.since,
        until=found.until,
        sums=found.sums,
        differences=found.differences,
        more=found.more,
        problem=UserError(*said, code=str(code)) if said else None,
    )
