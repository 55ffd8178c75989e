"""Find what providers are still to be asked for without looking through all events."""

from alembic import op
from sqlalchemy import text

from shopwatch.ledger.dialect import Dialect

revision = "0004"
down_revision = "0003"


def upgrade(dialect: Dialect) -> None:  # noqa: ARG001 - nothing here differs between databases
    """Index the few events that lack something."""
    few = text("needs_fetch <> ''")
    op.create_index("events_owed", "events", ["source", "id"], sqlite_where=few, postgresql_where=few)
