"""The tables of rules, and of the jobs they cause."""

from sqlalchemy import Boolean, Column, Integer, Table, text

from shopwatch.ledger.columns import NUMBER, STRING, partial_index
from shopwatch.ledger.schema import metadata

rules_heads = Table(
    "rules_heads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("rule", Integer, nullable=False),
    Column("stamp", Integer, nullable=False),
)
"""One row: the last rule's id given out, and a counter of changes to the rules."""

rules = Table(
    "rules",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
    Column("data", STRING, nullable=False),
    Column("changed_at", NUMBER, nullable=False),
)
"""`data` is JSON as `domain.rule_data` writes it."""

jobs = Table(
    "jobs",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("rule", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("source", Integer, nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("trigger", STRING, nullable=False),
    Column("action", STRING, nullable=False),
    Column("settings", STRING, nullable=False),
    Column("sale", NUMBER),
    Column("state", STRING, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("due_at", NUMBER, nullable=False),
    Column("changed_at", NUMBER, nullable=False),
    Column("told", STRING, nullable=False),
    Column("result", STRING, nullable=False),
    Column("node", STRING, nullable=False),
    sqlite_with_rowid=False,
)
"""The primary key is what makes each job the only one of its kind. While it is being sent, `due_at` is when its worker
has surely given up or gone. `told` is whom it goes to, `node` whose worker took it last."""

sent_again = Table(
    "sent_again",
    metadata,
    Column("event", NUMBER, primary_key=True, autoincrement=False),
    Column("rule", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How often the owner wanted a job done once more that was, or may have been, done."""

under_way = text("jobs.state IN ('waiting', 'sending')")
wants_a_look = text("jobs.state IN ('uncertain', 'failed', 'held')")
"""Few jobs are either; only those are indexed, and queries repeat these words."""

_under_way = text("state IN ('waiting', 'sending')")
_wants_a_look = text("state IN ('uncertain', 'failed', 'held')")
partial_index("jobs_to_do", jobs.c.action, jobs.c.state, jobs.c.due_at, where=_under_way)
partial_index("jobs_wanting_a_look", jobs.c.event, where=_wants_a_look)
