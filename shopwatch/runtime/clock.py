"""The computer's clocks."""

import sys
import time

from shopwatch.domain.instant import Instant


def now() -> Instant:
    """The wall clock. Durations are measured with `time.monotonic`, never with this."""
    return time.time_ns() // 1_000_000


def steady() -> float:
    """Seconds of a clock that nobody sets; it may stand still while the computer sleeps."""
    return time.monotonic()


# Linux's own name for it; macOS counts sleep in its raw clock, and Windows in `monotonic`.
_SINCE_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None) or (
    getattr(time, "CLOCK_MONOTONIC_RAW", None) if sys.platform == "darwin" else None
)


def since_boot() -> float:
    """Seconds of a clock that nobody sets, and that goes on while the computer sleeps. What slows `now` down or hurries
    it a little, as time servers do, does the same to this one on Linux; elsewhere they part by seconds a day."""
    return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)


def in_step(period: float, at: float | None = None) -> float:
    """Seconds, at most 1.1 times `period`, until whole periods of `steady` have gone by; `at` is what it shows now.

    Whoever looks around that often wakes the computer together with the others: the waking costs more than the look.
    """
    rest = period - (steady() if at is None else at) % period
    return rest if rest > period / 10 else rest + period
