"""A gap: a time in which nothing could be heard, and why."""

from dataclasses import dataclass
from enum import StrEnum

from shopwatch.domain.instant import Instant


class Cause(StrEnum):
    CLOSED = "closed"
    """ShopWatch was not running."""
    ASLEEP = "asleep"
    """The computer slept, or the program was stopped."""
    OFFLINE = "offline"
    """This computer had no internet."""
    ADDRESS = "address"
    """The public address did not lead here."""
    LISTENER = "listener"
    """ShopWatch itself did not answer."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`ended_at` is None while it lasts. `id` is the ledger's."""

    id: int
    cause: Cause
    began_at: Instant
    ended_at: Instant | None = None

    @property
    def lasts(self) -> bool:
        return self.ended_at is None
