"""When to ask again: pure, from failures and a clock given in."""

import secrets
from collections.abc import Sequence

from shopwatch.providers.api import OWNER_MENDS, ApiFailure, ApiProblem

ITEM_PAUSES = (30.0, 120.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0)
"""Seconds between one try for the same message and the next; the last one repeats."""

SOURCE_PAUSES = (5.0, 30.0, 120.0, 600.0, 1_800.0)
"""Seconds in which a provider that is away is left alone altogether."""

UNTIL_MENDED = 3_600.0
"""Seconds in which a provider that refuses the key is left alone: only the owner can mend that, unless a guard in front
of it was mistaken."""

MOST_UNREADABLE = 500
MOST_RESTING = 2_000
"""More than the hints that are ever kept, which anybody can send about what is not there."""


class Backoff:
    """Of one source: which messages rest after a failure, and until when all of them do.

    Every pause is up to a quarter longer than it is named, so that not all who were turned away come back at once.
    Times are seconds of a clock that never goes back.
    """

    def __init__(
        self, item_pauses: Sequence[float] = ITEM_PAUSES, source_pauses: Sequence[float] = SOURCE_PAUSES
    ) -> None:
        self._item_pauses = item_pauses
        self._source_pauses = source_pauses
        self._items: dict[int, tuple[int, float]] = {}
        self._until = 0.0
        self._in_a_row = 0

    def failed(self, number: int, failure: ApiFailure, at: float) -> int:
        """Let this message rest, and the whole source where asking for others is of no use; how often it failed."""
        failures = self._items.get(number, (0, 0.0))[0] + 1
        self._items[number] = (failures, at + _longer_pause(_nth_pause(self._item_pauses, failures)))
        if failure.problem in OWNER_MENDS:
            self._pause_until(at + UNTIL_MENDED)
        elif failure.problem in (ApiProblem.LIMIT, ApiProblem.AWAY) or self._is_lost(failure):
            self._in_a_row += 1
            self._pause_until(at + (failure.wait or _longer_pause(_nth_pause(self._source_pauses, self._in_a_row))))
        return failures

    def done(self, number: int) -> None:
        """This message was answered."""
        self._items.pop(number, None)
        self._in_a_row = 0

    def forget_rested(self, at: float) -> None:
        """Nothing is left to be asked for but what is `resting`: any other was answered or forgotten elsewhere."""
        self._items = {number: (failures, until) for number, (failures, until) in self._items.items() if at < until}

    def is_paused(self, at: float) -> bool:
        return at < self._until

    def resting(self, at: float) -> set[int]:
        """The messages that are not to be asked for yet."""
        return {number for number, (_, until) in self._items.items() if at < until}

    def next_due(self, at: float) -> float | None:
        """Seconds until there is something to ask again; None if nothing waits."""
        if not self._items:
            return None
        return max(0.0, max(self._until, min(until for _, until in self._items.values())) - at)

    def _is_lost(self, failure: ApiFailure) -> bool:
        most = MOST_UNREADABLE if failure.problem is ApiProblem.UNREADABLE else MOST_RESTING
        return len(self._items) >= most

    def _pause_until(self, until: float) -> None:
        self._until = max(self._until, until)


def _nth_pause(pauses: Sequence[float], number: int) -> float:
    return pauses[min(number, len(pauses)) - 1]


def _longer_pause(pause: float) -> float:
    return pause * (1 + secrets.randbelow(250) / 1000)
