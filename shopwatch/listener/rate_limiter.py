"""How many deliveries of one source that prove nothing are kept."""

import time
from collections.abc import Callable

_BURST = 200.0
_PER_SECOND = 5.0


class RateLimiter:
    """Two buckets per source, for hints and for what was judged worthless: of each, 200 at once and 5 a second after
    that are kept.

    Nothing that was proved is ever asked about here, so no flood can push out a genuine sale.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._levels: dict[tuple[str, bool], tuple[float, float]] = {}

    def admits(self, source_id: str, *, hint: bool = False) -> bool:
        """Whether one more of these deliveries of this source may be stored now."""
        moment = self._monotonic()
        level, seen = self._levels.get((source_id, hint), (_BURST, moment))
        level = min(_BURST, level + (moment - seen) * _PER_SECOND)
        admitted = level >= 1
        self._levels[source_id, hint] = level - admitted, moment
        return admitted
