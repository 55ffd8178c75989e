"""Asking by the key of a source, which some providers give anew whenever they are asked."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Source
from shopwatch.providers.api import Api, ApiFailure, Asking, Problem
from shopwatch.recovery.courier import Courier, Performed

_log = logging.getLogger(__name__)


class KeyRing(Protocol):
    """Where the keys are kept."""

    async def read(self, source_id: str) -> str | None:
        """The key of a source; None if it has none. Raises Outage."""

    async def renew(self, source_id: str, key: str, /) -> object:
        """Keep the key that the provider gave in its place. Raises UserError."""

    def turn(self, source_id: str) -> asyncio.Lock:
        """Held by whoever asks by a key that asking renews."""


async def ask_by[T](
    courier: Courier, keys: KeyRing, source: Source, api: Api, question: Callable[[str], Asking[T]], *, key: str
) -> Performed[T]:
    """Ask `question` by the key of this source, which was `key` when it was last read.

    Where asking renews the key, one asks at a time and by the newest, and the one that comes is kept before anything
    else is asked. A key that the owner has given or taken away meanwhile stays so. Raises ApiFailure, and UserError
    where the password store is away.
    """
    hosts = api.may_speak_to(source.options)
    try:
        if not api.renews:
            return await courier.perform(question(key), hosts)
        async with keys.turn(source.id):
            held = await keys.read(source.id) or key

            async def keep(newer: str) -> None:
                nonlocal held
                if await keys.read(source.id) == held != newer:
                    await keys.renew(source.id, newer)
                    held = newer

            return await courier.perform(question(held), hosts, keep)
    except (ApiFailure, UserError):
        raise
    except Exception:
        _log.exception("what %s answered could not be read", api.provider)
        raise ApiFailure(Problem.UNREADABLE) from None
