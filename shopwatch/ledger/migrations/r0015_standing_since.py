"""Since when an endpoint stands as it does."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

from shopwatch.ledger.dialect import Dialect

revision = "0015"
down_revision = "0014"


def upgrade(dialect: Dialect) -> None:
    """Of those that there are nobody knows."""
    del dialect
    number = BigInteger().with_variant(Integer, "sqlite")
    op.add_column("endpoints", Column("since", number, nullable=False, server_default="0"))
