"""Endpoints at providers, and the public address that each provider has."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from shopwatch.ledger.dialect import Dialect

revision = "0011"
down_revision = "0010"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Of what providers were told before nothing is known."""
    del dialect
    op.create_table(
        "endpoints",
        Column("source", Integer, primary_key=True, autoincrement=False),
        Column("endpoint", Text, nullable=False),
        Column("made_at", _BIG, nullable=False),
        Column("checked_at", _BIG, nullable=False),
        Column("confirmed_at", _BIG, nullable=False),
        Column("old", Text),
        Column("problem", Text, nullable=False),
        Column("begun", Text, nullable=False),
    )
    op.create_table(
        "addresses",
        Column("source", Integer, primary_key=True, autoincrement=False),
        Column("base", Text, nullable=False),
    )
