"""How many worthless deliveries of one source are kept."""

import time
from collections.abc import Callable

_BURST = 200.0
_PER_SECOND = 5.0


class Flood:
    """A bucket per source: 200 rejected deliveries at once and 5 a second after that are kept, the rest is counted.

    Only what was judged worthless is ever asked about here, so no flood can push out a genuine sale.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._levels: dict[str, tuple[float, float]] = {}
        self.turned_away: dict[str, int] = {}

    def admits(self, source_id: str) -> bool:
        """Whether one more rejected delivery of this source may be stored now."""
        moment = self._monotonic()
        level, seen = self._levels.get(source_id, (_BURST, moment))
        level = min(_BURST, level + (moment - seen) * _PER_SECOND)
        admitted = level >= 1
        self._levels[source_id] = level - admitted, moment
        if not admitted:
            self.turned_away[source_id] = self.turned_away.get(source_id, 0) + 1
        return admitted
