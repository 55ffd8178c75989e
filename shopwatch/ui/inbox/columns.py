"""The columns of the Inbox."""

from enum import IntEnum

from shopwatch.domain.words import say


class Column(IntEnum):
    TIME = 0
    FROM = 1
    ABOUT = 2
    RESULT = 3


def title(column: Column) -> str:
    match column:
        case Column.TIME:
            return say("Time")
        case Column.FROM:
            return say("From")
        case Column.ABOUT:
            return say("About")
        case Column.RESULT:
            return say("Result")
