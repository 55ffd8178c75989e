"""A migration after all that there are, so that there is always one to try: it rewrites every sale.

    python -m tests.ledger.next_schema sales.sqlite

says "begins" and runs it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import op
from sqlalchemy import Column, Text, text

from shopwatch.ledger import Ledger, migrations
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.migrations import upgrade as running

revision = "9000"
down_revision = migrations.REVISIONS[-1]


def upgrade(dialect: Dialect) -> None:
    """Longer rows, so that most pages of the file are written anew; and a new table."""
    del dialect
    op.add_column("sales", Column("remark", Text, nullable=False, server_default=""))
    op.execute(text("UPDATE sales SET remark = hex(randomblob(500))"))
    op.create_table("remarks", Column("id", Text, primary_key=True))


@contextmanager
def known() -> Iterator[None]:
    """Here the program has this migration."""
    before = migrations.REVISIONS, running.MODULES
    migrations.REVISIONS, running.MODULES = (*before[0], revision), (*before[1], sys.modules[__name__])
    try:
        yield
    finally:
        migrations.REVISIONS, running.MODULES = before


def update(file: Path, backups: Path | None = None) -> None:
    """Open a ledger as the program does that has this migration, and close it."""
    with known():
        Ledger.open(file, backups=backups).close()


if __name__ == "__main__":
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    update(Path(sys.argv[1]))
