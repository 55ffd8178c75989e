"""Another program on this computer, to which events are passed on."""

from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Program:
    """Keeps what it gets and answers as a test wishes."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer: Handler = self.ok
        self.url = ""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()

    async def ok(self, _request: web.Request) -> web.StreamResponse:
        """What it answers unless a test wants otherwise."""
        return web.Response(text="ok")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":  # a knock, which tells nothing
            return web.Response()
        self.got.append((dict(request.headers), await request.read()))
        return await self.answer(request)
