"""How far this computer's clock is off, by what others say of the time."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import sha256

from shopwatch.domain.clock import MINUTE, SECOND, Clock, Instant, now, steady
from shopwatch.domain.errors import UserError
from shopwatch.domain.words import duration, say

TOLERATED: Instant = 2 * MINUTE
_ALIKE = 3
_KEPT = 10 * MINUTE


def skew(by_server: Instant | None, by_messages: Sequence[Instant]) -> Instant:
    """How far the clock is ahead of the true time (below zero: behind it); 0 while nothing says that it is off.

    `by_server` is what a server said last, over HTTPS, and beats the others. `by_messages` are genuine messages that
    came out of their time, the newest last. Nobody can send one again before it was made, so one from the future is
    enough; old ones count only when several different ones are equally old, for anybody can have kept one.
    """
    if by_server is not None:
        return by_server if abs(by_server) > TOLERATED else 0
    latest = by_messages[-_ALIKE:]
    if latest and latest[-1] < -TOLERATED:
        return latest[-1]
    alike = len(latest) == _ALIKE and max(latest) - min(latest) <= TOLERATED
    return latest[-1] if alike and min(latest) > TOLERATED else 0


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


class Timepiece:
    """Learns how far this computer's clock is off, and tells what the owner should know whenever that changes.

    By `steady` it notices that the clock was set since, which looks as if the computer had slept.
    """

    def __init__(
        self,
        tell: Callable[[UserError | None], None] = lambda _: None,
        *,
        clock: Clock = now,
        steady: Callable[[], float] = steady,
    ) -> None:
        self.problem: UserError | None = None
        self._tell = tell
        self._clock = clock
        self._steady = steady
        self._by_server: Instant | None = None
        self._apart: Instant = 0
        self._by_messages: deque[_Met] = deque(maxlen=_ALIKE)

    @property
    def off(self) -> Instant:
        """See `skew`."""
        at = self._clock()
        return skew(self._by_server, [met.age for met in self._by_messages if abs(at - met.at) < _KEPT])

    @property
    def may_be_off(self) -> tuple[Instant, ...]:
        """`off`, and what it is if the clock was set since a server said what time it is; without those that are 0."""
        found = {self.off}
        if self._by_server is not None:
            found.add(skew(self._by_server + self._apart_at(self._clock()) - self._apart, ()))
        return tuple(found - {0})

    def heard(self, date: str | None) -> None:
        """A server said that it is this time, as the `Date` header of HTTP writes it; what is no time is nothing."""
        try:
            told = parsedate_to_datetime(date or "")
            # HTTP knows no other zone; -0000, or none at all, is read as the zone of this computer otherwise.
            said = int((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, TypeError, OverflowError, OSError):
            return
        at = self._clock()
        self._by_server, self._apart = at - said, self._apart_at(at)
        self._judge()

    def met(self, age: Instant, body: bytes) -> None:
        """A genuine message was this old when it came, and therefore not believed. Come again, it is still one."""
        which = sha256(body).digest()
        for known in [met for met in self._by_messages if met.which == which]:
            self._by_messages.remove(known)
        self._by_messages.append(_Met(self._clock(), age, which))
        self._judge()

    def _apart_at(self, at: Instant) -> Instant:
        return at - int(self._steady() * SECOND)

    def _judge(self) -> None:
        problem = clock_problem(self.off)
        if str(problem) != str(self.problem):
            self.problem = problem
            self._tell(problem)
