"""All rows of one ledger, put into another one, whatever databases the two are in."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, select, update

from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.schema import metadata, sales, search_heads

_AT_ONCE = 10_000
"""Rows that are in memory at a time, of those that are small."""
_LARGE_AT_ONCE = 500
"""The same for tables with raw messages."""
_LARGE = frozenset({"deliveries"})


def copy_rows(
    source: Connection, target: Connection, dialect: Dialect, copied: Callable[[int], None] = lambda _rows: None
) -> None:
    """Make the ledger that `target` writes, and whose SQL is `dialect`, hold just what `source` reads.

    Both are within a transaction. `copied` hears of every so many rows.
    """
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    for table in metadata.sorted_tables:
        for rows in _read_rows(source, table):
            dialect.insert(target, table, [tuple(row) for row in rows])
            copied(len(rows))
    _index_words(target, dialect)


def _read_rows(source: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    at_once = _LARGE_AT_ONCE if table.name in _LARGE else _AT_ONCE
    return source.execute(select(table), execution_options={"yield_per": at_once}).partitions()


def _index_words(target: Connection, dialect: Dialect) -> None:
    last = target.execute(select(func.max(sales.c.id))).scalar() or 0
    target.execute(update(search_heads).values(sale=last))
    words = select(sales.c.id, sales.c.words).order_by(sales.c.id)
    after = 0
    while some := target.execute(words.where(sales.c.id > after).limit(_AT_ONCE)).all():
        dialect.add_words(target, [(row.id, row.words) for row in some])
        after = some[-1].id
