"""Many rows by one statement of SQLite, which then works through them without once asking for Python's lock."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Table

from shopwatch.ledger import schema
from shopwatch.ledger.engine.ports import Row

_CHUNKS = (64, 56, 48, 40, 32, 24, 16, 8, 4, 2, 1)
"""So many rows a statement: the batches of a rush, which are of about 60, then need two. Each stays prepared."""


def insert(driver: sqlite3.Connection, table: Table, rows: Sequence[Row]) -> None:
    """See `Dialect.insert`."""
    for start, size in _split_rows(len(rows)):
        driver.execute(_insert_statement(table, size), list(chain.from_iterable(rows[start : start + size])))


def add(driver: sqlite3.Connection, table: Table, rows: Sequence[Row]) -> None:
    """See `Dialect.add`."""
    for start, size in _split_rows(len(rows)):
        driver.execute(_add_statement(table, size), list(chain.from_iterable(rows[start : start + size])))


def lookup(driver: sqlite3.Connection, table: Table, fixed: Row, values: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """See `Dialect.lookup`."""
    wanted, answer = ("key", "id") if table is schema.events else ("name", "sale")
    for start, size in _split_rows(len(values)):
        statement = (
            f'SELECT "{wanted}", "{answer}" FROM "{table.name}" WHERE source = ? AND practice = ? '  # noqa: S608 - names of our own tables
            f'AND "{wanted}" IN ({", ".join("?" * size)})'
        )
        yield from driver.execute(statement, [*fixed, *values[start : start + size]])


@cache
def _insert_statement(table: Table, size: int) -> str:
    one = f"({', '.join('?' * len(table.columns))})"
    named = ", ".join(f'"{each.name}"' for each in table.columns)
    return f'INSERT INTO "{table.name}" ({named}) VALUES {", ".join([one] * size)}'  # noqa: S608 - names of our own tables


@cache
def _add_statement(table: Table, size: int) -> str:
    keys = ", ".join(f'"{each.name}"' for each in table.columns if each.primary_key)
    sums = ", ".join(
        f'"{each.name}" = "{each.name}" + excluded."{each.name}"' for each in table.columns if not each.primary_key
    )
    return f"{_insert_statement(table, size)} ON CONFLICT ({keys}) DO UPDATE SET {sums}"


def _split_rows(count: int) -> Iterable[tuple[int, int]]:
    start = 0
    for size in _CHUNKS:
        while count - start >= size:
            yield start, size
            start += size
