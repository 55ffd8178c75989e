"""The first schema as text, `first_schema.sql`: what a ledger of the first release has in it before its first sale.

    python -m tests.ledger.first_schema

writes it anew (`docs/development.md` says when).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from shopwatch.ledger import Ledger
from shopwatch.ledger.engine.sqlite.store import APPLICATION_ID

TEXT = Path(__file__).with_name("first_schema.sql")


def make(file: Path) -> Path:
    """A new ledger of the first schema."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(TEXT.read_text())
    return file


def _statements(connection: sqlite3.Connection) -> Iterator[str]:
    yield f"PRAGMA application_id={APPLICATION_ID}"
    search = "SELECT name FROM pragma_table_list WHERE type = 'shadow'"
    made = f"SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN ({search})"
    for _, statement in connection.execute(f"{made} ORDER BY type DESC, name"):
        yield "\n".join(line.rstrip() for line in statement.splitlines())
    tables = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    for (name,) in connection.execute(tables).fetchall():
        for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1'):
            values = [connection.execute("SELECT quote(?)", (value,)).fetchone()[0] for value in row]
            yield f'INSERT INTO "{name}" VALUES ({", ".join(values)})'


def write() -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "new.sqlite"
        Ledger.open(file).close()
        with closing(sqlite3.connect(file)) as connection:
            TEXT.write_text("".join(f"{each};\n" for each in _statements(connection)))


if __name__ == "__main__":
    write()
