"""Jobs found by what is to be done with them, however many wait."""

from alembic import op
from sqlalchemy import text

from shopwatch.ledger.dialect import Dialect

revision = "0014"
down_revision = "0013"

_under_way = text("state IN ('waiting', 'sending')")


def upgrade(dialect: Dialect) -> None:
    """Only the index is made anew."""
    del dialect
    op.drop_index("jobs_under_way", "jobs")
    op.create_index(
        "jobs_to_do",
        "jobs",
        ["action", "state", "due_at"],
        sqlite_where=_under_way,
        postgresql_where=_under_way,
    )
