"""What tables are made of, so that every database keeps, compares and sorts alike."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text, TextClause

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits, such as a row's id, an instant or an amount."""

STRING = Text().with_variant(Text(collation="C"), "postgresql")
"""A text that is compared and sorted by its code points, whatever the language of the database."""


def partial_index(name: str, *columns: Column[object], where: TextClause) -> Index:
    """An index of those rows alone for which `where` holds; queries repeat its words.

    The words stand in its `info` too, for a database whose own option would load all that SQLAlchemy knows of it.
    """
    return Index(name, *columns, info={"where": where}, sqlite_where=where)
