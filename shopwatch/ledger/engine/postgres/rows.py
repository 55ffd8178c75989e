"""Many rows by one COPY, and look-ups of many keys by one statement."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from psycopg import Connection, sql
from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Table

from shopwatch.ledger import schema
from shopwatch.ledger.engine.ports import Row


def insert(driver: "Connection[Any]", table: Table, rows: Sequence[Row]) -> None:
    """See `Dialect.insert`."""
    if not rows:
        return
    statement, types = _copy_statement(table)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def add(driver: "Connection[Any]", table: Table, rows: Sequence[Row]) -> None:
    """See `Dialect.add`."""
    with driver.cursor() as cursor:
        cursor.executemany(_add_statement(table), rows)


def lookup(driver: "Connection[Any]", table: Table, fixed: Row, values: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """See `Dialect.lookup`."""
    wanted, answer = ("key", "id") if table is schema.events else ("name", "sale")
    statement = sql.SQL("SELECT {0}, {1} FROM {2} WHERE source = %s AND practice = %s AND {0} = ANY(%s)").format(
        sql.Identifier(wanted), sql.Identifier(answer), sql.Identifier(table.name)
    )
    with driver.cursor() as cursor:
        return cursor.execute(statement, [*fixed, list(values)]).fetchall()


@cache
def _copy_statement(table: Table) -> tuple[sql.Composed, list[str]]:
    columns = sql.SQL(", ").join(sql.Identifier(each.name) for each in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table.name), columns)
    return statement, [_type_of(each.type) for each in table.columns]


def _type_of(kind: object) -> str:
    match kind:
        case BigInteger():
            return "int8"
        case Integer():
            return "int4"
        case Boolean():
            return "bool"
        case LargeBinary():
            return "bytea"
        case _:
            return "text"


@cache
def _add_statement(table: Table) -> sql.Composed:
    names = [sql.Identifier(each.name) for each in table.columns]
    keys = [sql.Identifier(each.name) for each in table.columns if each.primary_key]
    grows = sql.SQL("{0} = {1}.{0} + excluded.{0}")
    sums = [
        grows.format(sql.Identifier(each.name), sql.Identifier(table.name))
        for each in table.columns
        if not each.primary_key
    ]
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(names),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
        sql.SQL(", ").join(keys),
        sql.SQL(", ").join(sums),
    )
