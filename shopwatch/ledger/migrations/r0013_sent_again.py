"""Which e-mails the owner wanted sent once more."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

from shopwatch.ledger.dialect import Dialect

revision = "0013"
down_revision = "0012"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """What was sent again before bore the number of the first one."""
    del dialect
    op.create_table(
        "sent_again",
        Column("event", _BIG, primary_key=True, autoincrement=False),
        Column("rule", Integer, primary_key=True, autoincrement=False),
        Column("step", Integer, primary_key=True, autoincrement=False),
        Column("times", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
