"""How the closing-time checks ended."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from shopwatch.ledger.dialect import Dialect

revision = "0012"
down_revision = "0011"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """No day was checked before."""
    del dialect
    op.create_table(
        "day_checks",
        Column("source", Integer, primary_key=True, autoincrement=False),
        Column("day", Text, primary_key=True),
        Column("checked_at", _BIG, nullable=False),
        Column("found", Text, nullable=False),
        sqlite_with_rowid=False,
    )
