"""SQLite: every line of SQL, and every habit, that no other database shares; the search and many rows at once have
files of their own."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, create_engine, event, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock
from shopwatch.ledger import errors, migrations
from shopwatch.ledger.engine import path_safety, sqlite_rows, sqlite_search
from shopwatch.ledger.engine.checkpoints import Checkpoints
from shopwatch.ledger.engine.dialect import Dialect, Row
from shopwatch.runtime.clock import now

APPLICATION_ID = 0x53575348
"""Marks our files, so that no other program's database is taken for a ledger ("SWSH")."""

BUSY_SECONDS = 3.0
_SWITCHING = 0.01
"""Seconds after which it is tried again to switch a new file over to a log."""
_CLOCK_IS_SURE = 1.0
"""Seconds after which a further change to a file surely gives it another time."""
_CHECKED_AT_START = 16 * 2**20
_LONGEST_LOG = 15_000
"""Pages after which a commit itself moves the log, should `Checkpoints` not come to it: just below 64 MiB."""
_HEADER = b"SQLite format 3\0"

_FULL = 13
_WRITE_FAILURES = frozenset({3, 7, 8, 10, 14, 15})
_BUSY = frozenset({5, 6})
_DAMAGED = frozenset({11, 26})


class Sqlite:
    """A ledger in one file. See `Dialect`."""

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._journal = path.with_name(f"{path.name}-journal")
        self._clock = clock
        self._writing = self._make_engine("BEGIN IMMEDIATE", _set_writer)
        self._reading = self._make_engine("BEGIN", _set_reader)
        self._checkpoints = Checkpoints(self._move_log)

    def _make_engine(self, begin: str, settle: Callable[[Any], None]) -> Engine:
        engine = create_engine("sqlite+pysqlite://", creator=lambda: _connect_to(self._path), poolclass=NullPool)

        def on_connect(driver: Any, _record: object) -> None:
            settle(driver)

        def on_begin(connection: Connection) -> None:
            _driver_of(connection).execute(begin).close()

        event.listen(engine, "connect", on_connect)
        event.listen(engine, "begin", on_begin)
        return engine

    def writer(self) -> Connection:
        return self._open_file(self._writing)

    def secure(self, connection: Connection) -> None:
        # What a failed sync left in the log is read by whoever opens it next, though it may never have reached the
        # disk. Moved into the database, it is written anew and synced there, or lost where everybody sees it. Nor may
        # anything be written behind it in the log, where the first page that is not whole ends what counts: so the log
        # begins anew, for which whoever reads from it is waited for.
        busy, _, _ = _driver_of(connection).execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        if busy:
            raise errors.busy()

    def reader(self) -> Connection:
        return self._open_file(self._reading)

    def _open_file(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except Exception as error:
            raise self.translate(error) or error from error

    def relieve(self, connection: Connection, size: int) -> None:
        sqlite_search.take_in(_driver_of(connection))
        self._checkpoints.wrote(size, lambda: _run_checkpoint(_driver_of(connection)))

    def _move_log(self) -> None:
        with closing(_connect_to(self._path)) as driver:
            _set_writer(driver)
            _run_checkpoint(driver)

    def close(self) -> None:
        self._checkpoints.close()
        self._writing.dispose()
        self._reading.dispose()

    def prepare(self, backups: Path) -> None:
        path_safety.refuse_unsafe(self._path)
        try:
            revision = None if self._make_schema() else self._inspect_file()
            if revision is None:
                from shopwatch.ledger.migrations.fresh import make  # noqa: PLC0415 - it needs all tables

                def begin(connection: Connection, dialect: Dialect) -> None:
                    # Another process may be here for the first time too, and has made it while this one waited.
                    if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one():
                        make(connection, dialect)

                self._change_schema(begin)
            elif migrations.is_older(revision):
                path_safety.make_folder(backups)
                self._update_schema(backups / f"{self._path.stem}-{revision}-{self._clock()}{self._path.suffix}")
        except (OSError, sqlite3.Error, DBAPIError) as error:
            raise self.translate(error) or error from error

    def _update_schema(self, copy: Path) -> None:
        """All or nothing: a ledger that cannot be brought up to date stays as it is, and needs no `copy`."""
        from shopwatch.ledger.migrations.upgrade import upgrade  # noqa: PLC0415 - see there

        self.backup(copy)
        try:
            self._change_schema(upgrade)
        except Exception as error:  # whatever a migration finds that it was not written for
            copy.unlink(missing_ok=True)
            raise self.translate(error) or errors.not_updated() from error

    def _change_schema(self, change: Callable[[Connection, Dialect], None]) -> None:
        with closing(self._open_file(self._writing)) as connection, connection.begin():
            change(connection, self)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")

    def _make_schema(self) -> bool:
        path_safety.make_folder(self._path.parent)
        if self._journal.exists():
            # The power went as a file was switched over to a log: before anybody may read, that has to be undone.
            with closing(_connect_to(self._path)) as driver:
                driver.execute("SELECT count(*) FROM sqlite_schema").close()
        if self._path.exists() and self._path.stat().st_size:
            return False
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
        return True

    def _inspect_file(self) -> str | None:
        """The schema's revision of a file that was looked at without changing it."""
        with self._path.open("rb") as file:
            if file.read(len(_HEADER)) != _HEADER:
                raise errors.damaged()
        with closing(sqlite3.connect(f"file:{quote(os.fsencode(self._path))}?mode=ro", uri=True)) as driver:
            driver.execute("PRAGMA trusted_schema=OFF")
            kinds = dict(driver.execute("SELECT type, count(*) FROM sqlite_schema GROUP BY type"))
            if not kinds:
                return None
            if _read_pragma(driver, "application_id") != APPLICATION_ID or kinds.keys() & {"trigger", "view"}:
                raise errors.foreign()
            if self._path.stat().st_size <= _CHECKED_AT_START and not _is_sound(driver, "quick_check(1)"):
                raise errors.damaged()
            if not driver.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
                raise errors.not_updated()
            found = driver.execute("SELECT version_num FROM alembic_version").fetchone()
            if found is None:
                raise errors.not_updated()
            return cast("str", found[0])

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        sqlite_rows.insert(_driver_of(connection), table, rows)

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        sqlite_rows.add(_driver_of(connection), table, rows)

    def lookup(
        self, connection: Connection, table: Table, fixed: Row, values: Sequence[Any]
    ) -> Iterable[tuple[Any, Any]]:
        return sqlite_rows.lookup(_driver_of(connection), table, fixed, values)

    def create_search(self, connection: Connection) -> None:
        connection.exec_driver_sql(sqlite_search.CREATE)

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        sqlite_search.add(_driver_of(connection), rows)

    def drop_words(self, connection: Connection, rows: Sequence[tuple[int, str]], *, for_ever: bool = False) -> None:
        sqlite_search.drop(_driver_of(connection), rows, for_ever=for_ever)

    def matching(self, words: Sequence[str], *, whole: bool = False) -> Select[tuple[int]]:
        return sqlite_search.matching(words, whole=whole)

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        return sqlite_search.has_words(words)

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return literal_column("+").op("")(column)

    def sweep(self, connection: Connection, most: int | None = None) -> bool:
        driver = _driver_of(connection)
        size = _read_pragma(driver, "page_count") * _read_pragma(driver, "page_size")
        if most is not None and size > most:
            return False
        driver.execute("PRAGMA temp_store=1").close()  # the copy that is made on the way would not fit into memory
        try:
            driver.execute("VACUUM").close()
        finally:
            driver.execute("PRAGMA temp_store=2").close()
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def translate(self, error: Exception) -> UserError | None:
        if isinstance(error, UserError):
            return error
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, OSError):
            return errors.unwritable(self._path.parent)
        if not isinstance(cause, sqlite3.Error):
            return None
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return errors.damaged()
        if code in _BUSY:
            return errors.busy()
        if code == _FULL or code in _WRITE_FAILURES:
            return errors.unwritable(self._path.parent, full=code == _FULL)
        return None

    def backup(self, target: Path) -> None:
        if target.exists():
            raise errors.already_there()
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(_connect_to(self._path)) as origin, closing(sqlite3.connect(target)) as copy:
                with suppress(sqlite3.Error):
                    # Whoever starts meanwhile begins the log anew (`secure`), and would wait for who reads from it.
                    _run_checkpoint(origin)
                origin.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            with target.open("rb+") as file:
                os.fsync(file.fileno())
        except (OSError, sqlite3.Error) as error:
            target.unlink(missing_ok=True)
            raise self.translate(error) or error from error

    def integrity(self, connection: Connection) -> bool:
        try:
            return _is_sound(_driver_of(connection), "integrity_check(1)")
        except sqlite3.DatabaseError:
            return False

    def touched(self) -> object | None:
        if sys.platform == "win32":
            return None  # the time of a file that is open may be told late there
        try:
            files = [self._path.stat(), self._log.stat()]
        except OSError:
            return None
        if time.time() - max(each.st_mtime for each in files) < _CLOCK_IS_SURE:
            return None
        return tuple((each.st_ino, each.st_size, each.st_mtime_ns) for each in files)

    def durability(self, connection: Connection) -> dict[str, str]:
        names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        extra = ("fullfsync", "checkpoint_fullfsync") if sys.platform == "darwin" else ()
        return {name: str(_read_pragma(_driver_of(connection), name)) for name in names + extra}


def _connect_to(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _driver_of(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _run_checkpoint(driver: sqlite3.Connection) -> None:
    driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def _set_writer(driver: sqlite3.Connection) -> None:
    _begin_log(driver)
    _require_pragma(driver, "synchronous", 2)
    if sys.platform == "darwin":
        _require_pragma(driver, "fullfsync", 1)
        _require_pragma(driver, "checkpoint_fullfsync", 1)
    _require_pragma(driver, "secure_delete", 1)
    _require_pragma(driver, "wal_autocheckpoint", _LONGEST_LOG)
    _require_pragma(driver, "cache_size", -32_000)
    _settle_log(driver)


def _begin_log(driver: sqlite3.Connection) -> None:
    # A new file is switched over by one of those that are there for the first time, and SQLite lets nobody wait for it.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            _require_pragma(driver, "journal_mode", "wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() >= until:
                raise
            time.sleep(_SWITCHING)
        else:
            return


def _set_reader(driver: sqlite3.Connection) -> None:
    _require_pragma(driver, "cache_size", -4_000)
    _settle_log(driver)
    _require_pragma(driver, "query_only", 1)


def _settle_log(driver: sqlite3.Connection) -> None:
    _require_pragma(driver, "foreign_keys", 1)
    _require_pragma(driver, "trusted_schema", 0)
    _require_pragma(driver, "temp_store", 2)
    _require_pragma(driver, "busy_timeout", int(BUSY_SECONDS * 1000))


def _require_pragma(driver: sqlite3.Connection, name: str, value: int | str) -> None:
    driver.execute(f"PRAGMA {name}={value}").close()
    found = _read_pragma(driver, name)
    if found != value:
        raise errors.unsafe(name, found)


def _read_pragma(driver: sqlite3.Connection, name: str) -> Any:
    return driver.execute(f"PRAGMA {name}").fetchone()[0]


def _is_sound(driver: sqlite3.Connection, check: str) -> bool:
    return bool(_read_pragma(driver, check) == "ok")
