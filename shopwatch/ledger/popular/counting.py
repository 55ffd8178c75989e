"""What sold best: summed when it is asked for, so that no sale pays for it as it comes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import batched
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, func, insert, select, tuple_, update

from shopwatch.domain.sales.money import LARGEST, Money
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.sale import SaleState
from shopwatch.ledger import codec
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.popular import day_sums
from shopwatch.ledger.popular.tables import goods, popular_heads, sold
from shopwatch.ledger.schema import events, sales

_MOST_AT_ONCE = 250
"""Events in one transaction: few enough that a message which comes meanwhile hardly waits."""

_AT_ONCE = 400
_NOT_SOLD = (SaleState.REFUNDED.value, SaleState.INCOMPLETE.value, SaleState.LOST.value)

type Line = tuple[str, str, int, int]
"""Name, currency, how many, and the money for them in smallest units."""

type _Key = tuple[int, str, str]
type _Sums = defaultdict[_Key, list[int]]

_minor = attrgetter("minor")
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
    _count_days(dialect, connection, sorted({row.sale for row in told if row.sale is not None}))
    connection.execute(update(popular_heads).values(event=told[-1].id))
    return len(told) == _MOST_AT_ONCE


def let_go(dialect: Dialect, connection: Connection, sale: int) -> None:
    """Take out of the sums what this sale has added: it has become part of another."""
    _add_counts(dialect, connection, _taken_back(connection, [sale]))


def progress(connection: Connection) -> tuple[int, int]:
    """Up to which event is counted, and which is the last."""
    counted, last = connection.execute(
        select(popular_heads.c.event, select(func.max(events.c.id)).scalar_subquery())
    ).one()
    return counted, max(counted, last or 0)


def read(connection: Connection, since: date, until: date) -> tuple[Popular, ...]:
    """What sold from `since` until just before `until`, in no order."""
    if since >= until:
        return ()
    sums = day_sums.between(connection, since.toordinal(), until.toordinal())
    query = select(goods.c.name, goods.c.currency, sums.c.qty, sums.c.minor).join(sums, sums.c.goods == goods.c.id)
    found: dict[str, Popular] = {}
    for name, currency, qty, minor in connection.execute(query):
        taken = (Money(minor, currency),) if currency and minor else ()
        known = found.get(name)
        if known is None:
            found[name] = Popular(name, qty, taken)
        else:
            every = sorted((*known.money, *taken), key=_minor, reverse=True)
            found[name] = Popular(name, known.qty + qty, tuple(every))
    return tuple(found.values())


def _count_days(dialect: Dialect, connection: Connection, ids: Sequence[int]) -> None:
    for some in batched(ids, _AT_ONCE):
        sums = _taken_back(connection, some)
        rows = []
        for row in connection.execute(select(sales).where(sales.c.id.in_(some))):
            lines = _count_lines(row)
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
        _add_counts(dialect, connection, sums)


def _count_lines(row: Any) -> tuple[Line, ...]:
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


def _add_counts(dialect: Dialect, connection: Connection, sums: _Sums) -> None:
    changed = {key: added for key, added in sums.items() if any(added)}
    if not changed:
        return
    numbers = _item_numbers(connection, sorted({(name, currency) for _, name, currency in changed}))
    rows = [(day, numbers[name, currency], qty, minor) for (day, name, currency), (qty, minor) in changed.items()]
    day_sums.add(dialect, connection, sorted(rows))


def _item_numbers(connection: Connection, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of these goods, given out where they have none yet."""
    found: dict[tuple[str, str], int] = {}
    for some in batched(wanted, _AT_ONCE):
        asked = select(goods).where(tuple_(goods.c.name, goods.c.currency).in_(some))
        found |= {(row.name, row.currency): row.id for row in connection.execute(asked)}
        if new := [{"name": name, "currency": currency} for name, currency in some if (name, currency) not in found]:
            connection.execute(insert(goods), new)
            found |= {(row.name, row.currency): row.id for row in connection.execute(asked)}
    return found
