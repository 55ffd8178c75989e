"""What one computer alone may do for a shop: asking providers, counting up a day, looking for silence."""

import asyncio
import logging

from shopwatch.ledger.leadership import Leadership
from shopwatch.runtime.tasks import call_off, spawn
from shopwatch.shop.work import Part

_PROVES_EVERY = 2.0
"""Seconds between two looks of the leader whether it is that still."""
_ASKS_EVERY = 5.0
"""Seconds between two tries of the others."""

_log = logging.getLogger(__name__)


class Duties:
    """Does its `parts` while this computer leads; they begin in this order and end in the other."""

    def __init__(self, leadership: Leadership, *parts: Part) -> None:
        self._leadership = leadership
        self._parts = parts
        self._leads = False
        self._watching: asyncio.Task[None] | None = None

    @property
    def leads(self) -> bool:
        """Whether the parts work here now."""
        return self._leads

    def start(self) -> None:
        if self._leadership.contested:
            self._watching = spawn(self._watch(), "lead the shop")
        else:
            self._begin()

    async def stop(self) -> None:
        await call_off(self._watching)
        self._watching = None
        await self._end()
        await self._leadership.resign()

    async def _watch(self) -> None:
        while True:
            leads = await self._leadership.claim()
            if leads and not self._leads:
                _log.info("this computer asks providers for the shop from now on")
                self._begin()
            elif not leads and self._leads:
                _log.warning("this computer does not lead the shop any more")
                await self._end()
            await asyncio.sleep(_PROVES_EVERY if leads else _ASKS_EVERY)

    def _begin(self) -> None:
        self._leads = True
        for part in self._parts:
            part.start()

    async def _end(self) -> None:
        if self._leads:
            self._leads = False
            for part in reversed(self._parts):
                await part.stop()
