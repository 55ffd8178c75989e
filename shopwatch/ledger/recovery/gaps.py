"""When nothing could be heard, and when the program was last known to live."""

from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, func, insert, select, update

from shopwatch.domain.connection.gap import Cause, Gap
from shopwatch.domain.instant import Instant
from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import metadata

alive = Table(
    "alive",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", NUMBER, nullable=False),
)
"""One row: when a program that hears for this ledger last said that it lives; 0 for never."""

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("cause", STRING, nullable=False),
    Column("began_at", NUMBER, nullable=False),
    Column("ended_at", NUMBER),
)


class GapBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def alive_at(self) -> Instant:
        """When a program that hears for this ledger last said that it lives; 0 if none ever did."""
        return await self._database.read(lambda connection: int(connection.execute(select(alive.c.at)).scalar_one()))

    async def say_alive(self) -> None:
        """Note that this program lives and hears now."""
        await self._database.write(partial(_say_alive, at=self._database.clock()))

    async def begin(self, cause: Cause, at: Instant) -> Gap:
        """Nothing can be heard since `at`; where that was known already, the gap there is."""
        return await self._database.write(lambda connection: _begin_gap(connection, cause, at))

    async def add(self, cause: Cause, began_at: Instant, ended_at: Instant) -> Gap:
        """A gap that is known only once it is over."""
        return await self._database.write(lambda connection: _add_gap(connection, cause, began_at, ended_at))

    async def end(self, at: Instant) -> tuple[Gap, ...]:
        """It can be heard again since `at`; the gaps that end by it."""
        return await self._database.write(lambda connection: _end_gap(connection, at))

    async def all(self, since: Instant = 0, limit: int = 100) -> tuple[Gap, ...]:
        """Gaps that last, or ended at `since` or later, the newest first."""
        query = (
            select(gaps)
            .where(gaps.c.ended_at.is_(None) | (gaps.c.ended_at >= since))
            .order_by(gaps.c.began_at.desc(), gaps.c.id.desc())
            .limit(limit)
        )
        return await self._database.read(lambda connection: tuple(_read_gap(row) for row in connection.execute(query)))


def _say_alive(connection: Connection, at: Instant) -> None:
    connection.execute(update(alive).values(at=at))


def _begin_gap(connection: Connection, cause: Cause, at: Instant) -> Gap:
    lasting = connection.execute(select(gaps).where(gaps.c.ended_at.is_(None)).limit(1)).one_or_none()
    if lasting is not None:
        return _read_gap(lasting)
    return _add_gap(connection, cause, at, None)


def _end_gap(connection: Connection, at: Instant) -> tuple[Gap, ...]:
    lasting = connection.execute(select(gaps).where(gaps.c.ended_at.is_(None))).all()
    connection.execute(update(gaps).where(gaps.c.ended_at.is_(None)).values(ended_at=at))
    return tuple(Gap(row.id, Cause(row.cause), row.began_at, at) for row in lasting)


def _add_gap(connection: Connection, cause: Cause, began_at: Instant, ended_at: Instant | None) -> Gap:
    number = (connection.execute(select(func.max(gaps.c.id))).scalar() or 0) + 1
    connection.execute(insert(gaps).values(id=number, cause=cause.value, began_at=began_at, ended_at=ended_at))
    return Gap(number, cause, began_at, ended_at)


def _read_gap(row: Any) -> Gap:
    return Gap(row.id, Cause(row.cause), row.began_at, row.ended_at)
