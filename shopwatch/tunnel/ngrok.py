"""A public address from ngrok: opened, watched, and opened again whenever it is lost."""

import asyncio
import math
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.tunnel import errors
from shopwatch.tunnel.agent import Agent, Heard
from shopwatch.tunnel.program import find_program
from shopwatch.tunnel.release import Release
from shopwatch.tunnel.tunnel import StatusBoard, Tell


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient we are, in seconds.

    An agent that meets its own old session at ngrok can go on trying for minutes; after `reconnect` it is started anew.
    An address that stayed open for `steady` makes the failures before it forgotten.
    """

    version: float = 10
    start: float = 30
    ask_every: float = 60
    ask: float = 4
    reconnect: float = 45
    steady: float = 60
    pauses: tuple[float, ...] = (1, 2, 5, 15, 60)
    later: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: errors.LATER)


class NgrokTunnel:
    """An ngrok agent of our own, started again with growing pauses until it needs the owner."""

    def __init__(
        self,
        tell: Tell,
        *,
        folder: Path,
        token: str,
        program: Path | None = None,
        domain: str = "",
        known_url: str = "",
        release: Release | None = None,
        timing: Timing | None = None,
        clock: Clock = now,
    ) -> None:
        """`folder` is ours alone. `domain` is the owner's reserved name; without it, the account's own.

        `known_url` is the address the owner's providers know; another one becomes `url-changed`. `release` is what is
        fetched where there is no program, in place of the one that is known for this computer.
        """
        self._board = StatusBoard(TunnelKind.NGROK, tell, clock)
        self._folder = folder
        self._token = token.strip()
        self._program = program
        self._domain = domain.strip().removeprefix("https://").rstrip("/")
        self._known_url = known_url.rstrip("/")
        self._release = release
        self._timing = timing or Timing()
        self._url = ""
        self._port = 0
        self._task: asyncio.Task[None] | None = None
        self._agent: Agent | None = None
        self._worker: ThreadPoolExecutor | None = None
        self._patience = _Patience(self._timing)
        self._changing = asyncio.Lock()
        self._stirred = asyncio.Event()
        self._open = False
        self._anew = False
        self._ask_now = False
        self._refused = False
        self._lost_at: float | None = None

    @property
    def status(self) -> TunnelStatus:
        return self._board.status

    async def start(self, port: int) -> None:
        async with self._changing:
            if self._port == port and self._task is not None and not self._task.done():
                return
            await self._end()
            self._port = port
            self._begin()

    async def stop(self) -> None:
        async with self._changing:
            await self._end()
            self._board.show(TunnelState.STOPPED)

    async def _end(self) -> None:
        task, self._task = self._task, None
        await call_off(task)
        if self._agent is not None:  # the task may have been cancelled while it was closing it
            await self._agent.close()
            self._agent = None
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
            self._worker = None

    def reopen(self) -> None:
        if self._task is not None and self._task.done():
            self._begin()
        self._anew = True
        self._stirred.set()

    def accept_url(self) -> None:
        if self.status.state is TunnelState.URL_CHANGED:
            self._known_url = self._url
            self._show_open()

    def _begin(self) -> None:
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="pyngrok")
        self._url = ""
        self._board.show(TunnelState.STARTING)
        self._task = spawn(self._run(self._worker), "ngrok tunnel")

    async def _run(self, worker: ThreadPoolExecutor) -> None:
        self._patience = _Patience(self._timing)
        try:
            while True:
                problem = await self._serve(worker)
                pause = self._patience.pause(problem)
                if pause is None:
                    self._board.show(TunnelState.NEEDS_USER, problem=problem)
                    return
                await self._pause(pause)
        except Exception:
            self._board.show(TunnelState.FAILED, problem=errors.agent_confused())
            raise

    async def _serve(self, worker: ThreadPoolExecutor) -> UserError | None:
        """Opens the address and keeps it until the agent must be started anew; why. None: because we were asked to."""
        self._agent = agent = Agent(self._folder, worker, self._on_heard)
        try:
            if not self._token:
                raise errors.ngrok_refused("4018")
            program = await find_program(
                self._program, self._folder, self._report, worker, release=self._release, patience=self._timing.version
            )
            self._url = await agent.open(program, self._token, self._port, self._domain, self._timing.start)
            self._open = True
            opened_at = time.monotonic()
            problem = await self._keep(agent)
            if time.monotonic() - opened_at > self._timing.steady:
                self._patience = _Patience(self._timing)
            self._board.show(TunnelState.RECONNECTING, public_url=self._url)
        except UserError as failure:
            problem = failure
            if not (failure.code == "ngrok-silent" and self._is_offline()):
                self._board.show(TunnelState.FAILED, public_url=self._url, problem=failure)
        finally:
            self._open = False
            await agent.close()
        return problem

    async def _keep(self, agent: Agent) -> UserError | None:
        timing, unanswered = self._timing, 0
        self._show_open()
        self._anew = self._ask_now = self._refused = False
        self._lost_at = None
        ask_at = time.monotonic() + timing.ask_every
        while True:
            given_up_at = math.inf if self._lost_at is None else self._lost_at + timing.reconnect
            await self._stirred_within(min(ask_at, given_up_at) - time.monotonic())
            if not agent.alive:
                return errors.agent_failed()
            if self._anew:
                return None
            if self._refused or time.monotonic() >= given_up_at:
                return errors.agent_confused()
            if not self._ask_now and time.monotonic() < ask_at:
                continue
            self._ask_now = False
            ask_at = time.monotonic() + timing.ask_every
            urls = await agent.urls(timing.ask)
            unanswered = unanswered + 1 if urls is None else 0
            if unanswered == 2:
                return errors.agent_silent()
            if urls == []:
                return errors.agent_confused()
            if urls and self.status.state is not TunnelState.RECONNECTING:
                self._url = self._url if self._url in urls else urls[0]
                self._show_open()

    def _is_offline(self) -> bool:
        return self.status.problem is not None and self.status.problem.code == "no-internet"

    def _on_heard(self, heard: Heard) -> None:
        if heard is Heard.OFFLINE:
            state = TunnelState.RECONNECTING if self._open else TunnelState.FAILED
            self._board.show(state, public_url=self._url, problem=errors.no_internet())
            self._lost_at = None
        elif not self._open:
            return
        elif heard is Heard.BACK:
            self._ask_now = True
            self._lost_at = None
            self._show_open()
        elif heard is Heard.REFUSED:
            self._refused = True
        elif heard is Heard.LOST:
            self._lost_at = self._lost_at or time.monotonic()
            self._board.show(TunnelState.RECONNECTING, public_url=self._url)
        self._stirred.set()

    def _show_open(self) -> None:
        self._known_url = self._known_url or self._url
        if self._url == self._known_url:
            self._board.show(TunnelState.ONLINE, public_url=self._url)
        else:
            self._board.show(TunnelState.URL_CHANGED, public_url=self._url, previous_url=self._known_url)

    def _report(self, done: float) -> None:
        self._board.show(TunnelState.STARTING, progress=done)

    async def _pause(self, seconds: float) -> None:
        self._anew = False
        end = time.monotonic() + seconds
        while not self._anew and (left := end - time.monotonic()) > 0:
            await self._stirred_within(left)

    async def _stirred_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stirred.wait(), seconds)
        self._stirred.clear()


class _Patience:
    """How long to wait before the next start, by what ended the last one."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._tries: dict[str, int] = {}

    def pause(self, problem: UserError | None) -> float | None:
        """Seconds, or None if only the owner can help."""
        if problem is None:
            return 0
        owner = problem.code in errors.NEEDS_USER
        kind = problem.code if owner else ""
        tried = self._tries.get(kind, 0)
        self._tries[kind] = tried + 1
        steps = self._timing.later.get(kind, ()) if owner else self._timing.pauses
        if tried < len(steps):
            return steps[tried]
        return None if owner else steps[-1]
