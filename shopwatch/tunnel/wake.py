"""Noticing that the computer has slept, or that this program was stopped for a while."""

import time
from collections.abc import Callable


class WakeSensor:
    """Looks at the wall clock at every tick: it goes on while the computer sleeps or this program is stopped.

    A clock set ahead looks the same; taking it for a sleep costs one look more.
    """

    def __init__(self, slack: float = 5.0, *, wall: Callable[[], float] = time.time) -> None:
        """`slack` is how many seconds beyond the expected ones count as sleep."""
        self._slack = slack
        self._wall = wall
        self._last = wall()

    def woke(self, expected: float) -> bool:
        """Whether far more than `expected` seconds have gone by since the last call."""
        before, self._last = self._last, self._wall()
        return self._last - before > expected + self._slack
