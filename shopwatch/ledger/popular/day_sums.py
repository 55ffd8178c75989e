"""Sums of what sold, kept so that any period is summed from few rows, which lie together."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Subquery, cast, func, insert, literal, select, union_all

from shopwatch.ledger.columns import SUM
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.popular.tables import sold_before, sold_blocks, sold_on

_LENGTH = 10
"""Days of a block. With longer ones more days are summed for a period; with shorter ones more is kept, and changed by
what is told of late."""

# Halves that are added apart: a sum of many large amounts would pass what a database's integer holds.
_HALF = 1_000_000

type Added = tuple[int, int, int, int]
"""A day, the number of goods, and what is added: how many, and the money for them, less than zero if taken back."""

type _Part = Select[Any]


def add(dialect: Dialect, connection: Connection, changes: Sequence[Added]) -> None:
    """Change the sums of these days, of which there is one at least, and of all blocks after them."""
    blocks = _day_blocks(connection)
    for day in sorted({day - day % _LENGTH for day, *_ in changes}.difference(blocks)):
        _block_begin(connection, day, blocks)
    dialect.add(connection, sold_on, changes)
    after = blocks[bisect_right(blocks, min(day for day, *_ in changes)) :]
    later = [(block, goods, qty, minor) for block in after for day, goods, qty, minor in changes if day < block]
    dialect.add(connection, sold_before, later)


def between(connection: Connection, begin: int, end: int) -> Subquery:
    """`goods`, `qty` and `minor` of what sold from the day `begin` until just before `end`."""
    blocks = _day_blocks(connection)
    first, last = (min(blocks, key=lambda block: abs(block - day), default=0) for day in (begin, end))
    if first == last:
        return _sum_rows(_sum_on(begin, end))
    return _sum_rows(_sum_before(last), _sum_on(last, end), _subtract_sums(_sum_before(first)), _sum_on(begin, first))


def _day_blocks(connection: Connection) -> list[int]:
    return list(connection.execute(select(sold_blocks.c.day).order_by(sold_blocks.c.day)).scalars())


def _block_begin(connection: Connection, day: int, blocks: list[int]) -> None:
    """Begin a block with all that had sold before it. The days since the last one before it lie within that one."""
    place = bisect_left(blocks, day)
    if place:
        sums = _sum_rows(_sum_before(blocks[place - 1]), _sum_on(blocks[place - 1], day))
        rows = select(literal(day), sums.c.goods, sums.c.qty, sums.c.minor)
        connection.execute(insert(sold_before).from_select(["day", "goods", "qty", "minor"], rows))
    connection.execute(insert(sold_blocks).values(day=day))
    blocks.insert(place, day)


def _sum_before(block: int) -> _Part:
    held = sold_before.c
    return select(held.goods, held.qty, held.minor).where(held.day == block)


def _sum_on(begin: int, end: int) -> _Part:
    """What sold on the days from `begin` until just before `end`; less than nothing where `end` is the earlier one."""
    if begin > end:
        return _subtract_sums(_sum_on(end, begin))
    held = sold_on.c
    return select(held.goods, held.qty, held.minor).where(held.day >= begin, held.day < end)


def _subtract_sums(part: _Part) -> _Part:
    goods, qty, minor = part.selected_columns
    return part.with_only_columns(goods, (-qty).label("qty"), (-minor).label("minor"))


def _sum_rows(*parts: _Part) -> Subquery:
    every = union_all(*parts).subquery().c
    qty = func.sum(every.qty)
    minor = func.sum(every.minor // _HALF) * _HALF + func.sum(every.minor % _HALF)
    return (
        select(every.goods, cast(qty, SUM).label("qty"), cast(minor, SUM).label("minor"))
        .group_by(every.goods)
        .having(qty != 0)
        .subquery()
    )
