"""What the Inbox needs: the last delivery the owner has seen, and the few messages that were not understood."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, text

from shopwatch.ledger.dialect import Dialect

revision = "0002"
down_revision = "0001"


def upgrade(dialect: Dialect) -> None:
    """What came before counts as seen."""
    del dialect
    number = BigInteger().with_variant(Integer, "sqlite")
    op.add_column("heads", Column("inbox_seen", number, nullable=False, server_default="0"))
    op.execute(text("UPDATE heads SET inbox_seen = delivery"))
    few = text("unreadable <> ''")
    op.create_index("events_unreadable", "events", ["id"], sqlite_where=few, postgresql_where=few)
