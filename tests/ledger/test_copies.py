"""A copy of a ledger is a ledger of its own, in a file, with all that the first one holds."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.schema import metadata
from tests.ledger.arrivals import NOON, back, paid, record_all, told
from tests.ledger.happened import CONTACT, happened


async def test_a_copy_holds_the_same_and_lives_on(ledger: Ledger, source: Source, tmp_path: Path) -> None:
    await record_all(
        ledger, [told(source.id, f"e{n}", paid(f"o{n}", name=f"Maya {n}"), at=NOON + n) for n in range(700)]
    )
    await record_all(ledger, [told(source.id, f"r{n}", back(f"o{n}", 5), at=NOON + n) for n in range(20)])
    await ledger.record(*happened(source.id, "c1", CONTACT))
    await ledger.people.page()
    await ledger.sources.issue_practice(source.id, 3)
    file = tmp_path / "copy" / "ledger.sqlite3"
    file.parent.mkdir()

    await ledger.backup_to(file)

    before = (await ledger.sales.page(SalesQuery(), limit=1_000)).rows
    people = (await ledger.people.page()).rows
    messages = await ledger.inbox.page(InboxQuery(), limit=1_000)
    assert len(list(file.parent.iterdir())) == 1
    assert file.stat().st_mode & 0o077 == 0
    copy = Ledger.open(file)
    assert (await copy.sales.page(SalesQuery(), limit=1_000)).rows == before
    assert (await copy.people.page()).rows == people
    assert await copy.inbox.page(InboxQuery(), limit=1_000) == messages
    assert [row.sale.order_id for row in (await copy.sales.page(SalesQuery(text="maya 699"))).rows] == ["o699"]
    assert await copy.integrity()
    await copy.record(*told(source.id, "later", paid("later")))
    assert await copy.sales.count(SalesQuery()) == await ledger.sales.count(SalesQuery()) + 1
    copy.close()


async def test_every_table_is_copied(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.backup_to(tmp_path / "copy.sqlite3")

    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        (mark,) = copy.execute("PRAGMA application_id").fetchone()
    assert set(metadata.tables) <= tables
    assert mark


async def test_no_file_is_written_over(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine")

    with pytest.raises(UserError) as refused:
        await ledger.backup_to(file)

    assert refused.value.code == "file-exists"
    assert file.read_text() == "mine"
