"""The columns of the Inbox."""

from enum import IntEnum

from shopwatch.domain.words import say
from shopwatch.ui.widgets.row_delegate import GAP, Column

TILE = 20


class DeliveryColumn(IntEnum):
    TIME = 0
    FROM = 1
    ABOUT = 2
    RESULT = 3


def columns() -> tuple[Column, ...]:
    """What stands over each `DeliveryColumn`; how wide they are, the table tells."""
    return (
        Column(say("Time")),
        Column(say("From"), before=TILE + GAP),
        Column(say("About")),
        Column(say("Result")),
    )
