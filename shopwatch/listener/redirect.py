"""Where the owner's browser is sent back to after a consent: heard on this computer alone, and only while one waits."""

import html
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

_MOST_BYTES = 4_096
_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>ShopWatch</title>'
    '<body style="font:16px/1.5 sans-serif;margin:15vh auto;max-width:32em;padding:0 1em"><h1>{title}</h1><p>{hint}</p>'
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Server": "ShopWatch",
}


@asynccontextmanager
async def redirect(port: int, path: str, take: Callable[[str], bool]) -> AsyncIterator[None]:
    """Hear at `path` of `port`. Addresses that `take` does not want, and everybody else, are told that nothing is here.

    Raises UserError if another program has the port.
    """
    names = tuple(f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]"))

    async def answer(request: web.Request) -> web.Response:
        if request.host not in names or not take(request.path_qs):
            raise web.HTTPNotFound(headers=_HEADERS)
        title, hint = say("Back to ShopWatch"), say("You can close this page. ShopWatch goes on by itself.")
        page = _PAGE.format(title=html.escape(title), hint=html.escape(hint))
        return web.Response(text=page, content_type="text/html", headers=_HEADERS)

    app = web.Application(client_max_size=_MOST_BYTES)
    app.router.add_get(path, answer, allow_head=False)
    # aiohttp writes a trace into the log for each request that is none.
    runner = web.AppRunner(app, access_log=None, logger=_SILENT, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await _listen(web.TCPSite(runner, "127.0.0.1", port), port)
        with suppress(OSError):  # not every computer speaks IPv6, and a browser tries both (RFC 8252, 7.3)
            await web.TCPSite(runner, "::1", port).start()
        yield
    finally:
        await runner.cleanup()


async def _listen(site: web.TCPSite, port: int) -> None:
    try:
        await site.start()
    except OSError as failure:
        raise UserError(
            say("Another program uses the place where the browser comes back to."),
            say("Close the program that uses port {port}, or paste the address by hand.", port=port),
            code="consent-port-taken",
        ) from failure
