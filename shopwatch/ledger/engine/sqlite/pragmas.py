"""The settings on which durability and speed rest; each is read back."""

import sqlite3
import sys
import time

from shopwatch.ledger import errors
from shopwatch.ledger.engine.sqlite.driver import BUSY_SECONDS, read_pragma
from shopwatch.ledger.engine.sqlite.failures import BUSY

_SWITCHING = 0.01
"""Seconds after which it is tried again to switch a new file over to a log."""
_LONGEST_LOG = 15_000
"""Pages after which a commit itself moves the log, should `Checkpoints` not come to it: just below 64 MiB."""


def set_writer(driver: sqlite3.Connection) -> None:
    """Settle a connection that writes. Raises `Outage` where a setting does not hold."""
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
            if error.sqlite_errorcode & 0xFF not in BUSY or time.monotonic() >= until:
                raise
            time.sleep(_SWITCHING)
        else:
            return


def set_reader(driver: sqlite3.Connection) -> None:
    """Settle a connection that only reads. Raises `Outage` where a setting does not hold."""
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
    found = read_pragma(driver, name)
    if found != value:
        raise errors.unsafe(name, found)
