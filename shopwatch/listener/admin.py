"""What balancers and those who watch over servers ask, at a port of its own that senders never reach.

`/healthz` says whether the program runs, `/readyz` whether it may be sent messages, `/metrics` how it is doing, in the
text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

import errno
from collections.abc import Awaitable, Callable

from aiohttp import web

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Admin:
    """`unready` says in a word what stands in the way of a message, empty if nothing does; `metrics` is that page."""

    def __init__(self, unready: Callable[[], Awaitable[str]], metrics: Callable[[], Awaitable[bytes]]) -> None:
        self._unready = unready
        self._metrics = metrics
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Answer there from now on; the port. Raises `UserError` if it is taken, or is none of this computer."""
        app = web.Application()
        app.router.add_get("/healthz", self._say_healthy)
        app.router.add_get("/readyz", self._say_ready)
        app.router.add_get("/metrics", self._say_metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as failure:
            await self.stop()
            if failure.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
                raise
            raise UserError(
                say("ShopWatch cannot answer at {host}:{port}.", host=host, port=port),
                say("Choose another address or port with --admin."),
                code="admin-taken",
            ) from failure
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _say_healthy(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _say_ready(self, _request: web.Request) -> web.Response:
        why = await self._unready()
        return web.Response(text=f"{why or 'ok'}\n", status=503 if why else 200)

    async def _say_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self._metrics(), headers={"Content-Type": _METRICS})
