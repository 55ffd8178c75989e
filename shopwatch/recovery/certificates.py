"""The certificates and keys by which some providers sign: fetched once each, from the provider's own hosts alone, and
kept in memory.

PayPal's file may hold its own certificate and not that of who issued it. That one is fetched where PayPal's certificate
says, from the issuer's host and nowhere else.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Clock
from shopwatch.domain.source import Secrets, Source
from shopwatch.providers import provider_name
from shopwatch.providers.api import OWNER_MENDS, Api, ApiFailure, ApiProblem
from shopwatch.providers.api_kit.published import Published, file_at
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_client import KeyRing, explained
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import spawn

BOUNDS = Bounds(connect=5, total=5, pauses=())
REMEMBERED = 60.0
"""Seconds for which an address that brought nothing is not asked again."""
MOST_FAILED = 20
"""Whoever makes up more addresses of one provider than this in that time has it asked no more."""
_MOST_KEPT = 16
_AT_ONCE = 4

type Tell = Callable[[str, UserError | None], None]
"""Told, by the id of a source, what the owner has to mend before its messages can be checked; None: nothing now."""


class Certificates:
    """Each is kept as long as its provider says. What is asked for at the same time by several is fetched once."""

    def __init__(
        self,
        transport: ApiTransport | None = None,
        *,
        keys: KeyRing | None = None,
        clock: Clock = now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport or ApiTransport(BOUNDS)
        self._keys = keys
        self._clock = clock
        self._monotonic = monotonic
        self._kept: dict[str, tuple[str, float]] = {}
        self._failed: dict[str, tuple[ApiProblem | None, float]] = {}
        self._asking: dict[str, asyncio.Task[str | None]] = {}
        self._roots: str | None = None
        self.problems: dict[str, UserError] = {}
        """What the owner has to mend before the messages of a source can be checked, by its id."""
        self.tell: Tell = lambda _source_id, _problem: None

    async def certify(self, source: Source, secrets: Secrets, url: str) -> Secrets:
        """`secrets` of this source with the certificate or key at `url`, and the roots that this computer trusts.

        Raises Outage if it cannot be had: it is not at one of its provider's own addresses, in which case nobody is
        asked, no API key is there where that is needed, or nothing that is good now comes from there within 5 s and
        64 KiB.
        """
        api, pem = api_of(source.provider), None
        if api is not None and api.published is not None and api.published.is_own(url):
            pem = self._known_certificate(api.published, url)
            if pem is None:
                pem = await self._fetched_certificate(source, api, api.published, url)
        if pem is None:
            name = provider_name(source)
            raise Outage(
                say("{provider}’s certificate cannot be fetched now.", provider=name),
                say("{provider} is asked to send its message again later.", provider=name),
                code="certificate-away",
            )
        self._tell_failure(source, None)
        return replace(secrets, certificates={url: pem}, trust=await self._trust_store())

    def ask_again(self) -> None:
        """The owner may have given another key: forget what could not be had."""
        self._failed.clear()
        for source_id in tuple(self.problems):
            del self.problems[source_id]
            self.tell(source_id, None)

    async def close(self) -> None:
        """Ask no more, and let go of all connections."""
        for task in tuple(self._asking.values()):
            task.cancel()
        await self._transport.close()

    def _known_certificate(self, published: Published, url: str) -> str | None:
        pem, until = self._kept.get(url, ("", 0.0))
        if self._monotonic() < until and published.usable(pem, self._clock()):
            return pem
        self._kept.pop(url, None)
        problem, until = self._failed.get(url, (None, 0.0))
        return "" if problem is ApiProblem.NOT_FOUND and self._monotonic() < until else None

    async def _fetched_certificate(self, source: Source, api: Api, published: Published, url: str) -> str | None:
        task = self._asking.get(url)
        if task is None:
            key = await self._api_key(source) if published.by_key else ""
            if key is None:
                self._tell_failure(source, _no_key(source, api))
                return None
            if not self._may_ask(published, url):
                return None
            task = self._asking[url] = spawn(self._fetch_certificate(published, url, key), "certificate")
            task.add_done_callback(partial(self._end_fetch, url))
        # One sender that hangs up does not take it from the others.
        pem = await asyncio.shield(task)
        problem = self._failed.get(url, (None, 0.0))[0]
        if pem is None and problem in OWNER_MENDS:
            self._tell_failure(source, explained(problem, source))
        return pem

    async def _api_key(self, source: Source) -> str | None:
        return await self._keys.read(source.id) if self._keys is not None else None

    def _may_ask(self, published: Published, url: str) -> bool:
        at = self._monotonic()
        self._failed = {each: failed for each, failed in self._failed.items() if at < failed[1]}
        failed = sum(map(published.is_own, self._failed))
        return url not in self._failed and failed < MOST_FAILED and len(self._asking) < _AT_ONCE

    def _end_fetch(self, url: str, _: asyncio.Task[str | None]) -> None:
        self._asking.pop(url, None)

    async def _fetch_certificate(self, published: Published, url: str, key: str) -> str | None:
        pem, believed, problem = None, False, None
        try:
            async with asyncio.timeout(BOUNDS.total):
                pem = (await self._transport.perform(published.ask(url, key), published.hosts)).result
                believed = await self._is_believed(published, pem)
                if not believed and (issuer := published.above(pem)):
                    above = (await self._transport.perform(file_at(issuer), published.hosts_above)).result
                    pem += ssl.DER_cert_to_PEM_cert(above)
                    believed = await self._is_believed(published, pem)
        except ApiFailure as failure:
            problem = failure.problem
        except TimeoutError:
            problem = ApiProblem.AWAY
        soon = self._monotonic() + REMEMBERED
        if not pem:
            self._failed[url] = ApiProblem.NOT_FOUND if pem == "" else problem, soon
            return pem
        if not published.usable(pem, self._clock()):
            self._failed[url] = None, soon
            return None
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        # One that is not believed is judged so, and looked at again soon: its issuer may only have been away.
        self._kept[url] = pem, self._monotonic() + published.keeps if believed else soon
        return pem

    async def _is_believed(self, published: Published, pem: str) -> bool:
        return published.believed(pem, await self._trust_store(), self._clock())

    async def _trust_store(self) -> str:
        if self._roots is None:
            self._roots = await asyncio.to_thread(_roots_of_this_computer)
        return self._roots

    def _tell_failure(self, source: Source, problem: UserError | None) -> None:
        before = self.problems.pop(source.id, None)
        if problem is not None:
            self.problems[source.id] = problem
        if (before and before.code) != (problem and problem.code):
            self.tell(source.id, problem)


def _no_key(source: Source, api: Api) -> UserError:
    return UserError(
        say("ShopWatch cannot check the messages of {provider} yet.", provider=provider_name(source)),
        say("Add the API key ({label}) under Connections.", label=say(api.key.label)),
        code="api-key-missing",
    )


def _roots_of_this_computer() -> str:
    return "".join(map(ssl.DER_cert_to_PEM_cert, ssl.create_default_context().get_ca_certs(binary_form=True)))
