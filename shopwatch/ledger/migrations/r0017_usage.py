"""How many requests have come through ngrok."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from shopwatch.ledger.dialect import Dialect

revision = "0017"
down_revision = "0016"


def upgrade(dialect: Dialect) -> None:
    """Nobody has counted them before."""
    del dialect
    op.create_table(
        "usage",
        Column("month", Text, primary_key=True),
        Column("requests", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    )
