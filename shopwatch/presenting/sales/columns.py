"""The columns of the sales table."""

from enum import IntEnum

from shopwatch.domain.i18n import say
from shopwatch.ledger.sales.query import Sort


class Column(IntEnum):
    TIME = 0
    ORDER = 1
    CUSTOMER = 2
    ITEMS = 3
    AMOUNT = 4
    FROM = 5
    STATE = 6


SORTS: dict[Column, Sort] = {
    Column.TIME: Sort.TIME,
    Column.ORDER: Sort.ORDER,
    Column.CUSTOMER: Sort.CUSTOMER,
    Column.AMOUNT: Sort.AMOUNT,
    Column.FROM: Sort.FROM,
    Column.STATE: Sort.STATE,
}
"""What the ledger has an index for; items are not sorted by."""

FALLING_FIRST = frozenset((Sort.TIME, Sort.AMOUNT))
"""Newest and largest are what an owner looks for first."""


def title(column: Column) -> str:
    match column:
        case Column.TIME:
            return say("Time")
        case Column.ORDER:
            return say("Order")
        case Column.CUSTOMER:
            return say("Customer")
        case Column.ITEMS:
            return say("Items")
        case Column.AMOUNT:
            return say("Amount")
        case Column.FROM:
            return say("From")
        case Column.STATE:
            return say("State")
