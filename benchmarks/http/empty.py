"""What is measured against: aiohttp's own server with a handler that does nothing."""

import asyncio
import sys

from aiohttp import web


async def nothing(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def serve(port: int, path: str) -> None:
    application = web.Application()
    application.router.add_post(path, nothing)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print('{"ready": true}', flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
