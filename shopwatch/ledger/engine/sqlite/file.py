"""A ledger's file as a whole."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from shopwatch.ledger import errors
from shopwatch.ledger.engine.sqlite.driver import connect_to, run_checkpoint
from shopwatch.ledger.engine.sqlite.failures import translate


class SqliteFile:
    """See `StoreFile`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def backup(self, target: Path) -> None:
        if target.exists():
            raise errors.already_there()
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(connect_to(self._path)) as origin, closing(sqlite3.connect(target)) as copy:
                with suppress(sqlite3.Error):
                    # Whoever starts meanwhile begins the log anew (`secure`), and would wait for who reads from it.
                    run_checkpoint(origin)
                origin.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            with target.open("rb+") as file:
                os.fsync(file.fileno())
        except (OSError, sqlite3.Error) as error:
            target.unlink(missing_ok=True)
            raise translate(error, self._path.parent) or error from error
