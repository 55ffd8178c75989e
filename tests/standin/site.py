"""A provider's API on loopback, as its documentation describes it, and all that can be wrong with one."""

import asyncio
import gzip
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """Answers with `handle`, but each of `faults` once before that, in order. `asked` is what it was asked."""

    handle: Handler
    faults: deque[Handler] = field(default_factory=deque)
    asked: list[web.Request] = field(default_factory=list)
    origin: str = ""

    def __post_init__(self) -> None:
        self._asked = asyncio.Condition()

    @property
    def paths(self) -> list[str]:
        return [each.path_qs for each in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        async with self._asked:
            self.asked.append(request)
            self._asked.notify_all()
        return await (self.faults.popleft() if self.faults else self.handle)(request)

    async def until_asked(self, times: int, patience: float = 30) -> None:
        """Wait until that many requests have come."""
        async with asyncio.timeout(patience), self._asked:
            await self._asked.wait_for(lambda: len(self.asked) >= times)


@asynccontextmanager
async def serving(site: Site, certificate: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """`site`, listening; by https if there is a certificate."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate).start()
    site.origin = f"http{'s' if certificate else ''}://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()


def status(code: int, **headers: str) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response({"error": {"message": "no"}}, status=code, headers=named)

    return handle


def raw(body: bytes) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    return handle


def huge(size: int = 5 * 2**20) -> Handler:
    return raw(b'{"data":["' + b"x" * size + b'"]}')


_BOMB = gzip.compress(bytes(32 * 2**20), 1)


async def bomb(_: web.Request) -> web.StreamResponse:
    """Some kilobytes that unpack to 32 MiB."""
    return web.Response(body=_BOMB, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})


async def half(request: web.Request) -> web.StreamResponse:
    """Promises more than it says, and hangs up."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"data":[')
    assert request.transport is not None
    request.transport.close()
    return response


async def hang(_: web.Request) -> web.StreamResponse:
    """Says nothing at all."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError
