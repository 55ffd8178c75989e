"""Whose the sales are: worked out when people are asked for, so that no sale pays for it as it comes."""

from itertools import batched

from sqlalchemy import Connection, exists, select, update

from shopwatch.domain.messages.event import Kind
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.people.identity import Mention, meet
from shopwatch.ledger.people.tables import people_heads
from shopwatch.ledger.schema import events, sales

_MOST_AT_ONCE = 1_000
"""Events in one transaction: few enough that a message which comes meanwhile hardly waits."""


def are_due(connection: Connection) -> bool:
    """Whether events have come whose sales have no person yet."""
    last = select(people_heads.c.event).scalar_subquery()
    return bool(connection.execute(select(exists().where(events.c.id > last))).scalar_one())


def meet_some(dialect: Dialect, connection: Connection) -> bool:
    """Give the sales of the next events their people, by the sales' e-mail addresses; whether there are more to come.

    A sale that was told of anew is looked at again with all its events, because they may have been merged.
    """
    last = connection.execute(select(people_heads.c.event)).scalar_one()
    newest = select(events.c.id, events.c.sale).where(events.c.id > last).order_by(events.c.id).limit(_MOST_AT_ONCE)
    told = connection.execute(newest).all()
    if not told:
        return False
    touched = sorted({row.sale for row in told if row.sale is not None})
    for some in batched(touched, _MOST_AT_ONCE // 2):
        meet(dialect, connection, _read_mentions(connection, some), again=True)
    connection.execute(update(people_heads).values(event=told[-1].id))
    return len(told) == _MOST_AT_ONCE


def _read_mentions(connection: Connection, ids: tuple[int, ...]) -> list[Mention]:
    told: dict[int, list[int]] = {each: [] for each in ids}
    for row in connection.execute(select(events.c.id, events.c.sale).where(events.c.sale.in_(ids))):
        told[row.sale].append(row.id)
    wanted = (sales.c.id, sales.c.email, sales.c.name, sales.c.paid_at, sales.c.received_at, sales.c.practice)
    found = select(*wanted).where(sales.c.id.in_(ids)).order_by(sales.c.id)
    return [
        Mention(
            practice=row.practice,
            kind=Kind.SALE,
            at=min(row.paid_at, row.received_at),
            events=tuple(told[row.id]),
            name=row.name,
            email=row.email,
        )
        for row in connection.execute(found)
    ]
