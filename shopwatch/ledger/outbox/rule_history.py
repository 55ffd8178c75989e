"""How often each rule did something, and when it was last changed."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from shopwatch.domain.instant import Instant
from shopwatch.ledger.outbox.tables import jobs, rules


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """`times` counts the events for which the rule owed anything since an instant, `last_at` is the last of them."""

    changed_at: Instant
    times: int = 0
    last_at: Instant = 0


def histories(connection: Connection, since: Instant) -> dict[int, RuleHistory]:
    """Of every rule there is, by its id.

    Where the clock was put back to before `since`, some of what was owed until then may be left out.
    """
    ran = {
        row.rule: (row.times, row.last_at)
        for row in connection.execute(
            select(
                jobs.c.rule,
                func.count(jobs.c.event.distinct()).label("times"),
                func.max(jobs.c.made_at).label("last_at"),
            )
            .where(jobs.c.event >= _first_since(connection, since), jobs.c.made_at >= since)
            .group_by(jobs.c.rule)
        )
    }
    return {
        row.id: RuleHistory(row.changed_at, *ran.get(row.id, ()))
        for row in connection.execute(select(rules.c.id, rules.c.changed_at))
    }


def _first_since(connection: Connection, since: Instant) -> int:
    """An event at or before the first whose jobs were made since then. Jobs are made in the order of their events, so
    the key serves to find it, as long as the clock is not put back to before `since`; an index would cost every job a
    write."""
    ends = connection.execute(select(func.min(jobs.c.event), func.max(jobs.c.event))).one()
    low, high = ends[0] or 0, (ends[1] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(
            select(jobs.c.made_at).where(jobs.c.event >= middle).order_by(jobs.c.event).limit(1)
        ).scalar()
        if found is not None and found < since:
            low = middle + 1
        else:
            high = middle
    return low
