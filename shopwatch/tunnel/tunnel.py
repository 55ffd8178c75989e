"""What every way of being reached promises."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Clock

type Tell = Callable[[TunnelStatus], None]
"""Hears each change of a tunnel's status, on the loop's thread."""


class Tunnel(Protocol):
    """Gives a public address that leads to a port of this computer, and says at each moment how it stands.

    Nothing here is raised at the caller: what goes wrong is in `status.problem`. All of it runs on the loop's thread.
    """

    @property
    def status(self) -> TunnelStatus: ...

    async def start(self, port: int) -> None:
        """Begin to lead the public address to 127.0.0.1:`port`. Returns at once; `status` tells the rest."""

    async def stop(self) -> None:
        """Close the address. Also ends a start that hangs; returns within seconds."""

    def reopen(self) -> None:
        """The address does not answer, or the computer has slept: open it anew, where that can help."""

    def accept_url(self) -> None:
        """The owner's providers know the present address: `url-changed` becomes `online`."""


class StatusBoard:
    """Keeps one status and tells when it changes. `since` moves only when the state does."""

    def __init__(self, kind: TunnelKind, tell: Tell, clock: Clock) -> None:
        self.status = TunnelStatus(kind, since=clock())
        self._tell = tell
        self._clock = clock

    def show(
        self,
        state: TunnelState,
        *,
        public_url: str = "",
        problem: UserError | None = None,
        progress: float | None = None,
        previous_url: str = "",
    ) -> None:
        before = self.status.problem
        if problem is not None and before is not None and (problem.code, str(problem)) == (before.code, str(before)):
            problem = before
        since = self.status.since if state is self.status.state else self._clock()
        shown = replace(
            self.status,
            state=state,
            public_url=public_url,
            since=since,
            problem=problem,
            progress=progress,
            previous_url=previous_url,
        )
        if shown != self.status:
            self.status = shown
            self._tell(shown)
