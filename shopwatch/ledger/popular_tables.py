"""The tables of what sold: by sale, so that it can be taken back, and as sums that grow from day to day."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, UniqueConstraint

from shopwatch.ledger.schema import metadata

_ID = BigInteger().with_variant(Integer, "sqlite")

popular_heads = Table(
    "popular_heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event", _ID, nullable=False),
)
"""One row: the last event whose sale is counted."""

sold = Table(
    "sold",
    metadata,
    Column("sale", _ID, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("lines", LargeBinary, nullable=False),
)
"""What each counted sale has added to the sums. `day` is the shop's own, counted from the year 1."""

goods = Table(
    "goods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    UniqueConstraint("name", "currency", name="uq_goods"),
)
"""Every name that sold, once for each currency it was paid in."""

sold_until = Table(
    "sold_until",
    metadata,
    Column("goods", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("qty", _ID, nullable=False),
    Column("minor", _ID, nullable=False),
    sqlite_with_rowid=False,
)
"""For each day on which goods sold, all that had sold by its end: any period is the difference of two rows."""
