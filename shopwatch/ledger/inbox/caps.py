"""The caps on what is kept without being counted: rejected messages, hints, repeats and handshakes, the newest of each.

Genuine messages of another account stay: nobody else can send them, and the owner may yet want them counted. Hints have
a shelf of their own, because they are all that some providers say of a payment: nothing worthless pushes them out.
"""

from collections.abc import Iterable
from enum import Enum

from sqlalchemy import ColumnElement, Connection, and_, bindparam, cast, delete, func, select

from shopwatch.domain.facts import Outcome
from shopwatch.domain.messages.verdict import Reason
from shopwatch.ledger.columns import SUM
from shopwatch.ledger.schema import deliveries, not_accepted

MOST_ROWS = 1_000
MOST_HINTS = 10_000
MOST_BYTES = 64 * 2**20
_SLACK_ROWS = 100
_SLACK_BYTES = 4 * 2**20

_held = func.coalesce(func.length(deliveries.c.body), 0) + func.length(deliveries.c.headers)


class Shelf(Enum):
    """What is held under a cap of its own."""

    REJECTED = Outcome.REJECTED
    REPEATS = Outcome.REPEAT
    CHALLENGES = Outcome.CHALLENGE
    HINTS = Reason.HINT

    @property
    def most_rows(self) -> int:
        return MOST_HINTS if self is Shelf.HINTS else MOST_ROWS

    @property
    def holds(self) -> ColumnElement[bool]:
        """Whether a delivery lies here; in words that the index of those not accepted knows."""
        if self is Shelf.HINTS:
            return and_(not_accepted, deliveries.c.outcome == Outcome.REJECTED, deliveries.c.reason == Reason.HINT)
        return and_(not_accepted, deliveries.c.outcome == self.value, deliveries.c.reason.not_in(_ELSEWHERE))


_ELSEWHERE = (Reason.HINT, Reason.OTHER_ACCOUNT)


def shelf_of(outcome: Outcome, reason: str) -> Shelf | None:
    """Where a delivery lies that came to this; None where no cap is on it."""
    if outcome is Outcome.ACCEPTED or reason == Reason.OTHER_ACCOUNT:
        return None
    return Shelf.HINTS if reason == Reason.HINT else Shelf(outcome)


class Caps:
    """Knows how much lies on each shelf, and lets the oldest go. One for each write connection."""

    def __init__(self) -> None:
        self._kept: dict[Shelf, tuple[int, int]] = {}

    def admit(self, connection: Connection, shelf: Shelf, rows: int, size: int) -> None:
        """Note `rows` more on this shelf, `size` bytes in all, and let the oldest go if there are too many now."""
        if shelf not in self._kept:
            self._kept[shelf] = _count_kept(connection, shelf)
        else:
            count, held = self._kept[shelf]
            self._kept[shelf] = (count + rows, held + size)
        count, held = self._kept[shelf]
        if count > shelf.most_rows + _SLACK_ROWS or held > MOST_BYTES + _SLACK_BYTES:
            _drop_oldest(connection, _too_old(connection, shelf))
            self._kept[shelf] = _count_kept(connection, shelf)


def _count_kept(connection: Connection, shelf: Shelf) -> tuple[int, int]:
    query = select(func.count(), cast(func.coalesce(func.sum(_held), 0), SUM)).where(shelf.holds)
    count, held = connection.execute(query).one()
    return count, held


def _too_old(connection: Connection, shelf: Shelf) -> Iterable[int]:
    # Of hints, those go first that the provider was asked about.
    query = (
        select(deliveries.c.id, _held.label("held"))
        .where(shelf.holds)
        .order_by(deliveries.c.event.is_not(None), deliveries.c.id.desc())
    )
    total = 0
    for place, row in enumerate(connection.execute(query)):
        total += row.held
        if place >= shelf.most_rows or (total > MOST_BYTES and place):
            yield row.id


def _drop_oldest(connection: Connection, ids: Iterable[int]) -> None:
    rows = [{"gone": each} for each in ids]
    if rows:
        connection.execute(delete(deliveries).where(deliveries.c.id == bindparam("gone")), rows)
