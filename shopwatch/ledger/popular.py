"""What sold best: summed when it is asked for, so that no sale pays for it as it comes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import batched
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, exists, func, select, tuple_, union_all, update

from shopwatch.domain.money import LARGEST, Money
from shopwatch.domain.popular import Popular
from shopwatch.domain.sale import SaleState
from shopwatch.ledger import codec
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.popular_tables import popular_heads, sold, sold_by_day, sold_by_month
from shopwatch.ledger.schema import events, sales

_MOST_AT_ONCE = 2_000
"""Events in one transaction: few enough that a message which comes meanwhile hardly waits."""

_AT_ONCE = 400
_NOT_SOLD = (SaleState.REFUNDED.value, SaleState.INCOMPLETE.value, SaleState.LOST.value)

type Line = tuple[str, str, int, int]
"""Name, currency, how many, and the money for them in smallest units."""

type _Key = tuple[int, str, str]
type _Sums = defaultdict[_Key, list[int]]

_encode = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(tuple[Line, ...]).decode


def are_due(connection: Connection) -> bool:
    """Whether events have come whose sales are not counted yet."""
    last = select(popular_heads.c.event).scalar_subquery()
    return bool(connection.execute(select(exists().where(events.c.id > last))).scalar_one())


def count_some(dialect: Dialect, connection: Connection) -> bool:
    """Count the sales of the next events, as they are now; whether there are more to come."""
    last = connection.execute(select(popular_heads.c.event)).scalar_one()
    newest = select(events.c.id, events.c.sale).where(events.c.id > last).order_by(events.c.id).limit(_MOST_AT_ONCE)
    told = connection.execute(newest).all()
    if not told:
        return False
    _count(dialect, connection, sorted({row.sale for row in told if row.sale is not None}))
    connection.execute(update(popular_heads).values(event=told[-1].id))
    return len(told) == _MOST_AT_ONCE


def let_go(dialect: Dialect, connection: Connection, sale: int) -> None:
    """Take out of the sums what this sale has added: it has become part of another."""
    _add(dialect, connection, _taken_back(connection, [sale]))


def read(connection: Connection, since: date, until: date) -> tuple[Popular, ...]:
    """What sold from `since` until just before `until`, in no order."""
    parts = [_part(table, name, first, last) for table, name, first, last in _periods(since, until)]
    if not parts:
        return ()
    every = union_all(*parts).subquery()
    query = select(
        every.c.name, every.c.currency, func.sum(every.c.qty).label("qty"), func.sum(every.c.minor).label("minor")
    ).group_by(every.c.name, every.c.currency)
    found: dict[str, tuple[int, list[Money]]] = {}
    for row in connection.execute(query):
        qty, money = found.get(row.name, (0, []))
        if row.currency and row.minor:
            money.append(Money(row.minor, row.currency))
        found[row.name] = (qty + row.qty, money)
    return tuple(
        Popular(name, qty, tuple(sorted(money, key=lambda each: -each.minor)))
        for name, (qty, money) in found.items()
        if qty
    )


def _periods(since: date, until: date) -> Iterable[tuple[Table, str, int, int]]:
    """Whole months by their sums, and the days before and behind them by theirs."""
    first, last = _month(since) + (since.day > 1), _month(until)
    if first < last:
        yield sold_by_month, "month", first, last
        yield sold_by_day, "day", since.toordinal(), _begin(first).toordinal()
        yield sold_by_day, "day", _begin(last).toordinal(), until.toordinal()
    elif since < until:
        yield sold_by_day, "day", since.toordinal(), until.toordinal()


def _part(table: Table, name: str, first: int, last: int) -> Any:
    return select(table.c.name, table.c.currency, table.c.qty, table.c.minor).where(
        table.c[name] >= first, table.c[name] < last
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _begin(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _count(dialect: Dialect, connection: Connection, ids: Sequence[int]) -> None:
    for some in batched(ids, _AT_ONCE):
        sums = _taken_back(connection, some)
        rows = []
        for row in connection.execute(select(sales).where(sales.c.id.in_(some))):
            lines = _lines(row)
            if not lines:
                continue
            day = datetime.fromtimestamp(row.paid_at / 1000).date().toordinal()  # noqa: DTZ006 - the shop's own days
            rows.append((row.id, day, _encode(lines)))
            for name, currency, qty, minor in lines:
                counted = sums[day, name, currency]
                counted[0] += qty
                counted[1] += minor
        if rows:
            dialect.insert(connection, sold, rows)
        _add(dialect, connection, sums)


def _lines(row: Any) -> tuple[Line, ...]:
    if row.practice or not row.live or row.state in _NOT_SOLD:
        return ()
    items = codec.items_of(row.items)
    alone = len(items) == 1 and items[0].unit is None and row.currency
    return tuple(
        (
            item.name,
            item.unit.currency if item.unit else row.currency if alone else "",
            item.qty,
            min(LARGEST, item.unit.minor * item.qty if item.unit else row.amount if alone else 0),
        )
        for item in items
        if item.name and 0 < item.qty < 1_000_000
    )


def _taken_back(connection: Connection, ids: Sequence[int]) -> _Sums:
    """What these sales have added so far, as what is to be added now, which undoes it."""
    sums: _Sums = defaultdict(lambda: [0, 0])
    for row in connection.execute(select(sold).where(sold.c.sale.in_(ids))):
        for name, currency, qty, minor in _read(row.lines):
            counted = sums[row.day, name, currency]
            counted[0] -= qty
            counted[1] -= minor
    connection.execute(delete(sold).where(sold.c.sale.in_(ids)))
    return sums


def _add(dialect: Dialect, connection: Connection, sums: _Sums) -> None:
    months: _Sums = defaultdict(lambda: [0, 0])
    days: _Sums = defaultdict(lambda: [0, 0])
    for (day, name, currency), (qty, minor) in sums.items():
        if qty or minor:
            days[day, name, currency] = [qty, minor]
            month = months[_month(date.fromordinal(day)), name, currency]
            month[0] += qty
            month[1] += minor
    for table, added in ((sold_by_day, days), (sold_by_month, months)):
        for some in batched(added.items(), _AT_ONCE // 4):
            _merge(dialect, connection, table, dict(some))


def _merge(dialect: Dialect, connection: Connection, table: Table, added: dict[_Key, list[int]]) -> None:
    period, name, currency, *_ = table.columns
    found = {
        (row[0], row[1], row[2]): (row[3], row[4])
        for row in connection.execute(select(table).where(tuple_(period, name, currency).in_(list(added))))
    }
    if found:
        connection.execute(delete(table).where(tuple_(period, name, currency).in_(list(found))))
    rows = []
    for key, (more, money) in added.items():
        known = found.get(key, (0, 0))
        if known[0] + more or known[1] + money:
            rows.append((*key, known[0] + more, known[1] + money))
    if rows:
        dialect.insert(connection, table, rows)
