"""SQL that only SQLite understands."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal_column

from shopwatch.domain.instant import Clock, Instant
from shopwatch.ledger.engine.ports import Row
from shopwatch.ledger.engine.sqlite import rows as many
from shopwatch.ledger.engine.sqlite import search
from shopwatch.ledger.engine.sqlite.driver import driver_of


class SqliteDialect:
    """See `Dialect`."""

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        many.insert(driver_of(connection), table, rows)

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        many.add(driver_of(connection), table, rows)

    def lookup(
        self, connection: Connection, table: Table, fixed: Row, values: Sequence[Any]
    ) -> Iterable[tuple[Any, Any]]:
        return many.lookup(driver_of(connection), table, fixed, values)

    def create_search(self, connection: Connection) -> None:
        connection.exec_driver_sql(search.CREATE)

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        search.add(driver_of(connection), rows)

    def drop_words(self, connection: Connection, rows: Sequence[tuple[int, str]], *, for_ever: bool = False) -> None:
        search.drop(driver_of(connection), rows, for_ever=for_ever)

    def matching(self, words: Sequence[str], *, whole: bool = False) -> Select[tuple[int]]:
        return search.matching(words, whole=whole)

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        return search.has_words(words)

    def rebuild_search(self, connection: Connection) -> None:
        search.rebuild(driver_of(connection))

    def now(self, connection: Connection, clock: Clock) -> Instant:
        del connection
        return clock()

    def text_under(self, column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        return func.coalesce(func.json_extract(column, f"$.{name}"), "")

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return literal_column("+").op("")(column)
