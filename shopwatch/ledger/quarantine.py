"""The caps on what is kept without being counted: rejected messages, repeats and handshakes, the newest of each.

Genuine messages of another account stay: nobody else can send them, and the owner may yet want them counted.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, delete, func, select

from shopwatch.domain.facts import Outcome
from shopwatch.domain.verdict import Reason
from shopwatch.ledger.schema import deliveries, not_accepted

MOST_ROWS = 1_000
MOST_BYTES = 64 * 2**20
_SLACK_ROWS = 100
_SLACK_BYTES = 4 * 2**20

_capped = and_(not_accepted, deliveries.c.reason != Reason.OTHER_ACCOUNT.value)
_held = func.coalesce(func.length(deliveries.c.body), 0) + func.length(deliveries.c.headers)


class Caps:
    """Knows how much of each outcome is kept, and lets the oldest go. One for each write connection."""

    def __init__(self) -> None:
        self._kept: dict[Outcome, tuple[int, int]] = {}

    def admit(self, connection: Connection, outcome: Outcome, rows: int, size: int) -> None:
        """Note `rows` more of this outcome, `size` bytes in all, and let the oldest go if there are too many now."""
        if outcome not in self._kept:
            self._kept[outcome] = _count(connection, outcome)
        else:
            count, held = self._kept[outcome]
            self._kept[outcome] = (count + rows, held + size)
        count, held = self._kept[outcome]
        if count > MOST_ROWS + _SLACK_ROWS or held > MOST_BYTES + _SLACK_BYTES:
            _drop(connection, _too_old(connection, outcome))
            self._kept[outcome] = _count(connection, outcome)


def _count(connection: Connection, outcome: Outcome) -> tuple[int, int]:
    query = select(func.count(), func.coalesce(func.sum(_held), 0)).where(deliveries.c.outcome == outcome, _capped)
    count, held = connection.execute(query).one()
    return count, held


def _too_old(connection: Connection, outcome: Outcome) -> Iterable[int]:
    query = (
        select(deliveries.c.id, _held.label("held"))
        .where(deliveries.c.outcome == outcome, _capped)
        .order_by(deliveries.c.id.desc())
    )
    total = 0
    for place, row in enumerate(connection.execute(query)):
        total += row.held
        if place >= MOST_ROWS or (total > MOST_BYTES and place):
            yield row.id


def _drop(connection: Connection, ids: Iterable[int]) -> None:
    rows = [{"gone": each} for each in ids]
    if rows:
        connection.execute(delete(deliveries).where(deliveries.c.id == bindparam("gone")), rows)
