"""Whether the public address leads here, found out by going there: nobody's word is taken for it."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shopwatch.domain.connection.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock, Instant
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.tunnel import errors
from shopwatch.tunnel.probe import probe

_OPEN = (TunnelState.ONLINE, TunnelState.URL_CHANGED)


def _every() -> dict[TunnelKind, float]:
    return {TunnelKind.NGROK: 565, TunnelKind.OWN: 30, TunnelKind.NONE: 565}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When to look, in seconds.

    `every` by kind of tunnel: a look a minute would use up twice the 20,000 requests that ngrok gives away a month. As
    it is they are fewer than 5,000, and an address that has died is known to be dead within ten minutes.
    `again` are the pauses after a first and further failures; when they are used up the address is silent, and is
    looked at every `silent`, and opened anew at most every `reopen`.
    """

    every: Mapping[TunnelKind, float] = field(default_factory=_every)
    again: tuple[float, ...] = (2, 5)
    silent: float = 60
    reopen: float = 600
    timeout: float = 8


class Watch:
    """Looks at the public address after each change of the tunnel, from time to time, and when it is told to."""

    def __init__(
        self,
        issue_probe: Callable[[], tuple[str, str]],
        tell: Callable[[Reach], None],
        reopen: Callable[[], None],
        *,
        rhythm: Rhythm | None = None,
        hear_date: Callable[[str | None], None] = lambda _: None,
        clock: Clock = now,
    ) -> None:
        """`issue_probe` gives a path of our listener and the proof answered there, once. `tell` hears every look.

        `reopen` is the tunnel's: it is called when the address is silent and a new start can help. `hear_date` is told
        what time it is outside.
        """
        self.reach = Reach(since=clock())
        self._issue_probe = issue_probe
        self._tell = tell
        self._reopen = reopen
        self._reopened_at = -math.inf
        self._rhythm = rhythm or Rhythm()
        self._hear_date = hear_date
        self._clock = clock
        self._url = self._last_url = ""
        self._kind = TunnelKind.NONE
        self._failures = 0
        self._failing_since: Instant | None = None
        self._wanted = False
        self._stirred = asyncio.Event()
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    def on_tunnel_changed(self, status: TunnelStatus) -> None:
        """Begins to watch an address that was opened, and ends when it is closed; does nothing after `stop`."""
        if self._ended:
            return
        url = status.public_url if status.state in _OPEN else ""
        if url and self._task is None:
            self._task = spawn(self._run(), "watch")
        if url and url != self._url:
            if url != self._last_url:
                self._failures, self._failing_since = 0, None
            self._url = self._last_url = url
            self._kind = status.kind
            self._show(ReachState.CHECKING)
            self.look_soon()
        elif not url and self._url:
            self._url = ""
            self._show(ReachState.UNKNOWN)

    def look_soon(self) -> None:
        """Do not wait until the next look is due."""
        self._wanted = True
        self._stirred.set()

    async def check(self) -> Reach:
        """Look now, once."""
        async with self._looking:
            url = self._url
            if not url:
                return self.reach
            path, proof = self._issue_probe()
            problem = await probe(url, path, proof, timeout=self._rhythm.timeout, hear_date=self._hear_date)
            if url == self._url:
                self._judge(problem)
        return self.reach

    async def stop(self) -> None:
        """Look no more."""
        self._ended = True
        task, self._task = self._task, None
        await call_off(task)
        self._url = ""
        self._show(ReachState.UNKNOWN)

    async def _run(self) -> None:
        while True:
            self._wanted = False
            await self.check()
            await self._pause()

    def _judge(self, problem: UserError | None) -> None:
        at = self._clock()
        self._stirred.set()
        if problem is None:
            self._failures, self._failing_since = 0, None
            self._show(ReachState.ANSWERS, checked_at=at)
            return
        self._failures += 1
        self._failing_since = self._failing_since or at
        silent = self._failures > len(self._rhythm.again)
        state = ReachState.SILENT if silent else ReachState.CHECKING
        self._show(state, since=self._failing_since, checked_at=at, problem=problem)
        if silent and problem.code in errors.REOPENING_HELPS:
            self._open_anew()

    def _open_anew(self) -> None:
        moment = time.monotonic()
        if moment - self._reopened_at >= self._rhythm.reopen:
            self._reopened_at = moment
            self._reopen()

    def _show(
        self,
        state: ReachState,
        *,
        since: Instant | None = None,
        checked_at: Instant | None = None,
        problem: UserError | None = None,
    ) -> None:
        if since is None:
            since = self.reach.since if state is self.reach.state else self._clock()
        checked_at = self.reach.checked_at if checked_at is None else checked_at
        shown = replace(self.reach, state=state, since=since, checked_at=checked_at, problem=problem)
        if shown != self.reach:
            self.reach = shown
            self._tell(shown)

    async def _pause(self) -> None:
        began = time.monotonic()
        while not self._wanted and (left := began + self._interval() - time.monotonic()) > 0:
            self._stirred.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), left)

    def _interval(self) -> float:
        rhythm = self._rhythm
        if self._failures == 0:
            return rhythm.every[self._kind]
        return rhythm.again[self._failures - 1] if self._failures <= len(rhythm.again) else rhythm.silent
