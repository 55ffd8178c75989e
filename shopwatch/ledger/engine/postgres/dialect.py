"""SQL that only PostgreSQL understands."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, Table, and_, cast, false, func, select

from shopwatch.domain.instant import Clock, Instant
from shopwatch.ledger.engine.ports import Row
from shopwatch.ledger.engine.postgres import rows as many
from shopwatch.ledger.engine.postgres.driver import driver_of
from shopwatch.ledger.schema import sales
from shopwatch.runtime.clock import now

_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


class PostgresDialect:
    """See `Dialect`. Words are found by an index of trigrams over the column itself, which the server keeps."""

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        many.insert(driver_of(connection), table, rows)

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        many.add(driver_of(connection), table, rows)

    def lookup(
        self, connection: Connection, table: Table, fixed: Row, values: Sequence[Any]
    ) -> Iterable[tuple[Any, Any]]:
        return many.lookup(driver_of(connection), table, fixed, values)

    def create_search(self, connection: Connection) -> None:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.exec_driver_sql("CREATE INDEX sales_words ON sales USING gin (words gin_trgm_ops)")

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        pass

    def drop_words(self, connection: Connection, rows: Sequence[tuple[int, str]], *, for_ever: bool = False) -> None:
        pass

    def matching(self, words: Sequence[str], *, whole: bool = False) -> Select[tuple[int]]:
        return select(sales.c.id).where(_has_words(words, whole=whole) if words else false())

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        return _has_words(words, whole=False)

    def rebuild_search(self, connection: Connection) -> None:
        pass

    def now(self, connection: Connection, clock: Clock) -> Instant:
        if clock is not now:  # one that is told what time it is
            return clock()
        (moment,) = driver_of(connection).execute(_NOW).fetchone() or (0,)
        return int(moment)

    def text_under(self, column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        return func.coalesce(func.json_extract_path_text(cast(column, JSON), name), "")

    def unindexed(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.coalesce(column, None, type_=column.type)


def _has_words(words: Sequence[str], *, whole: bool) -> ColumnElement[bool]:
    # Words hold nothing that LIKE takes for a wildcard.
    begins = and_(*(sales.c.words.like(f"% {word}%") for word in words))
    return and_(begins, *(sales.c.words.concat(" ").like(f"% {word} %") for word in words)) if whole else begins
