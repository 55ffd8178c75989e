"""Rules, and the outbox."""

import json

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, Text, text

from shopwatch.domain.rule import FIRST_RULES
from shopwatch.domain.rule_data import data_of
from shopwatch.ledger.dialect import Dialect

revision = "0005"
down_revision = "0004"

_BIG = BigInteger().with_variant(Integer, "sqlite")


def upgrade(dialect: Dialect) -> None:
    """Begin with the rules of a new shop. What came before owes nothing."""
    del dialect
    heads = op.create_table(
        "rules_heads",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("rule", Integer, nullable=False),
        Column("stamp", Integer, nullable=False),
    )
    rules = op.create_table(
        "rules",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("place", Integer, nullable=False),
        Column("data", Text, nullable=False),
        Column("changed_at", _BIG, nullable=False),
    )
    op.bulk_insert(heads, [{"id": 1, "rule": len(FIRST_RULES), "stamp": 1}])
    op.bulk_insert(
        rules,
        [
            {"id": place, "place": place, "data": json.dumps(data_of(rule)), "changed_at": 0}
            for place, rule in enumerate(FIRST_RULES, 1)
        ],
    )
    op.create_table(
        "jobs",
        Column("event", _BIG, primary_key=True, autoincrement=False),
        Column("rule", Integer, primary_key=True, autoincrement=False),
        Column("step", Integer, primary_key=True, autoincrement=False),
        Column("source", Integer, nullable=False),
        Column("practice", Boolean, nullable=False),
        Column("trigger", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("settings", Text, nullable=False),
        Column("sale", _BIG),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("made_at", _BIG, nullable=False),
        Column("due_at", _BIG, nullable=False),
        Column("changed_at", _BIG, nullable=False),
        Column("told", Text, nullable=False),
        Column("result", Text, nullable=False),
        sqlite_with_rowid=False,
    )
    under_way = text("state IN ('waiting', 'sending')")
    op.create_index("jobs_under_way", "jobs", ["action", "due_at"], sqlite_where=under_way, postgresql_where=under_way)
    look = text("state IN ('uncertain', 'failed', 'held')")
    op.create_index("jobs_wanting_a_look", "jobs", ["event"], sqlite_where=look, postgresql_where=look)
