"""What endpoints sign by: chosen, kept beside what counted before, and brought back."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, Clock
from shopwatch.domain.source import Secrets

OLD_COUNT = DAY
"""For so long what an old endpoint has sent still fits."""

_MOST_OLD = 8
_OURS = "shopwatch"
"""How what was chosen here begins, so that it is chosen once; with what follows it is no longer than any provider
takes."""


class SecretKeeper(Protocol):
    """Where the secrets of sources are kept."""

    async def read(self, source_id: str, provider_name: str = "") -> Secrets:
        """Raises Outage; its code is "secret-missing" if there are none."""

    async def write(self, source_id: str, secrets: Secrets) -> None:
        """Replace all secrets of the source. Raises UserError."""


class Signing:
    """Raises UserError throughout, where the password store or the ledger is away. `touch` lets everybody know that
    the secrets of a source have changed."""

    def __init__(self, keeper: SecretKeeper, touch: Callable[[str], Awaitable[None]], clock: Clock) -> None:
        self._keeper = keeper
        self._touch = touch
        self._clock = clock

    async def held(self, source_id: str) -> Secrets:
        """All secrets of a source; none if there is none yet."""
        try:
            return await self._keeper.read(source_id)
        except UserError as failure:
            if failure.code == "secret-missing":
                return Secrets()
            raise

    async def choose(self, source_id: str) -> str:
        """A secret that nobody can guess, or the one that was chosen before. It counts from now on."""
        held = await self.held(source_id)
        if ours := next((each for each in held.current if each.startswith(_OURS)), ""):
            return ours
        fresh = _OURS + secrets.token_hex(15)
        await self._write_secrets(source_id, replace(held, current=(fresh, *held.current)))
        return fresh

    async def keep(self, source_id: str, given: tuple[str, ...]) -> None:
        """Let these count from now on, and what counts now for a day more."""
        held, at = await self.held(source_id), self._clock()
        if not given or given == held.current:
            return
        former = tuple(each for each in dict.fromkeys(held.at(at)) if each not in given)[:_MOST_OLD]
        await self._write_secrets(source_id, Secrets(given, former, at + OLD_COUNT if former else 0))

    async def recall(self, source_id: str) -> None:
        """An old endpoint is of use again: let what it signs by count as long as it stands, whichever that is."""
        held = await self.held(source_id)
        if held.previous:
            await self._write_secrets(source_id, Secrets(tuple(dict.fromkeys((*held.current, *held.previous)))))

    async def _write_secrets(self, source_id: str, kept: Secrets) -> None:
        await self._keeper.write(source_id, kept)
        await self._touch(source_id)
