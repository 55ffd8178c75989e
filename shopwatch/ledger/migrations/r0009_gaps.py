"""When nothing could be heard."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from shopwatch.ledger.dialect import Dialect

revision = "0009"
down_revision = "0008"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Of what was before nothing is known."""
    del dialect
    alive = op.create_table(
        "alive",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("at", _BIG, nullable=False),
    )
    op.bulk_insert(alive, [{"id": 1, "at": 0}])
    op.create_table(
        "gaps",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("cause", Text, nullable=False),
        Column("began_at", _BIG, nullable=False),
        Column("ended_at", _BIG),
    )
