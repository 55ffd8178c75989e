"""A fuzzer that is guided by coverage: an input that reaches a line of the program that none before has reached is
kept, and more are made of it.

`sys.monitoring` tells each line once and is then silent about it (PEP 669), so that inputs which reach nothing new run
at the full speed of the program.
"""

import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import CodeType, FrameType

from tests.fuzz.target import Attempt, Target

_HERE = Path(__file__).parents[2]
_OURS = str(_HERE / "shopwatch")
_TOOL = 4  # which nobody has by name, so that this does not keep coverage.py away
_LINE = sys.monitoring.events.LINE
CPU_SECONDS = 1.0
"""What is still at work on one input after so much time of the processor, or twice that, is too slow."""
MOST_MEMORY = 256 * 2**20
"""Bytes by which the program may grow while it is given inputs."""
_LOOK_EVERY = 64
_LARGEST_KEPT = 4_096
"""Bytes of an input that is kept for the next time."""


class TooSlow(BaseException):
    """One input took more than `CPU_SECONDS`."""


class TooLarge(BaseException):
    """The program grew by more than `MOST_MEMORY`."""


@dataclass
class Coverage:
    """How many lines of the program, whose files begin with `within`, were reached since the last `forget`."""

    within: str = _OURS
    reached: int = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While it counts."""
        sys.monitoring.use_tool_id(_TOOL, "fuzz")
        sys.monitoring.register_callback(_TOOL, _LINE, self._on_line)
        sys.monitoring.set_events(_TOOL, _LINE)
        try:
            yield
        finally:
            sys.monitoring.set_events(_TOOL, sys.monitoring.events.NO_EVENTS)
            sys.monitoring.register_callback(_TOOL, _LINE, None)
            sys.monitoring.free_tool_id(_TOOL)

    def forget(self) -> None:
        self.reached = 0
        sys.monitoring.restart_events()

    def _on_line(self, code: CodeType, _line: int) -> object:
        if code.co_filename.startswith(self.within):
            self.reached += 1
        return sys.monitoring.DISABLE


@dataclass(frozen=True)
class Finding:
    """An input that was not borne, and how that showed."""

    target: str
    data: bytes
    place: str
    trace: str

    def __str__(self) -> str:
        return f"{self.target}: {self.place}\n{self.trace}\ninput: {self.data[:2_000]!r}"


@dataclass
class Run:
    """What became of one target: `kept` are the inputs that reached something new, seeds left aside."""

    target: Target
    inputs: int = 0
    seconds: float = 0.0
    reached: int = 0
    kept: list[bytes] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)

    def go(self, coverage: Coverage, seconds: float, random: Random, *, at_least: int = 1) -> None:
        """Give the target inputs for so long."""
        coverage.forget()
        began = time.monotonic()
        seeds = list(self.target.seeds())
        known = [*seeds, *self.kept]
        with self.target.opened() as attempt, _Watch() as watch:
            for each in known:
                self._give(attempt, each, watch)
            self.reached = coverage.reached
            given, end = 0, began + seconds
            while given < at_least or given % _LOOK_EVERY or time.monotonic() < end:
                data = self.target.mutate(random.choice(known), known, random)
                for _ in range(int(random.random() ** 3 * 3)):
                    data = self.target.mutate(data, known, random)
                self._give(attempt, data, watch)
                given += 1
                if coverage.reached != self.reached:
                    self.reached = coverage.reached
                    self.kept.append(data)
                    known.append(data)
        self.seconds += time.monotonic() - began

    def replay(self, inputs: Iterable[bytes]) -> None:
        """Give the target each of these once."""
        with self.target.opened() as attempt, _Watch() as watch:
            for each in inputs:
                self._give(attempt, each, watch)

    def minimise(self, coverage: Coverage) -> None:
        """Leave away those that are large, or reach nothing which seeds and smaller ones do not reach."""
        coverage.forget()
        needed = []
        with self.target.opened() as attempt, _Watch() as watch:
            for each in self.target.seeds():
                self._give(attempt, each, watch)
            for each in sorted(self.kept, key=lambda data: (len(data), data)):
                if len(each) > _LARGEST_KEPT:
                    break
                before = coverage.reached
                self._give(attempt, each, watch)
                if coverage.reached != before:
                    needed.append(each)
        self.kept = needed

    def _give(self, attempt: Attempt, data: bytes, watch: "_Watch") -> None:
        self.inputs += 1
        watch.given += 1
        try:
            attempt(data)
        except (Exception, TooSlow, TooLarge) as failure:  # whatever is raised is what is looked for
            place = _place(failure)
            known = self.findings.get(place)
            if known is None or len(data) < len(known.data):
                self.findings[place] = Finding(self.target.name, data, place, traceback.format_exc())


class _Watch:
    """Interrupts what works on one input for too long or takes too much memory, and costs nothing in between."""

    def __init__(self) -> None:
        self.given = 0
        self._looked = -1
        self._most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + MOST_MEMORY

    def __enter__(self) -> "_Watch":
        self._before = signal.signal(signal.SIGVTALRM, self._on_tick)
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS, CPU_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, self._before)

    def _on_tick(self, _signal: int, _frame: FrameType | None) -> None:
        same, self._looked = self._looked == self.given, self.given
        if same:
            raise TooSlow
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > self._most:
            self._most *= 2
            raise TooLarge


def _place(failure: BaseException) -> str:
    """The kind of failure and where it was raised, by which two of them are the same."""
    steps = [each for each in traceback.extract_tb(failure.__traceback__) if each.filename.startswith(str(_HERE))]
    ours = [each for each in steps if "/.venv/" not in each.filename]
    where = f"{Path(ours[-1].filename).relative_to(_HERE)}:{ours[-1].lineno}" if ours else "?"
    return f"{type(failure).__name__} at {where}"
