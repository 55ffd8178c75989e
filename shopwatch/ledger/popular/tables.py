"""The tables of what sold: by sale, so that it can be taken back, and as sums by days and before every tenth day."""

from sqlalchemy import Column, Integer, LargeBinary, Table, UniqueConstraint

from shopwatch.ledger.columns import NUMBER, STRING, SUM
from shopwatch.ledger.schema import metadata

popular_heads = Table(
    "popular_heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event", NUMBER, nullable=False),
)
"""One row: the last event whose sale is counted."""

sold = Table(
    "sold",
    metadata,
    Column("sale", NUMBER, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("lines", LargeBinary, nullable=False),
)
"""What each counted sale has added to the sums. `day` is the shop's own, counted from the year 1."""

goods = Table(
    "goods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", STRING, nullable=False),
    Column("currency", STRING, nullable=False),
    UniqueConstraint("name", "currency", name="uq_goods"),
)
"""Every name that sold, once for each currency it was paid in."""

sold_on = Table(
    "sold_on",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("goods", Integer, primary_key=True, autoincrement=False),
    Column("qty", SUM, nullable=False),
    Column("minor", SUM, nullable=False),
    sqlite_with_rowid=False,
)
"""What sold on each day; zero where all of it was taken back."""

sold_blocks = Table("sold_blocks", metadata, Column("day", Integer, primary_key=True, autoincrement=False))
"""The first days of blocks, which are spans of ten days: of every one in which anything sold."""

sold_before = Table(
    "sold_before",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("goods", Integer, primary_key=True, autoincrement=False),
    Column("qty", SUM, nullable=False),
    Column("minor", SUM, nullable=False),
    sqlite_with_rowid=False,
)
"""For each first day of a block, all that had sold before it: any period is the difference of two, and a few days."""
