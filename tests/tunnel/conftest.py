from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shopwatch.tunnel.ngrok import NgrokTunnel
from tests.standin.agent import StandIn
from tests.tunnel.told import QUICK, TOKEN, Listener, Open, Told


@pytest.fixture
def agent(tmp_path: Path) -> StandIn:
    folder = tmp_path / "program"
    folder.mkdir()
    return StandIn(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tunnel"


@pytest.fixture
async def told() -> Told:
    return Told()


@pytest.fixture
async def tunnel_of(agent: StandIn, folder: Path, told: Told) -> AsyncIterator[Open]:
    """Makes tunnels through the stand-in, and ends them."""
    made: list[NgrokTunnel] = []

    def make(**changes: Any) -> NgrokTunnel:
        options: dict[str, Any] = {"folder": folder, "token": TOKEN, "timing": QUICK, "program": agent.path} | changes
        made.append(NgrokTunnel(told, **options))
        return made[-1]

    yield make
    for tunnel in made:
        await tunnel.stop()
    assert agent.running() == []


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """Answers each request with its path, and keeps what came."""
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
