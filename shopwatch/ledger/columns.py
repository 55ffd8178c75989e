"""What tables are made of, so that every database keeps, compares and sorts alike."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, Numeric, Text, TextClause, TypeDecorator
from sqlalchemy.types import TypeEngine

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits, such as a row's id, an instant or an amount."""


class _Sum(TypeDecorator[int]):
    """See `SUM`."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Numeric())

    def process_result_value(self, value: int | Decimal | None, _dialect: Dialect) -> int | None:
        return None if value is None else int(value)


SUM = _Sum()
"""A whole number that is a sum of many. Beyond 64 bits SQLite keeps the largest that it can count with."""

STRING = Text().with_variant(Text(collation="C"), "postgresql")
"""A text that is compared and sorted by its code points, whatever the language of the database."""


def partial_index(name: str, *columns: Column[object], where: TextClause) -> Index:
    """An index of those rows alone for which `where` holds; queries repeat its words.

    The words stand in its `info` too, for a database whose own option would load all that SQLAlchemy knows of it.
    """
    return Index(name, *columns, info={"where": where}, sqlite_where=where)
