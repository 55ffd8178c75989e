"""How a ledger in PostgreSQL is reached, made, trusted and kept in order."""

import logging
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from shopwatch.domain.errors import UserError
from shopwatch.ledger import errors, migrations
from shopwatch.ledger.engine.ports import StoreFile
from shopwatch.ledger.engine.postgres.deadlines import Deadlines
from shopwatch.ledger.engine.postgres.dialect import PostgresDialect
from shopwatch.ledger.engine.postgres.driver import driver_of
from shopwatch.ledger.engine.postgres.failures import translate
from shopwatch.ledger.schema import metadata

_CONNECT = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}
_EVERYONE = {"plan_cache_mode": "force_custom_plan", "timezone": "UTC"}
"""Plans that are kept were made for tables as they were, which at first are empty."""
_WRITER = _EVERYONE | {
    "synchronous_commit": "on",
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "2s",
}
"""Whoever writes and then stands still is in the way of all others for 2 seconds, which they wait."""
_READER = _EVERYONE | {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s"}
_MAKER = _EVERYONE | {"synchronous_commit": "on", "lock_timeout": "60s"}

_LEADER = _EVERYONE | {"statement_timeout": "3s"}

_LOCK = "SELECT FROM heads WHERE id = 1 FOR UPDATE"
"""Every transaction that writes begins with it, so that they come one after the other, whoever writes."""
_MAKING = 0x53575348
"""The advisory lock of whoever makes or changes the schema ("SWSH")."""
_LEADING = _MAKING + 1
"""The advisory lock of whoever leads: the server gives it back once its session has ended."""

_COUNT_TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
_HAS_LEDGER = "SELECT to_regclass('alembic_version') IS NOT NULL AND to_regclass('heads') IS NOT NULL"

_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_SWEPT_MOST = 256 * 2**20

_log = logging.getLogger(__name__)


class PostgresStore:
    """See `Store`. `url` names a database that exists; its password may come from where libpq looks for it."""

    def __init__(self, url: URL) -> None:
        self.dialect = PostgresDialect()
        self.file: StoreFile | None = None
        self._url = url.set(drivername="postgresql+psycopg")
        self._deadlines = Deadlines()
        self._writing = self._make_engine(_LOCK, _WRITER, settle=_refuse_unsafe, begins=self._deadlines.begin)
        self._reading = self._make_engine("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", _READER)
        self._making = self._make_engine(f"SELECT pg_advisory_xact_lock({_MAKING})", _MAKER, settle=_refuse_unsafe)
        self._moving = self._make_engine(_LOCK, _MAKER, settle=_refuse_unsafe)
        self._leading = self._make_engine("SELECT 1", _LEADER)
        self._leader: Connection | None = None

    def _make_engine(
        self,
        begin: str,
        options: dict[str, str],
        *,
        settle: Callable[[Any], None] = lambda _driver: None,
        begins: Callable[[Any], None] = lambda _driver: None,
    ) -> Engine:
        told = " ".join(f"-c {name}={value}" for name, value in options.items())
        engine = create_engine(
            self._url,
            connect_args={**_CONNECT, "application_name": "ShopWatch", "options": told},
            poolclass=NullPool,
            pool_reset_on_return=None,  # nothing is used again, and what has broken off cannot be reset
        )

        def on_connect(driver: Any, _record: object) -> None:
            settle(driver)

        def on_begin(connection: Connection) -> None:
            driver = driver_of(connection)
            begins(driver)
            driver.execute(begin)

        event.listen(engine, "connect", on_connect)
        event.listen(engine, "begin", on_begin)
        return engine

    def writer(self) -> Connection:
        return self._connect(self._writing)

    def mover(self) -> Connection:
        return self._connect(self._moving)

    def reader(self) -> Connection:
        return self._connect(self._reading)

    def _connect(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except Exception as error:
            raise self.translate(error) or error from error

    def prepare(self, _backups: Path) -> None:
        try:
            with closing(self._connect(self._making)) as connection, connection.begin():
                if not connection.exec_driver_sql(_COUNT_TABLES).scalar():
                    self._make_tables(connection)
                    return
                if not connection.exec_driver_sql(_HAS_LEDGER).scalar():
                    raise errors.foreign_database()
                revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
                if revision is None or migrations.is_older(revision):
                    raise errors.not_updated()
        except DBAPIError as error:
            raise self.translate(error) or error from error

    def _make_tables(self, connection: Connection) -> None:
        from shopwatch.ledger.migrations.fresh import make  # noqa: PLC0415 - it needs all tables

        for table in metadata.tables.values():
            for index in table.indexes:
                if (where := index.info.get("where")) is not None:
                    index.dialect_options["postgresql"]["where"] = where
        make(connection, self.dialect)

    def secure(self, connection: Connection) -> None:
        pass  # the server answers for its own log

    def relieve(self, connection: Connection, size: int) -> None:
        pass  # as above

    def sweep(self, connection: Connection, most: int | None = None) -> bool:
        driver = driver_of(connection)
        sizes = driver.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [[*metadata.tables]]
        )
        (size,) = sizes.fetchone() or (0,)
        driver.rollback()
        if size > min(_SWEPT_MOST, _SWEPT_MOST if most is None else most):
            return False
        driver.autocommit = True
        try:
            driver.execute("SET statement_timeout = 0")
            for name in metadata.tables:
                driver.execute(f"VACUUM (FULL) {name}")
        finally:
            driver.execute(f"SET statement_timeout = '{_WRITER['statement_timeout']}'")
            driver.autocommit = False
        return True

    def touched(self) -> object | None:
        return None

    def durability(self, connection: Connection) -> dict[str, str]:
        return _settings(driver_of(connection), (*_DURABLE, "synchronous_standby_names"))

    def integrity(self, connection: Connection) -> bool:
        # The server checks each page as it reads it, where its administrator had it made so.
        for table in metadata.sorted_tables:
            driver_of(connection).execute(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608 - names of our own tables
        return True

    def translate(self, error: Exception) -> UserError | None:
        return translate(error)

    def lead(self) -> bool:
        try:
            if self._leader is None:
                self._leader = self._connect(self._leading)
                driver = driver_of(self._leader)
                driver.autocommit = True
                (leads,) = driver.execute(f"SELECT pg_try_advisory_lock({_LEADING})").fetchone() or (False,)
                if not leads:
                    self.resign()
                return bool(leads)
            driver_of(self._leader).execute("SELECT 1")
        except Exception as error:
            _log.warning("the database cannot say who leads: %s", translate(error) or error)
            self.resign()
        return self._leader is not None

    def resign(self) -> None:
        session, self._leader = self._leader, None
        if session is not None:
            with suppress(Exception):
                session.close()

    def close(self) -> None:
        self.resign()
        self._deadlines.close()
        for engine in (self._writing, self._reading, self._making, self._moving, self._leading):
            engine.dispose()


def _refuse_unsafe(driver: Any) -> None:
    """Raises `Outage` where a setting does not hold on which it rests that what is stored stays."""
    found = _settings(driver, tuple(_DURABLE))
    driver.rollback()
    for name, value in _DURABLE.items():
        if found[name] != value:
            raise errors.unsafe_server(name, found[name])


def _settings(driver: Any, names: tuple[str, ...]) -> dict[str, str]:
    rows = driver.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*names]])
    return dict(rows.fetchall())
