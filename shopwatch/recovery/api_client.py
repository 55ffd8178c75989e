"""Asks by the key of a source, which some providers give anew whenever they are asked."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Secrets, Source
from shopwatch.providers import apis, provider_name
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, Asking, explain
from shopwatch.recovery.api_transport import ApiTransport, Performed

_log = logging.getLogger(__name__)


class KeyRing(Protocol):
    """Where the keys are kept."""

    async def read(self, source_id: str) -> str | None:
        """The key of a source; None if it has none. Raises Outage."""

    async def renew(self, source_id: str, key: str, /) -> object:
        """Keep the key that the provider gave in its place. Raises UserError."""

    def turn(self, source_id: str) -> asyncio.Lock:
        """Held by whoever asks by a key that asking renews."""


class SecretReader(Protocol):
    """Where what messages are checked by is kept."""

    async def read(self, source_id: str) -> Secrets:
        """The secrets of a source. Raises Outage while they cannot be read, or if there are none."""


class ApiClient:
    """Asks the providers of sources, each by the key that was given for it. `find_api` finds the API of a provider;
    `secrets` are where some are asked by those."""

    def __init__(
        self,
        keys: KeyRing,
        transport: ApiTransport,
        *,
        find_api: Callable[[str], Api | None] = apis.api_of,
        secrets: SecretReader | None = None,
    ) -> None:
        self._keys = keys
        self._transport = transport
        self._find_api = find_api
        self._secrets = secrets

    def api_of(self, source: Source) -> Api | None:
        """The API of its provider; None if there is none that ShopWatch knows."""
        return self._find_api(source.provider)

    async def key_of(self, source: Source) -> str | None:
        """The key of this source; None if it has none. Raises Outage."""
        api = self.api_of(source)
        if api is None or not api.by_secret:
            return await self._keys.read(source.id)
        return None if self._secrets is None else (await self._secrets.read(source.id)).current[0]

    async def ask[T](self, source: Source, api: Api, question: Callable[[str], Asking[T]], *, key: str) -> Performed[T]:
        """Ask `question` by the key of this source, which was `key` when it was last read.

        Where asking renews the key, one asks at a time and by the newest, and the one that comes is kept before
        anything else is asked. A key that the owner has given or taken away meanwhile stays so. Raises ApiFailure, and
        UserError where the password store is away.
        """
        hosts = api.may_speak_to(source.options)
        try:
            if not api.renews:
                return await self._transport.perform(question(key), hosts)
            async with self._keys.turn(source.id):
                held = await self._keys.read(source.id) or key

                async def keep(newer: str) -> None:
                    nonlocal held
                    if await self._keys.read(source.id) == held != newer:
                        await self._keys.renew(source.id, newer)
                        held = newer

                return await self._transport.perform(question(held), hosts, keep)
        except (ApiFailure, UserError):
            raise
        except Exception:
            _log.exception("what %s answered could not be read", api.provider)
            raise ApiFailure(ApiProblem.UNREADABLE) from None


def explained(problem: ApiProblem, source: Source) -> UserError:
    """The owner's sentence for what stood in the way of asking the provider of `source`."""
    api = apis.api_of(source.provider)
    return explain(problem, provider_name(source), api.key.refused if api is not None else "")
