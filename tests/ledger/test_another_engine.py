"""A ledger lives on whatever implements `Store`, with its `Dialect` and its `StoreFile`."""

import ast
from pathlib import Path
from typing import Any

import pytest

from shopwatch.ledger import Ledger
from shopwatch.ledger import ledger as opening
from shopwatch.ledger.engine.ports import Dialect, Store, StoreFile
from shopwatch.ledger.engine.sqlite.store import SqliteStore
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, paid, record_all, told
from tests.ledger.happened import CONTACT, happened

LEDGER = Path(opening.__file__).parent


class Only:
    """Something of which nothing can be reached but what a protocol promises."""

    def __init__(self, protocol: type, real: object) -> None:
        self._promised = frozenset(name for name in vars(protocol) if not name.startswith("_"))
        self._protocol = protocol.__name__
        self._real = real

    def __getattr__(self, name: str) -> Any:
        assert name in self._promised, f"{name} is asked for, and not in {self._protocol}"
        return getattr(self._real, name)


class AnotherStore(SqliteStore):
    def __init__(self, *place: Any) -> None:
        super().__init__(*place)
        self.dialect: Any = Only(Dialect, self.dialect)
        self.file: Any = Only(StoreFile, self.file)


async def test_a_ledger_needs_nothing_but_what_a_store_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "store_at", lambda *place: Only(Store, AnotherStore(*place)))
    ledger = Ledger.open(tmp_path / "sales.sqlite3")
    source = await ledger.sources.add("paynow", "PayNow", {})

    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}"), at=NOON + n) for n in range(30)])
    await ledger.record(*happened(source.id, "c1", CONTACT))
    page = await ledger.sales.page(SalesQuery(text="o7"), None, 10)
    (person, *_) = (await ledger.people.page()).rows
    await ledger.people.forget(person.id)
    await ledger.backup_to(tmp_path / "copy.sqlite3")

    assert [row.sale.order_id for row in page.rows] == ["o7"]
    assert await ledger.sales.count(SalesQuery()) == 30
    assert await ledger.integrity()
    assert await ledger.durability()
    ledger.close()
    assert (tmp_path / "copy.sqlite3").stat().st_size > 0


def test_only_the_folder_of_a_product_imports_it() -> None:
    importing = {
        file.relative_to(LEDGER).parent.as_posix()
        for file in LEDGER.rglob("*.py")
        for statement in ast.walk(ast.parse(file.read_text()))
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in (getattr(statement, "module", None) or "", *(alias.name for alias in statement.names))
        if name.partition(".")[0] in {"psycopg", "sqlite3"} or name.startswith("sqlalchemy.dialects")
    }
    assert importing == {"engine/postgres", "engine/sqlite"}
