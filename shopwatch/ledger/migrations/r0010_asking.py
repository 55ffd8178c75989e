"""How far each provider was asked for what was missed."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from shopwatch.ledger.dialect import Dialect

revision = "0010"
down_revision = "0009"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Nobody was asked before."""
    del dialect
    op.create_table(
        "asking",
        Column("source", Integer, primary_key=True, autoincrement=False),
        Column("since", _BIG, nullable=False),
        Column("until", _BIG, nullable=False),
        Column("mark", Text, nullable=False),
        Column("looked_at", _BIG, nullable=False),
    )
    op.create_index("contacts_by_contact", "contacts", ["contact_id"])
