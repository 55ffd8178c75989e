"""Where deliveries stand that were rejected when they came, and recorded anew later."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

from shopwatch.ledger.dialect import Dialect

revision = "0006"
down_revision = "0005"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """None stands elsewhere yet."""
    del dialect
    op.create_table(
        "judged_again",
        Column("delivery", _BIG, primary_key=True, autoincrement=False),
        Column("place", _BIG, nullable=False, unique=True),
    )
