"""Up to which sale the search index goes."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, text

from shopwatch.ledger.dialect import Dialect

revision = "0008"
down_revision = "0007"


def upgrade(dialect: Dialect) -> None:
    """It holds all that there are."""
    del dialect
    number = BigInteger().with_variant(Integer, "sqlite")
    op.create_table(
        "search_heads",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("sale", number, nullable=False),
    )
    op.execute(text("INSERT INTO search_heads (id, sale) SELECT 1, coalesce(max(id), 0) FROM sales"))
