"""What was forgotten is overwritten in the file, if not at once then when the ledger closes."""

import sqlite3
from pathlib import Path

from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import paid, told


async def test_while_somebody_else_reads_the_rest_waits_for_the_end(ledger: Ledger, source: Source, file: Path) -> None:
    maya = paid("o1", name="Maya Lindqvist", email="maya.l@example.com")
    await ledger.record(*told(source.id, "e1", maya, body=b'{"email": "maya.l@example.com"}'))
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sales").fetchone()
    (person,) = (await ledger.people.page("maya.l")).rows

    assert not await ledger.people.forget(person.id)
    assert await ledger.sales.count(SalesQuery(text="lindqvist")) == 0

    reader.execute("COMMIT")
    reader.close()
    ledger.close()
    assert not any(b"maya.l" in each.read_bytes() for each in file.parent.rglob("*") if each.is_file())


async def test_a_ledger_of_which_nobody_was_forgotten_closes_while_another_program_writes(
    ledger: Ledger, file: Path
) -> None:
    """A warning in the log would fail this test."""
    await ledger.sales.count(SalesQuery())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger.close()
    other.close()
