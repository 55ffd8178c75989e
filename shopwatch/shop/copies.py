"""Copies of this shop noticing each other: whichever was brought to its place later has the shop."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable

from shopwatch.domain.clock import now
from shopwatch.domain.home import HomeClaim, read_claim
from shopwatch.settings.store import SettingsStore

_PATIENCE = 5.0
_AGAIN = 0.3
_RARELY = 10.0
_OFTEN = 60
"""How often a copy that has to leave is asked in short pauses whether it has."""

type Ask = Callable[[str, str, float], Awaitable[str | None]]
"""What is answered at an address to what is said there, within so many seconds; None if nobody answers."""


class Copies:
    """What one process says to other copies of its shop, and what it makes of what they say.

    `leave` is called when another copy has the shop; `has_left` is to be set once nothing is sent here any more.
    """

    def __init__(self, settings: SettingsStore, *, ask: Ask, leave: Callable[[], None]) -> None:
        self._settings = settings
        self._ask = ask
        self._leave = leave
        self._run = secrets.token_hex(8)
        self._started = now()
        self.has_left = False

    def answer(self, said: str) -> str | None:
        """What to say to another copy; None if that is none of this shop."""
        other = read_claim(said, self._settings.current.id)
        if other is None:
            return None
        if self._has_the_shop(other):
            self._leave()
        return self._claim.written(self._settings.current.id)

    async def alone(self, addresses: Iterable[str]) -> bool:
        """Whether this copy has the shop and no other one sends anything any more, as far as any answers at these
        addresses.

        One that has to leave is waited for, however long it takes: it says that it has left, or answers no more, and
        that only once it sends nothing.
        """
        for address in addresses:
            tries = 0
            while (other := await self._at(address)) is not None:
                if self._has_the_shop(other):
                    self._leave()
                    return False
                tries += 1
                await asyncio.sleep(_AGAIN if tries < _OFTEN else _RARELY)
        return True

    async def _at(self, address: str) -> HomeClaim | None:
        """The other copy that works there, if there is one."""
        answer = await self._ask(address, self._claim.written(self._settings.current.id), _PATIENCE)
        other = read_claim(answer, self._settings.current.id) if answer else None
        return None if other is None or other.run == self._run or other.away else other

    @property
    def _claim(self) -> HomeClaim:
        home = self._settings.current.home
        return HomeClaim(home.since, home.copy, self._started, self._run, self.has_left)

    def _has_the_shop(self, other: HomeClaim) -> bool:
        return other.run != self._run and not other.away and other > self._claim
