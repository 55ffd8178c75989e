"""What sold, summed."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, UniqueConstraint

from shopwatch.ledger.dialect import Dialect

revision = "0007"
down_revision = "0006"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Make empty tables. What was sold already is counted when popular items are first asked for."""
    del dialect
    heads = op.create_table(
        "popular_heads",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("event", _BIG, nullable=False),
    )
    op.bulk_insert(heads, [{"id": 1, "event": 0}])
    op.create_table(
        "sold",
        Column("sale", _BIG, primary_key=True, autoincrement=False),
        Column("day", Integer, nullable=False),
        Column("lines", LargeBinary, nullable=False),
    )
    op.create_table(
        "goods",
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("currency", Text, nullable=False),
        UniqueConstraint("name", "currency", name="uq_goods"),
    )
    op.create_table(
        "sold_until",
        Column("goods", Integer, primary_key=True, autoincrement=False),
        Column("day", Integer, primary_key=True, autoincrement=False),
        Column("qty", _BIG, nullable=False),
        Column("minor", _BIG, nullable=False),
        sqlite_with_rowid=False,
    )
