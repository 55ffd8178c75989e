"""How far this computer's clock is off, by what others say of the time."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import duration, say
from shopwatch.domain.instant import MINUTE, SECOND, Clock, Instant
from shopwatch.runtime.clock import now, since_boot

TOLERATED: Instant = 2 * MINUTE
_MADE: Instant = 1_767_225_600_000
"""2026-01-01; no right clock shows a day before this program was made."""
_ALIKE = 3
_KEPT = 10 * MINUTE
_MOST_SHOWN = 8


def skew(by_server: Instant | None, by_messages: Sequence[Instant]) -> Instant:
    """How far the clock is ahead of the true time (below zero: behind it); 0 while nothing says that it is off.

    `by_server` is what a server said last, over HTTPS, and beats the others. `by_messages` are genuine messages that
    came out of their time, the newest last. They count only when several different ones are equally far off, for
    anybody can have kept an old one, and a sender's own clock may be fast.
    """
    if by_server is not None:
        return by_server if abs(by_server) > TOLERATED else 0
    latest = by_messages[-_ALIKE:]
    alike = len(latest) == _ALIKE and max(latest) - min(latest) <= TOLERATED
    return latest[-1] if alike and min(map(abs, latest)) > TOLERATED else 0


def clock_problem(off: Instant) -> UserError | None:
    """What the owner should know of a clock that is `off`; None if it is not."""
    if not off:
        return None
    time = duration(abs(off))
    title = (
        say("This computer’s clock is {time} fast.", time=time)
        if off > 0
        else say("This computer’s clock is {time} slow.", time=time)
    )
    hint = say("Messages look too old or too new because of it. Set the clock to automatic.")
    return UserError(title, hint, code="clock-wrong")


@dataclass(frozen=True, slots=True)
class _Met:
    at: Instant
    age: Instant
    which: bytes


class ClockSkew:
    """Learns how far this computer's clock is off, and tells what the owner should know whenever that changes.

    By `since_boot` it notices that the clock was set while this program runs. Nobody knows then which of the times is
    the right one, until a server has told it or a genuine message has shown it.
    """

    def __init__(
        self,
        tell: Callable[[UserError | None], None] = lambda _: None,
        *,
        clock: Clock = now,
        since_boot: Callable[[], float] = since_boot,
    ) -> None:
        self.problem: UserError | None = None
        self._tell = tell
        self._clock = clock
        self._since_boot = since_boot
        self._by_server: Instant | None = None
        self._by_messages: deque[_Met] = deque(maxlen=_ALIKE)
        # What the clock showed when the computer started, by each time that it has shown since; the first is believed.
        self._shown = [self.start]
        self._looked = self._shown[0]

    @property
    def start(self) -> Instant:
        """What the clock showed when the computer started, by what it shows now; it changes when the clock is set."""
        return self._clock() - int(self._since_boot() * SECOND)

    @property
    def off(self) -> Instant:
        """See `skew`."""
        at = self._clock()
        return skew(self._by_server, [met.age for met in self._by_messages if abs(at - met.at) < _KEPT])

    def may_be_off(self, start: Instant) -> tuple[Instant, ...]:
        """`off`, and what it was at this `start` if another time that the clock has shown is the right one, or if the
        last message that came from the future was right; without those that are 0."""
        found = {self.off} | {start - each for each in self._shown}
        if self._by_server is None and self._by_messages:
            found.add(min(0, self._by_messages[-1].age))
        return tuple(each for each in found if abs(each) > TOLERATED)

    def set_by(self, start: Instant) -> Instant:
        """By how much the clock had been set at this `start` since its time was believed; 0 if it had not."""
        moved = start - self._shown[0]
        return moved if abs(moved) > TOLERATED else 0

    @property
    def impossible(self) -> bool:
        """Whether the clock shows a time that cannot be, as after the battery of a computer has run down."""
        return self._clock() < _MADE

    def look(self) -> Instant:
        """Notice whether the clock was set since the last look, and give its `start`; whoever is about to go by the
        clock calls this first, and keeps what it gives: the clock may be set while something is on its way."""
        start = self.start
        if abs(start - self._looked) <= TOLERATED:
            return start
        self._looked = start
        if all(abs(start - each) > TOLERATED for each in self._shown):
            self._shown = [self._shown[0], *self._shown[1:][1 - _MOST_SHOWN :], start]
        self._judge()
        return start

    def fits(self, start: Instant) -> None:
        """A genuine message, never seen before, shows that the time was right at this `start`, and not before."""
        self._shown = [start]
        self._looked = start
        self.look()
        self._judge()

    def heard(self, date: str | None) -> None:
        """A server said that it is this time, as the `Date` header of HTTP writes it; what is no time is nothing."""
        try:
            told = parsedate_to_datetime(date or "")
            # HTTP knows no other zone; -0000, or none at all, is read as the zone of this computer otherwise.
            said = int((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, TypeError, OverflowError, OSError):
            return
        self._by_server = self._clock() - said
        self._shown = [self.start - self._by_server]
        self._looked = self._shown[0] + self._by_server
        self._judge()

    def met(self, age: Instant, body: bytes) -> None:
        """A genuine message was this old when it came, and therefore not believed. Come again, it is still one."""
        which = sha256(body).digest()
        for known in [met for met in self._by_messages if met.which == which]:
            self._by_messages.remove(known)
        self._by_messages.append(_Met(self._clock(), age, which))
        self._judge()

    def _judge(self) -> None:
        problem = _impossible() if self.impossible else clock_problem(self.off) or _was_set(self.set_by(self.start))
        if str(problem) != str(self.problem):
            self.problem = problem
            self._tell(problem)


def _was_set(by: Instant) -> UserError | None:
    if not by:
        return None
    time = duration(abs(by))
    title = (
        say("This computer’s clock was set {time} forward.", time=time)
        if by > 0
        else say("This computer’s clock was set {time} back.", time=time)
    )
    hint = say("If it is wrong now, set it to automatic. Messages that only fit the time before come again.")
    return UserError(title, hint, code="clock-set")


def _impossible() -> UserError:
    title = say("This computer’s clock shows a year that is long over.")
    return UserError(title, say("Messages look too new because of it. Set the clock to automatic."), code="clock-wrong")
