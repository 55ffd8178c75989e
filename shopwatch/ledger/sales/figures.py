"""Sums over the sales of a period, from one index, without touching a row."""

from collections import defaultdict

from sqlalchemy import Connection, func, literal, select

from shopwatch.domain.instant import HOUR, Instant
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.sales.query import Figures
from shopwatch.ledger.schema import sales

MOST_HOURS = 24 * 32
"""Longer periods have totals, but no hours."""

# Halves that are added apart: a sum of many large amounts would pass what a database's integer holds.
_HALF = 1_000_000


def figures(connection: Connection, since: Instant, until: Instant) -> Figures:
    """See `SalesBook.figures`."""
    by_hour = until - since <= MOST_HOURS * HOUR
    hour = (sales.c.paid_at - since) // HOUR if by_hour else literal(0)
    query = (
        select(
            sales.c.currency,
            hour.label("hour"),
            func.count().label("number"),
            func.sum(sales.c.kept // _HALF).label("high"),
            func.sum(sales.c.kept % _HALF).label("low"),
        )
        .where(sales.c.paid_at >= since, sales.c.paid_at < until, sales.c.kept.is_not(None))
        .group_by(sales.c.currency, hour)
    )
    total: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    hours: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in connection.execute(query):
        kept = int(row.high) * _HALF + int(row.low)
        total[row.currency] += kept
        count[row.currency] += row.number
        hours[row.currency][row.hour] = kept
    order = sorted(total, key=lambda currency: (-count[currency], currency))
    length = max(0, -(-(until - since) // HOUR)) if by_hour else 0
    first = hours[order[0]] if order and by_hour else {}
    return Figures(
        totals=tuple(Money(total[currency], currency) for currency in order),
        counts=tuple(count[currency] for currency in order),
        count=sum(count.values()),
        hourly=tuple(first.get(each, 0) for each in range(length)),
    )
