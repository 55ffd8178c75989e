"""What the tests of the tunnel share: a memory of what was told, short times, and a token to look for."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopwatch.domain.connection.reach import TunnelState, TunnelStatus
from shopwatch.tunnel.ngrok import NgrokTunnel, Timing
from tests.standin.agent import StandIn

TOKEN = "2canaryTOKENcanary_9fQ4zKx7Lm"
QUICK = Timing(start=8, ask_every=0.3, ask=5, reconnect=1, pauses=(0.05, 0.1), later={"ngrok-334": (0.1, 0.2, 0.3)})


class Told:
    """Every status a tunnel told, to be waited for."""

    def __init__(self) -> None:
        self.statuses: list[TunnelStatus] = []
        self._more = asyncio.Event()

    def __call__(self, status: TunnelStatus) -> None:
        self.statuses.append(status)
        self._more.set()

    @property
    def states(self) -> list[TunnelState]:
        return [status.state for status in self.statuses]

    async def until(
        self, wanted: Callable[[TunnelStatus], bool], *, after: int = 0, patience: float = 30
    ) -> TunnelStatus:
        """The first status from number `after` on that is `wanted`."""
        async with asyncio.timeout(patience):
            while True:
                for status in self.statuses[after:]:
                    if wanted(status):
                        return status
                self._more.clear()
                await self._more.wait()

    async def state(self, state: TunnelState, *, after: int = 0, patience: float = 30) -> TunnelStatus:
        return await self.until(lambda status: status.state is state, after=after, patience=patience)


@dataclass
class Listener:
    """Answers each request with its path."""

    port: int
    requests: list[tuple[str, dict[str, str], bytes]]


@dataclass
class Scene:
    """A stand-in agent, a listener to be reached, and what the tunnels between them told."""

    agent: StandIn
    listener: Listener
    folder: Path
    told: Told = field(default_factory=Told)
    tunnels: list[NgrokTunnel] = field(default_factory=list)

    def tunnel(self, **changes: Any) -> NgrokTunnel:
        """A tunnel through the stand-in, with other options where given."""
        usual: dict[str, Any] = {"folder": self.folder, "token": TOKEN, "timing": QUICK, "program": self.agent.path}
        self.tunnels.append(NgrokTunnel(self.told, **usual | changes))
        return self.tunnels[-1]


async def soon(condition: Callable[[], bool]) -> None:
    """Waits until `condition` holds, thirty seconds at most."""
    for _ in range(3_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
