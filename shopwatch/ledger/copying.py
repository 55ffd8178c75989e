"""All rows of one ledger, put into another one, whatever databases the two are in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, select, update

from shopwatch.ledger.engine.ports import Dialect, Row
from shopwatch.ledger.schema import metadata

_AT_ONCE = 10_000
"""Rows that are in memory at a time, of those that are small."""
_LARGE_AT_ONCE = 500
"""The same for tables with raw messages."""
_LARGE = frozenset({"deliveries"})

type Progress = Callable[[int], None]
"""Hears of every so many rows."""


def copy_rows(source: Connection, target: Connection, dialect: Dialect, copied: Progress = lambda _rows: None) -> None:
    """Make the ledger that `target` writes, and whose SQL is `dialect`, hold just what `source` reads.

    Both are within a transaction.
    """
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    for table in metadata.sorted_tables:
        for rows in _read_rows(source, table):
            dialect.insert(target, table, rows)
            copied(len(rows))
    dialect.rebuild_search(target)


def bring_up_to_date(
    source: Connection, target: Connection, dialect: Dialect, compared: Progress = lambda _rows: None
) -> int:
    """The same for a ledger that held it a while ago: all rows are compared, and those that differ written; how many.

    At the end every row of one is in the other.
    """
    differences = [_compare(source, target, table, compared) for table in metadata.sorted_tables]
    for each in reversed(differences):
        for keys in batched(each.gone, _AT_ONCE):
            target.execute(delete(each.table).where(_has_key(each.table)), [_key_values(key) for key in keys])
    for each in differences:
        for rows in batched(each.changed, _AT_ONCE):
            target.execute(_rewrite(each.table), [_row_values(each.table, row) for row in rows])
        for rows in batched(each.new, _AT_ONCE):
            dialect.insert(target, each.table, rows)
    changes = sum(len(each.gone) + len(each.changed) + len(each.new) for each in differences)
    if changes:
        dialect.rebuild_search(target)
    return changes


@dataclass(slots=True)
class _Difference:
    """What has to be done to a table."""

    table: Table
    gone: list[Row] = field(default_factory=list)
    """Primary keys."""
    changed: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)


def _read_rows(connection: Connection, table: Table) -> Iterator[Sequence[Row]]:
    at_once = _LARGE_AT_ONCE if table.name in _LARGE else _AT_ONCE
    query = select(table).order_by(*table.primary_key.columns)
    for rows in connection.execute(query, execution_options={"yield_per": at_once}).partitions():
        yield [tuple(row) for row in rows]


def _compare(source: Connection, target: Connection, table: Table, compared: Progress) -> _Difference:
    """Walks through both in the order of their keys, which all databases sort alike (`columns.STRING`)."""
    found = _Difference(table)
    places = [list(table.columns).index(column) for column in table.primary_key.columns]

    def key_of(row: Row) -> Row:
        return tuple(_comparable(row[place]) for place in places)

    theirs = (row for rows in _read_rows(target, table) for row in rows)
    other = next(theirs, None)
    for rows in _read_rows(source, table):
        for row in rows:
            key = key_of(row)
            while other is not None and key_of(other) < key:
                found.gone.append(tuple(other[place] for place in places))
                other = next(theirs, None)
            if other is None or key_of(other) != key:
                found.new.append(row)
                continue
            if other != row:
                found.changed.append(row)
            other = next(theirs, None)
        compared(len(rows))
    while other is not None:
        found.gone.append(tuple(other[place] for place in places))
        other = next(theirs, None)
    return found


def _comparable(value: Any) -> Any:
    """Texts are sorted by the bytes of their UTF-8."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _has_key(table: Table) -> Any:
    return and_(*(column == bindparam(f"k{place}") for place, column in enumerate(table.primary_key.columns)))


def _key_values(key: Row) -> dict[str, Any]:
    return {f"k{place}": value for place, value in enumerate(key)}


def _rewrite(table: Table) -> Any:
    others: dict[str, Any] = {
        column.name: bindparam(f"v_{column.name}") for column in table.columns if not column.primary_key
    }
    return update(table).where(_has_key(table)).values(others)


def _row_values(table: Table, row: Row) -> dict[str, Any]:
    told = dict(zip(table.columns.keys(), row, strict=True))
    values = {f"v_{column.name}": told[column.name] for column in table.columns if not column.primary_key}
    return values | _key_values(tuple(told[column.name] for column in table.primary_key.columns))
