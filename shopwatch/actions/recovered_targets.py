"""Targets that were away and are back: what waits for them is not kept waiting by its own pause any longer."""

from collections.abc import Iterable

from shopwatch.domain.instant import DAY, Instant, is_ahead
from shopwatch.domain.rules.job import Done, Later, Refused, Result

LONGEST_WISH: Instant = DAY
"""How long another side may ask us to wait."""


class RecoveredTargets:
    """Learns from results which targets have come back. Those get more at a time with every round that went well, up to
    `most`, until nothing waits for them or one fails."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._there: set[str] = set()
        self._width: dict[str, int] = {}
        self._not_before: dict[str, Instant] = {}

    def next(self) -> tuple[str, int] | None:
        """A target that is back, the one whose turn it is, and how many it may get at once; None if there is none."""
        return next(iter(self._width.items()), None)

    def end(self, target: str) -> None:
        """Nothing waits for it any more."""
        self._width.pop(target, None)

    def saw(self, results: Iterable[tuple[str, Result]], at: Instant) -> None:
        """How one round went, by targets. After a start, and after a failure, the first that is done says that a target
        is back; but one that has asked for patience is left alone for as long."""
        went_well: dict[str, bool] = {}
        for target, result in results:
            if isinstance(result, Later):
                self._not_before[target] = max(result.not_before, self._not_before.get(target, 0))
            if not isinstance(result, Refused):  # that is about one job alone
                went_well[target] = isinstance(result, Done) and went_well.get(target, True)
        for target, well in went_well.items():
            width = self._width.pop(target, 0)  # the next is another's turn
            if not well:
                self._there.discard(target)
            elif width:
                self._width[target] = min(width * 2, self._most)
            elif target not in self._there and not is_ahead(self._not_before.get(target, 0), at, LONGEST_WISH):
                self._there.add(target)
                self._not_before.pop(target, None)
                self._width[target] = 1
