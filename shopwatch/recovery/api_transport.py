"""Carries questions to providers, to their own hosts and nowhere else, and brings back what they answer."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from shopwatch.providers.api import (
    KEPT,
    ApiFailure,
    ApiProblem,
    ApiRequest,
    ApiResponse,
    Asking,
    NewKey,
    is_at,
    wait_of,
)
from shopwatch.runtime.tasks import QUICK_BYTES, finished

MOST_BYTES = 4 * 2**20
_AT_ONCE = 4
_LONGEST_PAUSE = 15.0
_UNCUT = 5.0
"""Seconds that a key which is on its way gets to arrive, when whoever asked is called off."""
_PASSING = frozenset({408, 429, 500, 502, 503, 504})

NOWHERE_ELSE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bounds:
    """All in seconds. `pauses` lie between one try and the next, each up to half as long again."""

    connect: float = 10
    total: float = 30
    pauses: tuple[float, ...] = (1, 4)


@dataclass(frozen=True, slots=True)
class Performed[T]:
    """What came of it, and every exchange on the way, in order."""

    result: T
    exchanges: tuple[tuple[ApiRequest, ApiResponse], ...]


@dataclass(frozen=True, slots=True)
class _Ended:
    result: Any


class ApiTransport:
    """At most 4 questions are on their way to one host at a time, so that a slow provider holds up no other, beside
    those on which a provider waits for something before it answers; they are asked once. No redirect is followed, no
    proxy of the environment used, no cookie kept, and no answer read beyond 4 MiB.

    `stand_ins` are origins that take the place of hosts: the one way to plain HTTP, for tests alone.
    """

    def __init__(self, bounds: Bounds | None = None, *, stand_ins: Mapping[str, str] = NOWHERE_ELSE) -> None:
        self._bounds = bounds or Bounds()
        self._stand_ins = stand_ins
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._session: aiohttp.ClientSession | None = None
        self.hear_date: Callable[[str, str | None], None] = lambda _host, _date: None
        """Is told what time it is at which host."""

    async def perform[T](
        self, asking: Asking[T], hosts: frozenset[str], keep: Callable[[str], Awaitable[None]] | None = None
    ) -> Performed[T]:
        """Ask all that `asking` wants to know, of `hosts` alone; `keep` is given each new key. Raises ApiFailure.

        Where a key may come, what brings it is not cut off before it is kept: the one before may be worth nothing then.
        """
        exchanges: list[tuple[ApiRequest, ApiResponse]] = []

        async def further(step: ApiRequest | NewKey) -> ApiRequest | NewKey | _Ended:
            if isinstance(step, NewKey):
                if keep is not None:
                    await keep(step.key)
                return await _advance_asking(asking, KEPT)
            response = await self._ask_host(step, hosts)
            exchanges.append((step, response))
            following = await _advance_asking(asking, response)
            return await further(following) if isinstance(following, NewKey) else following

        try:
            step = await _advance_asking(asking, None)
            while not isinstance(step, _Ended):
                brings_key = keep is not None and isinstance(step, ApiRequest) and not step.repeatable
                step = await (finished(further(step), _UNCUT) if brings_key else further(step))
        finally:
            asking.close()
        return Performed(step.result, tuple(exchanges))

    async def close(self) -> None:
        """Let go of all connections; whoever still waits for an answer is told that the provider is away."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask_host(self, request: ApiRequest, hosts: frozenset[str]) -> ApiResponse:
        if not is_at(request.url, tuple(hosts)):
            raise ApiFailure(ApiProblem.UNREADABLE)
        if request.patience:
            return await self._ask_once(request)
        for pause in self._bounds.pauses if request.repeatable else ():
            try:
                response = await self._in_turn(request)
            except ApiFailure as failure:
                if failure.problem is not ApiProblem.AWAY:
                    raise
                wait = pause
            else:
                wanted = wait_of(response)
                wait = pause if wanted is None else wanted
                if response.status not in _PASSING or wait > _LONGEST_PAUSE:
                    return response
            await asyncio.sleep(wait + pause * secrets.randbelow(500) / 1000)
        return await self._in_turn(request)

    async def _in_turn(self, request: ApiRequest) -> ApiResponse:
        async with self._turns[urlsplit(request.url).netloc]:
            return await self._ask_once(request)

    async def _ask_once(self, request: ApiRequest) -> ApiResponse:
        bounds = self._bounds
        try:
            async with self._open_session().request(
                request.method,
                self._place_url(request.url),
                headers=request.headers,
                data=request.body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=bounds.total + request.patience, sock_connect=bounds.connect),
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                self.hear_date(urlsplit(request.url).netloc.lower(), headers.get("date"))
                return ApiResponse(response.status, headers, await _read_body(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
            raise ApiFailure(ApiProblem.AWAY, answered=False) from failure

    def _place_url(self, url: str) -> str:
        host = urlsplit(url).netloc
        origin = self._stand_ins.get(host.lower())
        return url if origin is None else origin + url.removeprefix(f"https://{host}")

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "ShopWatch"}, trust_env=False
            )
        return self._session


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for piece in response.content.iter_chunked(QUICK_BYTES):
        read += piece
        if len(read) > MOST_BYTES:
            response.close()
            raise ApiFailure(ApiProblem.UNREADABLE)
    return bytes(read)


async def _advance_asking[T](asking: Asking[T], response: ApiResponse | None) -> ApiRequest | NewKey | _Ended:
    if response is not None and len(response.body) > QUICK_BYTES:
        return await asyncio.to_thread(_next_step, asking, response)
    return _next_step(asking, response)


def _next_step[T](asking: Asking[T], response: ApiResponse | None) -> ApiRequest | NewKey | _Ended:
    try:
        return next(asking) if response is None else asking.send(response)
    except StopIteration as ended:
        return _Ended(ended.value)
