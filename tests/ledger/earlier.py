"""Ledgers as earlier schemas left them."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from shopwatch.ledger.migrations import HEAD, REVISIONS
from shopwatch.ledger.migrations.upgrade import upgrade
from shopwatch.ledger.sqlite import APPLICATION_ID, Sqlite

_FIRST = ("heads", "sources", "deliveries", "events", "sales", "sale_names")
_COUNTED = (*_FIRST, "search_heads", "popular_heads", "sold", "goods")
_GROWING = """
    INSERT INTO sold_until SELECT goods, day, sum(qty) OVER earlier, sum(minor) OVER earlier
    FROM now.sold_on WINDOW earlier AS (PARTITION BY goods ORDER BY day)
"""


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
    return _copied(file, REVISIONS[0], _FIRST)


def with_growing_sums(file: Path) -> Path:
    """The sales of a closed ledger, as far as they are counted for popular items, in a ledger beside it whose sums grow
    from day to day."""
    return _copied(file, "0015", _COUNTED, _GROWING)


def _copied(file: Path, revision: str, tables: Sequence[str], *statements: str) -> Path:
    earlier = file.with_name(f"{revision}.sqlite")
    migrate(earlier, revision)
    connection = sqlite3.connect(earlier, isolation_level=None)
    connection.execute("ATTACH ? AS now", (str(file),))
    for table in tables:
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})"))
        connection.execute(f"DELETE FROM {table}")
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM now.{table}")
    for statement in ("INSERT INTO sales_words (rowid, words) SELECT id, words FROM sales", *statements):
        connection.execute(statement)
    connection.close()
    return earlier
