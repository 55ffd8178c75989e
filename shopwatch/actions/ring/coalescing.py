"""How pop-ups that come close together become one: pure decisions, from a clock given in."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shopwatch.domain.facts import NotificationsDue
from shopwatch.domain.instant import Instant, is_ahead, within
from shopwatch.domain.rules.popup import Destination
from shopwatch.settings.settings import LONGEST_QUIET

TITLE, TEXT = 40, 90
"""The most characters a pop-up's title and text have."""
ONE_STAYS, MANY_STAY = 7, 10
"""Seconds on the screen."""

_SALES = Destination()
_WINDOW = 10.0
_FOLD_AT = 4
_LONGEST = 120.0
_PACE = 2.0
_PACE_OF_ONE = 0.8


class Realm(StrEnum):
    """Real money, the provider's test mode and practice never share a pop-up."""

    REAL = "real"
    TEST = "test"
    PRACTICE = "practice"

    @classmethod
    def of(cls, *, practice: bool, live: bool) -> "Realm":
        if practice:
            return cls.PRACTICE
        return cls.REAL if live else cls.TEST


@dataclass(frozen=True, slots=True)
class NotificationPreferences:
    """What the owner wants of pop-ups now. `quiet_until` is an Instant, 0 for not quiet; `locale` is "en_US" style.

    `quiet_from` and `quiet_to` are minutes of the day, alike where no hours are quiet; `remind_after` is in minutes, 0
    for never.
    """

    popups: bool = True
    bell: bool = True
    hide_details: bool = False
    quiet_until: Instant = 0
    quiet_from: int = 0
    quiet_to: int = 0
    remind_after: int = 0
    locale: str = "en_US"

    def quiet(self, at: Instant) -> bool:
        """Whether nothing is to be shown or heard at `at`, by the clock of this computer."""
        clock = datetime.fromtimestamp(at / 1000)  # noqa: DTZ006 - the owner speaks of the shop's own hours
        minute = clock.hour * 60 + clock.minute
        hours = self.quiet_from != self.quiet_to and within(minute, self.quiet_from, self.quiet_to)
        return is_ahead(self.quiet_until, at, LONGEST_QUIET) or hours


@dataclass(frozen=True, slots=True)
class PopUp:
    """One pop-up in plain text. `key` names its place on the screen: showing the same key again replaces it.

    `ends` are the keys it takes the place of; `stays` is in seconds, 0 for until it is closed. `order` is the number of
    the one order it is about.
    """

    key: str
    title: str
    text: str
    realm: Realm = Realm.REAL
    opens: Destination = _SALES
    count: int = 1
    ends: tuple[str, ...] = ()
    stays: int = ONE_STAYS
    order: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """`due` is the moment (of the clock given in) at which `settle` has more to show, None if never."""

    popups: tuple[PopUp, ...] = ()
    bell: bool = False
    due: float | None = None


class Sum[Row](Protocol):
    """What the rows of one burst come to."""

    def add(self, row: Row) -> None:
        """Take one more in."""

    def popup(self, key: str, count: int, minutes: int, preferences: NotificationPreferences) -> PopUp:
        """All of them, in the last one or two minutes, or 0 for some time ago, as one pop-up."""


class Wording[Row](Protocol):
    """How rows of one sort are told."""

    def one(self, row: Row, preferences: NotificationPreferences) -> PopUp:
        """This row by itself."""

    def sum(self) -> Sum[Row]:
        """A sum of no rows yet."""


@dataclass(slots=True)
class _Burst[Row]:
    key: str
    began: float
    last: float
    sum: Sum[Row]
    count: int = 0
    shown: int = 0

    def add(self, rows: Sequence[Row]) -> None:
        self.count += len(rows)
        for row in rows:
            self.sum.add(row)

    def minutes(self, now: float) -> int:
        return 1 if now - self.began <= 60.0 else 2


class Coalescer[Row]:
    """Folds rows that come close together into one pop-up.

    The fourth row within 10 seconds begins a burst. A burst has one bell and one pop-up, renewed at most every 2
    seconds, or after 0.8 while single rows trickle in; it ends after 10 seconds without a row, or after 2 minutes,
    when a new one begins.
    Times are seconds of any clock that never goes back. `name` tells the keys of its bursts from those of others.
    What `stays` is on the screen until it is closed; what was `missed` is one burst from its first row on.
    """

    def __init__(self, name: str, wording: Wording[Row], *, stays: bool = False, missed: bool = False) -> None:
        self._name = name
        self._wording = wording
        self._stays = stays
        self._missed = missed
        self._fold_at = 1 if missed else _FOLD_AT
        self._recent: deque[tuple[float, Row, str]] = deque(maxlen=self._fold_at - 1)
        self._burst: _Burst[Row] | None = None
        self._shown_at = 0.0
        self._number = 0
        self.due: float | None = None

    def add(self, rows: Sequence[Row], now: float, preferences: NotificationPreferences) -> Decision:
        """What `rows`, told together, lead to."""
        if self._burst is not None and now - self._burst.last > _WINDOW:
            self._burst, self.due = None, None
        burst = self._burst
        if burst is not None and now - burst.began <= _LONGEST:
            burst.add(rows)
            burst.last = now
            return self._renew_burst(burst, now, preferences)
        while self._recent and now - self._recent[0][0] > _WINDOW:
            self._recent.popleft()
        if burst is None and len(self._recent) + len(rows) < self._fold_at:
            popups = tuple(self._hold_popup(self._wording.one(row, preferences)) for row in rows)
            self._recent.extend((now, row, popup.key) for row, popup in zip(rows, popups, strict=True))
            return Decision(popups, bell=True)
        return self._begin_burst(rows, now, preferences)

    def settle(self, now: float, preferences: NotificationPreferences) -> Decision:
        """What has become due since."""
        if self._burst is None or self.due is None or now < self.due:
            return Decision()
        return self._renew_burst(self._burst, now, preferences)

    def _begin_burst(self, rows: Sequence[Row], now: float, preferences: NotificationPreferences) -> Decision:
        folded = list(self._recent)
        ends = (self._burst.key,) if self._burst else tuple(key for _, _, key in folded)
        self._number += 1
        began = folded[0][0] if folded else now
        self._burst = burst = _Burst(f"{self._name}-burst-{self._number}", began, now, self._wording.sum())
        burst.add([*(row for _, row, _ in folded), *rows])
        self._recent.clear()
        self._shown_at, self.due, burst.shown = now, None, burst.count
        return Decision((replace(self._make_popup(burst, now, preferences), ends=ends),), bell=True)

    def _renew_burst(self, burst: _Burst[Row], now: float, preferences: NotificationPreferences) -> Decision:
        pace = _PACE_OF_ONE if burst.count - burst.shown == 1 else _PACE
        if now - self._shown_at < pace:
            self.due = self._shown_at + pace
            return Decision()
        self._shown_at, self.due, burst.shown = now, None, burst.count
        return Decision((self._make_popup(burst, now, preferences),))

    def _make_popup(self, burst: _Burst[Row], now: float, preferences: NotificationPreferences) -> PopUp:
        minutes = 0 if self._missed else burst.minutes(now)
        return self._hold_popup(burst.sum.popup(burst.key, burst.count, minutes, preferences))

    def _hold_popup(self, popup: PopUp) -> PopUp:
        return replace(popup, stays=0) if self._stays else popup


def grouped[Row, Key](rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """`rows` by their key, each group in its order."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def stream_name(about: str, batch: NotificationsDue) -> str:
    """The name of the stream in which `about` is told as `batch` wants it."""
    ways = {"missed": batch.missed, "stays": batch.stays, "bell": batch.bell, batch.sound: bool(batch.sound)}
    return "-".join((about, *(name for name, wanted in ways.items() if wanted)))


def joined(decisions: Sequence[Decision], dues: Sequence[float | None]) -> Decision:
    """Several decisions as one; `dues` are those of all streams."""
    return Decision(
        popups=tuple(popup for decision in decisions for popup in decision.popups),
        bell=any(decision.bell for decision in decisions),
        due=min((due for due in dues if due is not None), default=None),
    )
