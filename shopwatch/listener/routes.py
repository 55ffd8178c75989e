"""Which source answers at which path, with its secrets in memory."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shopwatch import providers
from shopwatch.domain.errors import Outage
from shopwatch.domain.i18n import say
from shopwatch.domain.messages.delivery import Repeated, Request
from shopwatch.domain.messages.verdict import Challenge, Rejected
from shopwatch.domain.source import Secrets, Source
from shopwatch.providers.provider import Provider
from shopwatch.runtime.clock import in_step

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyRoute:
    """A source that can be judged."""

    source: Source
    provider: Provider
    secrets: Secrets


@dataclass(frozen=True, slots=True)
class UnavailableRoute:
    """A source whose secrets cannot be had now: its senders must come again, for nobody can tell who is genuine.

    Only a greeting that needs no secret is answered, because some providers give the secret to nobody else.
    """

    source: Source
    outage: Outage
    provider: Provider | None = None

    @property
    def hears_greetings(self) -> bool:
        return self.provider is not None and self.provider.described(self.source.options).is_greeted

    def greeted(self, request: Request) -> Challenge | Rejected | None:
        """The verdict on a greeting that is answered well whatever the secret is; None: it must come again."""
        if self.provider is None:
            return None
        options = self.source.options
        try:
            verdict = self.provider.described(options).greeted(request, Secrets(), options)
        except Repeated:
            return None
        return verdict if isinstance(verdict, Challenge | Rejected) and verdict.answer.status < 300 else None


type Route = ReadyRoute | UnavailableRoute


class SourceRegister(Protocol):
    """What the ledger tells of its sources."""

    async def all(self) -> tuple[Source, ...]:
        """All sources. Raises Outage."""

    async def stamp(self) -> object:
        """Something that is different once any process changed a source; cheap. Raises Outage."""


class SecretReader(Protocol):
    """Where secrets are kept."""

    async def read(self, source_id: str, provider_name: str = "") -> Secrets:
        """The secrets of a source. Raises Outage while they cannot be read, or if there are none."""


class Routes:
    """The sources of the ledger by their paths. Follows what other processes change, about every 6 s.

    `on_refreshed` is called whenever sources and secrets have been read anew; `outages` may be different then.
    """

    def __init__(
        self,
        register: SourceRegister,
        secrets: SecretReader,
        *,
        on_refreshed: Callable[[], None] = lambda: None,
        poll_seconds: float = 6.0,
        retry_seconds: float = 5.0,
        look_again_seconds: float = 0.5,
    ) -> None:
        self._register = register
        self._secrets = secrets
        self._on_refreshed = on_refreshed
        self._poll_seconds = poll_seconds
        self._retry_seconds = retry_seconds
        self._look_again_seconds = look_again_seconds
        self._by_path: dict[str, Route] = {}
        self._stamp: object = None
        self._known = False
        self._refreshing = asyncio.Lock()
        self._looked_at = float("-inf")
        self._tried_at = float("-inf")

    def find(self, path: str) -> Route | None:
        """The route at exactly this path, as far as known."""
        return self._by_path.get(path)

    def outages(self) -> dict[str, Outage]:
        """Why sources cannot be judged now, by source id."""
        return {
            route.source.id: route.outage for route in self._by_path.values() if isinstance(route, UnavailableRoute)
        }

    async def look_again(self, path: str) -> Route | None:
        """The route at a path that was unknown a moment ago: another process may just have made it.

        Looks at most twice a second, so that strangers' guesses cost nothing. Raises Outage if the ledger could not be
        read since the start, because then nobody knows which paths exist.
        """
        moment = time.monotonic()
        if moment - self._looked_at >= self._look_again_seconds:
            self._looked_at = moment
            try:
                await self._follow()
            except Outage:
                if not self._known:
                    raise
        elif not self._known:
            raise _unknown()
        return self.find(path)

    async def refresh(self) -> None:
        """Read sources and secrets anew. Raises Outage if the ledger cannot be read; then nothing changes.

        A source keeps the secrets it was opened with while the password store is away, unless they were changed.
        """
        async with self._refreshing:
            stamp = await self._register.stamp()
            sources = await self._register.all()
            self._stamp, self._known, self._tried_at = stamp, True, time.monotonic()
            former = {route.source.id: route for route in self._by_path.values()}
            self._by_path = {source.path: self._meanwhile(source, former.get(source.id)) for source in sources}
            for source in sources:
                self._by_path[source.path] = await self._open(source, self._by_path[source.path])
        self._on_refreshed()

    async def watch(self) -> None:
        """Follow changes until cancelled."""
        while True:
            await asyncio.sleep(in_step(self._poll_seconds))
            try:
                await self._follow()
                if self.outages() and time.monotonic() - self._tried_at >= self._retry_seconds:
                    await self.refresh()
            except Outage as outage:
                _log.warning("sources could not be read: %s", outage)

    async def _follow(self) -> None:
        if await self._register.stamp() != self._stamp or not self._known:
            await self.refresh()

    async def _open(self, source: Source, meanwhile: Route) -> Route:
        provider = providers.provider(source.provider)
        if provider is None:
            return UnavailableRoute(source, _newer())
        if provider.described(source.options).secretless:
            return ReadyRoute(source, provider, Secrets())
        try:
            return ReadyRoute(source, provider, await self._secrets.read(source.id, provider.name))
        except Outage as outage:
            return meanwhile if isinstance(meanwhile, ReadyRoute) else UnavailableRoute(source, outage, provider)

    def _meanwhile(self, source: Source, former: Route | None) -> Route:
        # What answers until the secrets have been read, which a locked password store can make last half a minute.
        if isinstance(former, ReadyRoute) and former.source.secrets_changed_at == source.secrets_changed_at:
            return ReadyRoute(source, former.provider, former.secrets)
        outage = former.outage if isinstance(former, UnavailableRoute) else _unknown()
        return UnavailableRoute(source, outage, providers.provider(source.provider))


def _unknown() -> Outage:
    return Outage(say("ShopWatch is still starting."), say("It takes a few seconds."), code="starting")


def _newer() -> Outage:
    return Outage(
        say("This source was made by a newer ShopWatch."), say("Install the newest version."), code="provider-unknown"
    )
