import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from tests.ledger import first_schema, next_schema
from tests.ledger.arrivals import paid, record_all, told


async def _some_sales(file: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    source = await ledger.sources.add("paynow", "PayNow", {})
    await record_all(ledger, [told(source.id, f"e{n}", paid(f"o{n}")) for n in range(200)])
    ledger.close()


@pytest.fixture
def kept(file: Path) -> Path:
    """A closed ledger with sales in it."""
    asyncio.run(_some_sales(file))
    return file


def _change(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def _refusal(file: Path) -> str:
    with pytest.raises(UserError) as refused:
        Ledger.open(f"sqlite:///{file}")
    assert refused.value.hint
    return refused.value.code


def test_a_new_ledger_is_readable_by_its_owner_only(file: Path) -> None:
    Ledger.open(f"sqlite:///{file}").close()

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_lost_power_as_it_was_made_is_made_anew(file: Path, tmp_path: Path) -> None:
    """docs/attacks.md, H2: SQLite switches a new file over to a log by a journal, which is found if the power goes."""
    made = tmp_path / "made"
    connection = sqlite3.connect(made, isolation_level=None)
    connection.execute("PRAGMA cache_size=1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE half (made)")
    connection.execute("INSERT INTO half SELECT zeroblob(100000)")
    journal = made.with_name("made-journal")
    assert journal.stat().st_size
    for each, name in ((made, file.name), (journal, f"{file.name}-journal")):
        file.with_name(name).write_bytes(each.read_bytes())
    connection.close()

    Ledger.open(f"sqlite:///{file}").close()

    assert not file.with_name(f"{file.name}-journal").exists()
    assert "half" not in shape(file)


def shape(file: Path) -> dict[str, object]:
    """Every table with its columns, indexes and rows, but not their order."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row

    def told(question: str, *given: str) -> list[dict[str, object]]:
        return [dict(row) for row in connection.execute(question, given)]

    found: dict[str, object] = {}
    for row in told("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
        name = str(row["name"])
        columns = told('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', name)
        indexes = told(
            """
            SELECT l.name, l."unique", l.origin, l.partial, x.seqno, x.name, substr(s.sql, instr(s.sql, 'WHERE'))
            FROM pragma_index_list(?) l JOIN pragma_index_xinfo(l.name) x
            LEFT JOIN sqlite_schema s ON s.name = l.name
            """,
            name,
        )
        keys = told('SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', name)
        rows = [] if name.startswith("sales_words") else told(f'SELECT * FROM "{name}"')
        found[name] = [sorted(map(repr, map(sorted, map(dict.items, each)))) for each in (columns, indexes, keys, rows)]
    connection.close()
    return found


def test_a_ledger_of_the_first_schema_becomes_what_a_new_one_is(file: Path) -> None:
    Ledger.open(f"sqlite:///{file}").close()
    migrated = first_schema.make(file.with_name("first.sqlite"))
    Ledger.open(f"sqlite:///{migrated}").close()

    assert shape(migrated) == shape(file), "a change of the schema needs a migration; see docs/development.md"


async def test_opening_again_finds_everything(file: Path) -> None:
    await _some_sales(file)

    ledger = Ledger.open(f"sqlite:///{file}")
    assert await ledger.sales.count(SalesQuery()) == 200
    ledger.close()


def test_many_that_are_there_for_the_first_time_make_one_ledger(tmp_path: Path) -> None:
    many = 8
    for n in range(10):
        together, url = Barrier(many), f"sqlite:///{tmp_path / str(n) / 'ledger.sqlite3'}"

        def begin(together: Barrier = together, url: str = url) -> None:
            together.wait()
            Ledger.open(url).close()

        with ThreadPoolExecutor(many) as openers:
            begun = [openers.submit(begin) for _ in range(many)]
        assert [each.exception() for each in begun] == [None] * many


def test_a_copy_is_made_before_an_older_ledger_is_changed(kept: Path, tmp_path: Path) -> None:
    backups, before = tmp_path / "copies", shape(kept)

    next_schema.update(kept, backups)

    (copy,) = backups.iterdir()
    assert shape(copy) == before
    assert shape(kept).keys() - before.keys() == {"remarks"}
    connection = sqlite3.connect(kept)
    assert connection.execute("SELECT count(*), min(length(remark)) FROM sales").fetchone() == (200, 1_000)
    connection.close()


def test_an_update_that_fails_halfway_leaves_the_ledger_as_it_is(kept: Path, tmp_path: Path) -> None:
    _change(kept, "CREATE TABLE remarks (in_the_way)")
    before = kept.read_bytes()

    with next_schema.known():
        assert _refusal(kept) == "store-not-updated"

    assert kept.read_bytes() == before
    assert not list(tmp_path.glob("backups/*")), "no copy is heaped up with every start"


def test_a_ledger_at_its_newest_schema_is_not_copied(kept: Path, tmp_path: Path) -> None:
    Ledger.open(f"sqlite:///{kept}").close()

    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda file: _change(file, "UPDATE alembic_version SET version_num = '9999'"), "store-newer"),
        (lambda file: _change(file, "PRAGMA application_id=1"), "store-foreign"),
        (lambda file: _change(file, "CREATE VIEW extra AS SELECT 1"), "store-foreign"),
        (
            lambda file: _change(file, "CREATE TRIGGER extra AFTER INSERT ON sales BEGIN DELETE FROM events; END"),
            "store-foreign",
        ),
        (lambda file: file.write_bytes(b"\0" * 100 + file.read_bytes()[100:]), "store-damaged"),
        (lambda file: file.write_bytes(b"not a database at all"), "store-damaged"),
        (lambda file: file.write_bytes(file.read_bytes()[:20_000]), "store-damaged"),
        (lambda file: file.write_bytes(file.read_bytes()[:8192] + b"\xa5" * 60_000), "store-damaged"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_and_left_as_it_is(
    kept: Path, harm: Callable[[Path], object], code: str
) -> None:
    harm(kept)
    before = kept.read_bytes()

    assert _refusal(kept) == code

    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE alembic_version SET version_num = '0001'",  # before the first release
        "UPDATE alembic_version SET version_num = '0017'",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
    ],
)
def test_a_ledger_that_cannot_be_brought_up_to_date_is_left_as_it_is(kept: Path, tmp_path: Path, harm: str) -> None:
    _change(kept, harm)
    before = kept.read_bytes()

    assert _refusal(kept) == "store-not-updated"

    assert kept.read_bytes() == before
    assert not list(tmp_path.glob("backups/*"))


def test_a_ledger_of_another_program_is_refused(file: Path) -> None:
    _change(file, "CREATE TABLE theirs (x)")

    assert _refusal(file) == "store-foreign"


def test_a_link_is_refused(kept: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite"
    link.symlink_to(kept)

    assert _refusal(link) == "store-link"


@pytest.mark.parametrize("folder", ["OneDrive - Flowers", "Dropbox"])
def test_a_folder_that_is_copied_elsewhere_is_refused(tmp_path: Path, folder: str) -> None:
    assert _refusal(tmp_path / folder / "sales.sqlite") == "store-network"
    assert not (tmp_path / folder).exists()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "sales", ""])
def test_not_every_database_can_be_a_ledger(url: str) -> None:
    with pytest.raises(UserError) as refused:
        Ledger.open(url)
    assert refused.value.code == "store-url"


def test_a_folder_that_cannot_be_made_has_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert _refusal(tmp_path / "file" / "sales.sqlite") == "store-unwritable"


def test_opening_a_ledger_loads_no_migrations(kept: Path) -> None:
    program = (
        "import sys; from shopwatch.ledger import Ledger; "
        f"Ledger.open('sqlite:///{kept}').close(); print('alembic' in sys.modules)"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "False"
