"""Ledgers as the first release left them."""

import sqlite3
from pathlib import Path

from shopwatch.ledger.migrations import HEAD, REVISIONS
from shopwatch.ledger.migrations.upgrade import upgrade
from shopwatch.ledger.sqlite import APPLICATION_ID, Sqlite

_TABLES = ("heads", "sources", "deliveries", "events", "sales", "sale_names")


def migrate(file: Path, to: str = HEAD) -> None:
    """Make a ledger by all migrations up to this one, one after the other."""
    file.touch(0o600)
    dialect = Sqlite(file)
    with dialect.writer() as connection, connection.begin():
        upgrade(connection, dialect, to)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    dialect.close()


def as_first(file: Path) -> Path:
    """The sales of a closed ledger, in a ledger of the first schema beside it."""
    first = file.with_name("first.sqlite")
    migrate(first, REVISIONS[0])
    connection = sqlite3.connect(first, isolation_level=None)
    connection.execute("ATTACH ? AS now", (str(file),))
    for table in _TABLES:
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})"))
        connection.execute(f"DELETE FROM {table}")
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM now.{table}")
    connection.execute("INSERT INTO sales_words (rowid, words) SELECT id, words FROM sales")
    connection.close()
    return first
