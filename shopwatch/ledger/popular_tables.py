"""The tables of what sold: by sale, so that it can be taken back, and summed by day and by month."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

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

sold_by_day = Table(
    "sold_by_day",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("qty", _ID, nullable=False),
    Column("minor", _ID, nullable=False),
    sqlite_with_rowid=False,
)

sold_by_month = Table(
    "sold_by_month",
    metadata,
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("qty", _ID, nullable=False),
    Column("minor", _ID, nullable=False),
    sqlite_with_rowid=False,
)
"""`month` is twelve times the year, plus the month from 0."""
