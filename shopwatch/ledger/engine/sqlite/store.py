"""How a ledger in a file of SQLite is opened, trusted and kept in order."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock
from shopwatch.host.files import make_folder
from shopwatch.ledger import errors, migrations
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.engine.sqlite import path_safety, search
from shopwatch.ledger.engine.sqlite.checkpoints import Checkpoints
from shopwatch.ledger.engine.sqlite.dialect import SqliteDialect
from shopwatch.ledger.engine.sqlite.driver import connect_to, driver_of, read_pragma, run_checkpoint
from shopwatch.ledger.engine.sqlite.failures import translate
from shopwatch.ledger.engine.sqlite.file import SqliteFile
from shopwatch.ledger.engine.sqlite.pragmas import set_reader, set_writer
from shopwatch.runtime.clock import now

APPLICATION_ID = 0x53575348
"""Marks our files, so that no other program's database is taken for a ledger ("SWSH")."""

_CLOCK_IS_SURE = 1.0
"""Seconds after which a further change to a file surely gives it another time."""
_CHECKED_AT_START = 16 * 2**20
_HEADER = b"SQLite format 3\0"


class SqliteStore:
    """A ledger in one file. See `Store`."""

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self.dialect = SqliteDialect()
        self.file = SqliteFile(path)
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._journal = path.with_name(f"{path.name}-journal")
        self._clock = clock
        self._writing = self._make_engine("BEGIN IMMEDIATE", set_writer)
        self._reading = self._make_engine("BEGIN", set_reader)
        self._checkpoints = Checkpoints(self._move_log)

    def _make_engine(self, begin: str, settle: Callable[[Any], None]) -> Engine:
        engine = create_engine("sqlite+pysqlite://", creator=lambda: connect_to(self._path), poolclass=NullPool)

        def on_connect(driver: Any, _record: object) -> None:
            settle(driver)

        def on_begin(connection: Connection) -> None:
            driver_of(connection).execute(begin).close()

        event.listen(engine, "connect", on_connect)
        event.listen(engine, "begin", on_begin)
        return engine

    def writer(self) -> Connection:
        return self._open_file(self._writing)

    def mover(self) -> Connection:
        return self.writer()

    def secure(self, connection: Connection) -> None:
        # What a failed sync left in the log is read by whoever opens it next, though it may never have reached the
        # disk. Moved into the database, it is written anew and synced there, or lost where everybody sees it. Nor may
        # anything be written behind it in the log, where the first page that is not whole ends what counts: so the log
        # begins anew, for which whoever reads from it is waited for.
        busy, _, _ = driver_of(connection).execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
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
        search.take_in(driver_of(connection))
        self._checkpoints.wrote(size, lambda: run_checkpoint(driver_of(connection)))

    def sweep(self, connection: Connection, most: int | None = None) -> bool:
        driver = driver_of(connection)
        size = read_pragma(driver, "page_count") * read_pragma(driver, "page_size")
        if most is not None and size > most:
            return False
        driver.execute("PRAGMA temp_store=1").close()  # the copy that is made on the way would not fit into memory
        try:
            driver.execute("VACUUM").close()
        finally:
            driver.execute("PRAGMA temp_store=2").close()
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _move_log(self) -> None:
        with closing(connect_to(self._path)) as driver:
            set_writer(driver)
            run_checkpoint(driver)

    def lead(self) -> bool:
        return True

    def resign(self) -> None:
        pass

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
                make_folder(backups)
                self._update_schema(backups / f"{self._path.stem}-{revision}-{self._clock()}{self._path.suffix}")
        except (OSError, sqlite3.Error, DBAPIError) as error:
            raise self.translate(error) or error from error

    def _update_schema(self, copy: Path) -> None:
        """All or nothing: a ledger that cannot be brought up to date stays as it is, and needs no `copy`."""
        from shopwatch.ledger.migrations.upgrade import upgrade  # noqa: PLC0415 - see there

        self.file.backup(copy)
        try:
            self._change_schema(upgrade)
        except Exception as error:  # whatever a migration finds that it was not written for
            copy.unlink(missing_ok=True)
            raise self.translate(error) or errors.not_updated() from error

    def _change_schema(self, change: Callable[[Connection, Dialect], None]) -> None:
        with closing(self._open_file(self._writing)) as connection, connection.begin():
            change(connection, self.dialect)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")

    def _make_schema(self) -> bool:
        make_folder(self._path.parent)
        if self._journal.exists():
            # The power went as a file was switched over to a log: before anybody may read, that has to be undone.
            with closing(connect_to(self._path)) as driver:
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
            if read_pragma(driver, "application_id") != APPLICATION_ID or kinds.keys() & {"trigger", "view"}:
                raise errors.foreign()
            if self._path.stat().st_size <= _CHECKED_AT_START and not _is_sound(driver, "quick_check(1)"):
                raise errors.damaged()
            if not driver.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
                raise errors.not_updated()
            found = driver.execute("SELECT version_num FROM alembic_version").fetchone()
            if found is None:
                raise errors.not_updated()
            return cast("str", found[0])

    def translate(self, error: Exception) -> UserError | None:
        return translate(error, self._path.parent)

    def integrity(self, connection: Connection) -> bool:
        try:
            return _is_sound(driver_of(connection), "integrity_check(1)")
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
        return {name: str(read_pragma(driver_of(connection), name)) for name in names + extra}


def _is_sound(driver: sqlite3.Connection, check: str) -> bool:
    return bool(read_pragma(driver, check) == "ok")
