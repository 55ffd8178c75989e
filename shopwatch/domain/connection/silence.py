"""Silence: how long a source says nothing before that is unusual, by what it has done in the same hours of the week."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from shopwatch.domain.instant import HOUR, Instant

FEWEST_WEEKS = 3
"""An hour of the week about which less is known tells nothing."""

FEWEST_DAYS = 20
"""Whoever has sent anything on fewer days is not busy enough to be missed."""

RARE = math.log(100_000)
"""Silence that chance alone brings once in so many times is unusual."""

LONGER = 1.5
"""So many times longer than earlier silences of the same source, the longest of which counts for an exception."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing has come from this source since its last message at `since`, which was found unusual at `noticed_at`.

    `usual` is about how many messages such hours bring, those in which nothing could be heard left out.
    """

    source_id: str
    since: Instant
    noticed_at: Instant
    usual: int = 0


@dataclass(frozen=True, slots=True)
class Reckoning:
    """About how many messages would have come by now, and whether it is unusual that none did."""

    usual: int
    unusual: bool


def hour_of(at: Instant) -> int:
    """The hour since 1970 in which an instant lies."""
    return at // HOUR


def reckoned(
    counts: Mapping[int, int],
    since: Instant,
    at: Instant,
    deaf: Collection[int],
    in_shop: Callable[[Instant], datetime],
) -> Reckoning:
    """What to think at `at` of a source whose last message came at `since`.

    `counts` are its messages by the hours in which they came, `deaf` the hours in which nothing could be heard for any
    time, and `in_shop` tells what the shop's clock shows. An hour counts as busy or not, however much came in it, since
    messages come in bursts; and as less surely busy than it has been, the less is known of it.
    """
    last = hour_of(since)
    past = [hour for hour in range(min(counts, default=last), last) if hour not in deaf]
    now = [hour for hour in range(last + 1, hour_of(at)) if hour not in deaf]
    if not now or len({hour // 24 for hour in counts}) < FEWEST_DAYS:
        return Reckoning(0, unusual=False)
    slots = {hour: _slot(in_shop(hour * HOUR)) for hour in (*past, *now)}
    week = _Week()
    for hour in past:
        week.learn(slots[hour], counts.get(hour, 0))
    weight = sum(week.weight(slots[hour]) for hour in now)
    usual = sum(week.mean(slots[hour]) for hour in now)
    if weight < RARE:
        return Reckoning(round(usual), unusual=False)
    earlier = _silences((counts.get(hour, 0), week.weight(slots[hour])) for hour in past)
    return Reckoning(round(usual), unusual=weight >= LONGER * sorted((0.0, 0.0, *earlier))[-2])


class _Week:
    """How busy a source is in each hour of the week."""

    def __init__(self) -> None:
        self._weeks = [0] * 168
        self._busy = [0] * 168
        self._messages = [0] * 168

    def learn(self, slot: int, count: int) -> None:
        self._weeks[slot] += 1
        self._busy[slot] += count > 0
        self._messages[slot] += count

    def weight(self, slot: int) -> float:
        """How much an empty hour says: of independent hours these add up, as the logarithm of how rare they are."""
        weeks = self._weeks[slot]
        return -math.log1p(-self._busy[slot] / (weeks + 1)) if weeks >= FEWEST_WEEKS else 0.0

    def mean(self, slot: int) -> float:
        return self._messages[slot] / self._weeks[slot] if self._weeks[slot] >= FEWEST_WEEKS else 0.0


def _slot(at: datetime) -> int:
    return at.weekday() * 24 + at.hour


def _silences(hours: Iterable[tuple[int, float]]) -> Iterator[float]:
    """How much each run of empty hours said, by the messages and the weight of every hour."""
    run = 0.0
    for count, weight in hours:
        if count:
            yield run
        run = 0.0 if count else run + weight
    yield run
