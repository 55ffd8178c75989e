"""Connections of Python's own SQLite module."""

import sqlite3
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

BUSY_SECONDS = 3.0
"""How long whoever writes waits for whoever else does."""


def connect_to(path: Path) -> sqlite3.Connection:
    """A new connection for any thread, which begins no transaction by itself. Raises `sqlite3.Error`."""
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def driver_of(connection: Connection) -> sqlite3.Connection:
    """What SQLAlchemy's connection stands on."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def read_pragma(driver: sqlite3.Connection, name: str) -> Any:
    """The first value that this pragma answers."""
    return driver.execute(f"PRAGMA {name}").fetchone()[0]


def run_checkpoint(driver: sqlite3.Connection) -> None:
    """Move what was committed from the log into the file, as far as nobody reads it there. Waits for nobody."""
    driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
