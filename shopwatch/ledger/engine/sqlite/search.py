"""SQLite's search: an index of words (FTS5) that takes in many sales at a time.

That costs half of what it costs to take in each as it comes. The few that it does not hold yet are looked through.
"""

import sqlite3
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, column, func, literal_column, select, table, union_all

from shopwatch.ledger.schema import sales, search_heads

AT_ONCE = 512
"""So many sales wait before they are taken in: few enough to be looked through, and not to hold up a message."""

CREATE = (
    "CREATE VIRTUAL TABLE sales_words USING fts5(words, content='sales', content_rowid='id', "
    "detail=none, columnsize=0, prefix='1 2 3 4 5 6 7', tokenize='ascii')"
)

_index = table("sales_words", column("rowid"), column("words"))
_last = select(search_heads.c.sale).scalar_subquery()


def take_in(driver: sqlite3.Connection) -> None:
    """Take in the sales that wait, in a transaction of its own, if they are many."""
    (waiting,) = driver.execute("SELECT (SELECT max(id) FROM sales) - sale FROM search_heads").fetchone()
    if waiting is None or waiting < AT_ONCE:
        return
    driver.execute("BEGIN IMMEDIATE")
    new = "SELECT id, words FROM sales WHERE id > (SELECT sale FROM search_heads)"
    driver.execute(f"INSERT INTO sales_words (rowid, words) {new}")
    driver.execute("UPDATE search_heads SET sale = (SELECT max(id) FROM sales)")
    driver.execute("COMMIT")


def add(driver: sqlite3.Connection, rows: Sequence[tuple[int, str]]) -> None:
    """See `Dialect.add_words`. Those that wait are found by their rows."""
    last = _held_rows(driver)
    known = [row for row in rows if row[0] <= last]
    driver.executemany("INSERT INTO sales_words (rowid, words) VALUES (?, ?)", known)


def drop(driver: sqlite3.Connection, rows: Sequence[tuple[int, str]], *, for_ever: bool) -> None:
    """See `Dialect.drop_words`."""
    last = _held_rows(driver)
    known = [row for row in rows if row[0] <= last]
    if for_ever:
        driver.execute("INSERT INTO sales_words (sales_words, rank) VALUES ('secure-delete', 1)")
    driver.executemany("INSERT INTO sales_words (sales_words, rowid, words) VALUES ('delete', ?, ?)", known)
    if for_ever:
        driver.execute("INSERT INTO sales_words (sales_words, rank) VALUES ('secure-delete', 0)")


def rebuild(driver: sqlite3.Connection) -> None:
    """See `Dialect.rebuild_search`."""
    driver.execute("INSERT INTO sales_words (sales_words) VALUES ('rebuild')")
    driver.execute("UPDATE search_heads SET sale = (SELECT coalesce(max(id), 0) FROM sales)")


def matching(words: Sequence[str], *, whole: bool) -> Select[tuple[int]]:
    """See `Dialect.matching`. No words match nothing."""
    wanted = " ".join(f'"{word}"' if whole else f'"{word}"*' for word in words)
    match = literal_column("sales_words").op("MATCH", is_comparison=True)
    held = select(_index.c.rowid.label("id")).where(match(bindparam(None, wanted)))
    if not words:
        return held
    waiting = select(sales.c.id).where(sales.c.id > _last, has_words(words, whole=whole))
    return select(union_all(held, waiting).subquery().c.id)


def has_words(words: Sequence[str], *, whole: bool = False) -> ColumnElement[bool]:
    """See `Dialect.has_words`."""
    if whole:
        return and_(*(func.instr(sales.c.words.concat(" "), f" {word} ") > 0 for word in words))
    return and_(*(func.instr(sales.c.words, f" {word}") > 0 for word in words))


def _held_rows(driver: sqlite3.Connection) -> int:
    """The last sale that the index holds."""
    (last,) = driver.execute("SELECT sale FROM search_heads").fetchone()
    return int(last)
