"""Connections of Python's own SQLite module."""

import sqlite3
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

BUSY_SECONDS = 3.0


def connect_to(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def driver_of(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def read_pragma(driver: sqlite3.Connection, name: str) -> Any:
    return driver.execute(f"PRAGMA {name}").fetchone()[0]


def run_checkpoint(driver: sqlite3.Connection) -> None:
    driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
