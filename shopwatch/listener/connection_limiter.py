"""All open connections: never more than a fixed number, and the idle make room for the busy."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class ClientConnection(Protocol):
    """An open connection, as the limiter sees it."""

    served: bool
    waiting_since: float | None
    """Since when we wait for its next request, or the rest of it; None while a whole one is in hand."""

    def dismiss(self) -> None:
        """Cut it off."""

    def close_when_done(self) -> None:
        """Close now if nothing is in hand, else after the answer."""

    def check(self, moment: float) -> None:
        """Act if its time is up."""


class ConnectionLimiter:
    """`at_most` visitors, with at most `most_held` bytes of bodies that are not whole yet. `on_first` is called when
    somebody comes while nobody is there."""

    def __init__(self, at_most: int, most_held: int, on_first: Callable[[], None]) -> None:
        self._at_most = at_most
        self._most_held = most_held
        self._held = 0
        self._on_first = on_first
        self._present: dict[ClientConnection, int] = {}
        self._gone = asyncio.Event()
        self._gone.set()

    def __len__(self) -> int:
        return len(self._present)

    def enter(self, visitor: ClientConnection) -> bool:
        """Let a visitor in. When full, the one that has kept us waiting longest leaves, first of all those that never
        sent anything; False if nobody can be spared.
        """
        if len(self._present) >= self._at_most:
            waiting = [(one.served, one.waiting_since, one) for one in self._present if one.waiting_since is not None]
            if not waiting:
                return False
            spared = min(waiting, key=lambda entry: entry[:2])[2]
            self.leave(spared)
            spared.dismiss()
        if not self._present:
            self._on_first()
        self._present[visitor] = 0
        self._gone.clear()
        return True

    def leave(self, visitor: ClientConnection) -> None:
        """Forget a visitor whose connection has ended."""
        self._held -= self._present.pop(visitor, 0)
        if not self._present:
            self._gone.set()

    def bears(self, visitor: ClientConnection, size: int) -> bool:
        """Whether `size` bytes in all may be held for this visitor until its body is whole."""
        if visitor not in self._present:
            return False
        self._held += size - self._present[visitor]
        self._present[visitor] = size
        return self._held <= self._most_held

    def check(self, moment: float) -> None:
        """See to everybody's deadlines; `moment` by the loop's clock."""
        for visitor in tuple(self._present):
            visitor.check(moment)

    async def drain(self, seconds: float) -> None:
        """Let answers in hand be given, for so long at most, then cut off who is left."""
        for visitor in tuple(self._present):
            visitor.close_when_done()
        try:
            async with asyncio.timeout(seconds):
                await self._gone.wait()
        except TimeoutError:
            for visitor in tuple(self._present):
                visitor.dismiss()
