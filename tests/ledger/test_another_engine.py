"""A ledger lives on whatever implements `Dialect`, and SQL of one product stands in that product's files."""

import ast
from pathlib import Path
from typing import Any

import pytest

from shopwatch.ledger import Ledger
from shopwatch.ledger import ledger as opening
from shopwatch.ledger.engine.dialect import Dialect
from shopwatch.ledger.engine.sqlite import Sqlite
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger.arrivals import NOON, paid, record_all, told
from tests.ledger.happened import CONTACT, happened

PROMISED = frozenset(name for name in vars(Dialect) if not name.startswith("_"))
PACKAGE = Path(opening.__file__).parents[1]


class AnotherEngine:
    """SQLite, of which nothing can be reached but what `Dialect` promises."""

    def __init__(self, *place: Any) -> None:
        self._sqlite = Sqlite(*place)

    def __getattr__(self, name: str) -> Any:
        assert name in PROMISED, f"{name} is asked for, and not in Dialect"
        return getattr(self._sqlite, name)


async def test_a_ledger_needs_nothing_but_the_dialect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "Sqlite", AnotherEngine)
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


def test_only_the_files_of_a_product_import_it() -> None:
    importing = {
        file.stem
        for file in PACKAGE.joinpath("ledger").rglob("*.py")
        for statement in ast.walk(ast.parse(file.read_text()))
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in (getattr(statement, "module", None) or "", *(alias.name for alias in statement.names))
        if name.partition(".")[0] == "sqlite3" or name.startswith("sqlalchemy.dialects")
    }
    assert importing == {"sqlite", "sqlite_rows", "sqlite_search"}
