"""How many requests have come through ngrok, month by month."""

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, insert, select, update

from shopwatch.ledger.schema import metadata

usage = Table(
    "usage",
    metadata,
    Column("month", Text, primary_key=True),
    Column("requests", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
)


def read(connection: Connection, month: str) -> int:
    """How many have been counted in that month."""
    return connection.execute(select(usage.c.requests).where(usage.c.month == month)).scalar() or 0


def add(connection: Connection, month: str, requests: int) -> int:
    """Count so many more; how many it makes."""
    this = usage.c.month == month
    added = connection.execute(update(usage).where(this).values(requests=usage.c.requests + requests))
    if not added.rowcount:
        connection.execute(insert(usage).values(month=month, requests=requests))
    return read(connection, month)
