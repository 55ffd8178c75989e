import aiohttp

from shopwatch.domain.reach import TunnelState
from tests.standin.agent import StandIn
from tests.tunnel.told import Listener, Open, Told


async def test_requests_really_pass(tunnel_of: Open, told: Told, listener: Listener, agent: StandIn) -> None:
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    status = await told.state(TunnelState.ONLINE)

    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{status.public_url}/hook?a=b", data=b"sale", headers={"X-Forwarded-For": "6.6.6.6"}) as response,
    ):
        assert await response.text() == "/hook"

    path, headers, body = listener.requests[0]
    assert (path, body) == ("/hook?a=b", b"sale")
    assert headers["X-Forwarded-For"] == "6.6.6.6, 127.0.0.1"
    assert told.states == [TunnelState.STARTING, TunnelState.ONLINE]
    await tunnel.stop()
    assert tunnel.status.state is TunnelState.STOPPED
