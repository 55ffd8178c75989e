"""What is done outside for what happens: one worker for each action, from start to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

from shopwatch.actions import registry
from shopwatch.actions.action import JobHandler
from shopwatch.actions.parts import Parts
from shopwatch.actions.worker import Worker, stop_all
from shopwatch.domain.facts import Bus
from shopwatch.domain.rules.job import Job, Result


class Lanes:
    """The workers of one shop. Pop-ups are not among them: only a desktop can show those."""

    def __init__(self, parts: Parts, bus: Bus) -> None:
        self._closing = AsyncExitStack()
        self._workers = [
            Worker(
                parts.ledger.outbox, bus, action, _Late(partial(action.handler, parts, self._closing), parts.refresh)
            )
            for action in registry.ACTIONS
            if action.handler is not None
        ]

    def start(self) -> None:
        """Begin with what waits already, on the running loop."""
        for worker in self._workers:
            worker.start()

    async def stop(self) -> None:
        """Take no more, and let what is on its way end within 3 seconds."""
        await stop_all(self._workers)
        await self._closing.aclose()


class _Late:
    """A handler that is made for its first job, because its libraries take time and room that most shops never need.

    Each job is done by the settings that hold then: another computer may just have added the place it goes to.
    """

    def __init__(self, make: Callable[[], JobHandler], refresh: Callable[[], Awaitable[None]]) -> None:
        self._make = make
        self._refresh = refresh
        self._handler: JobHandler | None = None
        self._making = asyncio.Lock()

    async def do(self, job: Job) -> Result:
        async with self._making:
            if self._handler is None:
                self._handler = await asyncio.to_thread(self._make)
        await self._refresh()
        return await self._handler.do(job)
