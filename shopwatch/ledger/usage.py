"""How many requests have come through ngrok, month by month."""

from functools import partial

from sqlalchemy import Column, Connection, Table, insert, select, update

from shopwatch.ledger.columns import NUMBER, STRING
from shopwatch.ledger.database import Database
from shopwatch.ledger.schema import metadata

usage = Table("usage", metadata, Column("month", STRING, primary_key=True), Column("requests", NUMBER, nullable=False))


class UsageBook:
    """Part of a `Ledger`; all methods raise `Outage` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, month: str, requests: int) -> int:
        """Count so many more requests through ngrok in that month; how many it makes. With 0, only tell."""
        if not requests:
            return await self._database.read(partial(_read_usage, month=month))
        return await self._database.write(partial(_add_usage, month=month, requests=requests))


def _read_usage(connection: Connection, month: str) -> int:
    return connection.execute(select(usage.c.requests).where(usage.c.month == month)).scalar() or 0


def _add_usage(connection: Connection, month: str, requests: int) -> int:
    this = usage.c.month == month
    added = connection.execute(update(usage).where(this).values(requests=usage.c.requests + requests))
    if not added.rowcount:
        connection.execute(insert(usage).values(month=month, requests=requests))
    return _read_usage(connection, month)
