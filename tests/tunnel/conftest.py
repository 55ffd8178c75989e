from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.standin.agent import StandIn
from tests.tunnel.scene import Listener, Scene, Told, soon


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def scene(tmp_path: Path, listener: Listener) -> AsyncIterator[Scene]:
    program = tmp_path / "program"
    program.mkdir()
    made = Scene(StandIn(program), listener, tmp_path / "data" / "tunnel")
    yield made
    for tunnel in made.tunnels:
        await tunnel.stop()
    await soon(lambda: made.agent.running() == [])


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    requests: list[tuple[str, dict[str, str], bytes]] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append((request.path_qs, dict(request.headers), await request.read()))
        return web.Response(text=request.path)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    yield Listener(port, requests)
    await runner.cleanup()
