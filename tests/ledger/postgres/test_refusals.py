"""A server that cannot be used is refused in one sentence, and nothing in it is changed."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.engine.opening import address_of
from shopwatch.ledger.sales.query import SalesQuery
from tests import servers
from tests.ledger.arrivals import paid, told

pytestmark = pytest.mark.skipif("SHOPWATCH_POSTGRES" not in os.environ, reason="see make postgres")

ABSENT = servers.free_port()
type Change = Callable[[str], str]


def _changed(**parts: object) -> Change:
    return lambda place: make_url(place).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


def _after(*statements: str) -> Change:
    def change(place: str) -> str:
        with servers.connect(place) as connection:
            for statement in statements:
                connection.execute(statement)
        return place

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_changed(password="another password"), "store-denied"),
        (_changed(username="nobody"), "store-denied"),
        (_changed(database="nothing"), "store-unknown"),
        (_changed(port=ABSENT), "store-away"),
        (_changed(host="name.invalid"), "store-away"),
        (_changed(query={"sslmode": "verify-full"}), "store-certificate"),
        (_after("DROP TABLE heads CASCADE"), "store-foreign"),
        (_after("DROP TABLE alembic_version"), "store-foreign"),
        (_after("UPDATE alembic_version SET version_num = '9999'"), "store-newer"),
        (_after("UPDATE alembic_version SET version_num = '0001'"), "store-not-updated"),
        (_after("DELETE FROM alembic_version"), "store-not-updated"),
    ],
)
def test_it_is_refused(place: str, change: Change, code: str) -> None:
    with pytest.raises(UserError) as refused:
        Ledger.open(change(place))
    assert refused.value.code == code


def test_what_another_program_keeps_there_stays_as_it_is(databases: Callable[[str], servers.Databases]) -> None:
    place = databases(servers.postgres_versions()[-1]).create("template0")
    _after("CREATE TABLE mine (id int)", "INSERT INTO mine VALUES (1)")(place)

    with pytest.raises(UserError) as refused:
        Ledger.open(place)

    assert refused.value.code == "store-foreign"
    with servers.connect(place) as connection:
        tables = connection.execute("SELECT relname FROM pg_class WHERE relname IN ('mine', 'heads')")
        assert tables.fetchall() == [("mine",)]


def _set(place: str, name: str, value: str) -> None:
    """Change a setting of the whole server, and return once it holds."""
    end = time.monotonic() + 60
    with servers.connect(place) as connection:
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
        while connection.execute(f"SHOW {name}").fetchall() != [(value,)]:
            assert time.monotonic() < end


async def _is_refused(ledger: Ledger, source: Source, code: str) -> None:
    with pytest.raises(Outage) as refused:
        await ledger.record(*told(source.id, "e1", paid("o1")))
    assert refused.value.code == code


async def test_while_the_database_takes_no_changes_nothing_is_acknowledged(
    place: str, ledger: Ledger, source: Source
) -> None:
    database = make_url(place).database
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    hang_up = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    _after(f"ALTER DATABASE {database} SET default_transaction_read_only = on", hang_up)(place)
    await _is_refused(ledger, source, "store-away")
    await _is_refused(ledger, source, "store-read-only")
    with pytest.raises(Outage) as refused:
        Ledger.open(_changed(query={"target_session_attrs": "read-write"})(place))
    assert refused.value.code == "store-read-only"

    _after(
        "SET default_transaction_read_only = off",
        f"ALTER DATABASE {database} RESET default_transaction_read_only",
        hang_up,
    )(place)

    assert (await ledger.record(*told(source.id, "e1", paid("o1")))).outcome is Outcome.ACCEPTED
    assert await ledger.sales.count(SalesQuery()) == 1


async def test_who_may_only_read_reads_and_is_told_so_when_writing(place: str, ledger: Ledger, source: Source) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1")))
    role = make_url(place).database
    _after(f"CREATE ROLE {role} LOGIN PASSWORD '{servers.PASSWORD}'", f"GRANT pg_read_all_data TO {role}")(place)

    reader = Ledger.open(_changed(username=role)(place))
    assert await reader.sales.count(SalesQuery()) == 1
    await _is_refused(reader, source, "store-forbidden")
    reader.close()


def test_a_server_that_forgets_is_refused(place: str) -> None:
    _set(place, "full_page_writes", "off")
    try:
        with pytest.raises(Outage) as refused:
            Ledger.open(place)
        assert refused.value.code == "store-unsafe"
        assert "full_page_writes" in str(refused.value)
    finally:
        _set(place, "full_page_writes", "on")


async def test_what_no_copy_confirms_is_not_acknowledged_and_stored_once_all_the_same(
    place: str, ledger: Ledger, source: Source
) -> None:
    """A commit that waits for its copy has no end of its own."""
    _set(place, "synchronous_standby_names", "*")
    try:
        async with asyncio.timeout(12):
            await _is_refused(ledger, source, "store-away")
    finally:
        _set(place, "synchronous_standby_names", "")

    recorded = await ledger.record(*told(source.id, "e1", paid("o1")))
    assert recorded.outcome in {Outcome.ACCEPTED, Outcome.REPEAT}
    assert await ledger.sales.count(SalesQuery()) == 1


def test_a_password_in_the_address_is_refused() -> None:
    for given in ("postgresql://shop:secret@db.example/shop", "postgresql://shop@db.example/shop?password=secret"):
        with pytest.raises(UserError) as refused:
            address_of(given)
        assert refused.value.code == "store-password"
        assert "secret" not in str(refused.value)


def test_the_password_comes_by_a_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = "postgresql://shop@db.example/shop"
    assert address_of(given) == given

    (tmp_path / "shopwatch.pgpass").touch()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert make_url(address_of(given)).query == {"passfile": str(tmp_path / "shopwatch.pgpass")}
    assert address_of(f"{given}?passfile=/mine") == f"{given}?passfile=/mine"
