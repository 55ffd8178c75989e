"""An open address: requests pass, and whatever happens to it is noticed and mended."""

import asyncio

import aiohttp
import pytest

from shopwatch.domain.reach import TunnelState
from tests.standin.agent import StandIn, ask
from tests.tunnel.told import Listener, Open, Told


async def post(url: str) -> str:
    timeout = aiohttp.ClientTimeout(total=5)
    forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "forged.example"}
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(f"{url}/hook?a=b", data=b"sale", headers=forged) as response,
    ):
        return await response.text()


async def test_requests_really_pass(tunnel_of: Open, told: Told, listener: Listener, agent: StandIn) -> None:
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    status = await told.state(TunnelState.ONLINE)

    assert await post(status.public_url) == "/hook"

    path, headers, body = listener.requests[0]
    assert (path, body) == ("/hook?a=b", b"sale")
    assert headers["X-Forwarded-For"] == "6.6.6.6, 127.0.0.1"
    assert headers["X-Forwarded-Host"] == "forged.example"
    assert told.states == [TunnelState.STARTING, TunnelState.ONLINE]
    assert agent.journal[0]["arguments"][:4] == ["start", "--none", "--log", "stdout"]
    await tunnel.stop()
    assert tunnel.status.state is TunnelState.STOPPED


async def test_the_reserved_name_is_asked_for(tunnel_of: Open, told: Told, listener: Listener) -> None:
    await tunnel_of(domain="https://blossom.ngrok-free.app/").start(listener.port)
    assert (await told.state(TunnelState.ONLINE)).public_url == "https://blossom.ngrok-free.app"


async def test_a_program_from_before_endpoints_is_spoken_to_its_own_way(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    agent.switches["VERSION"] = "3.29.1"
    await tunnel_of().start(listener.port)
    status = await told.state(TunnelState.ONLINE)
    assert await post(status.public_url) == "/hook"
    assert agent.journal[0]["settings"]["version"] == "2"


async def test_a_crash_is_mended(tunnel_of: Open, told: Told, listener: Listener, agent: StandIn) -> None:
    agent.switches["URL"] = "https://blossom.ngrok-free.app"
    await tunnel_of().start(listener.port)
    await told.state(TunnelState.ONLINE)
    before = len(told.statuses)

    agent_process = agent.running()[0]
    import psutil

    psutil.Process(agent_process).kill()

    lost = await told.state(TunnelState.RECONNECTING, after=before)
    assert lost.public_url == "https://blossom.ngrok-free.app"
    await told.state(TunnelState.ONLINE, after=before)
    assert len(agent.journal) == 2


async def test_a_lost_session_is_shown_until_it_is_back(tunnel_of: Open, told: Told, listener: Listener) -> None:
    await tunnel_of().start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    before = len(told.statuses)
    await ask(url, "drop")
    await told.state(TunnelState.RECONNECTING, after=before)
    await told.state(TunnelState.ONLINE, after=before)
    assert await post(url) == "/hook"


async def test_no_internet_while_open_is_said(tunnel_of: Open, told: Told, listener: Listener, agent: StandIn) -> None:
    await tunnel_of().start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    agent.fault("offline")
    await ask(url, "drop?seconds=0.1")
    status = await told.until(lambda status: status.problem is not None)
    assert status.problem is not None
    assert (status.state, status.problem.code) == (TunnelState.RECONNECTING, "no-internet")
    before = len(told.statuses)
    agent.fault()
    await told.state(TunnelState.ONLINE, after=before)
    assert len(agent.journal) == 1


async def test_a_session_lost_for_long_is_ended_and_opened_anew(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    await tunnel_of().start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    before = len(told.statuses)
    await ask(url, "drop?seconds=60")
    await told.until(lambda status: status.state is TunnelState.URL_CHANGED, after=before)
    assert len(agent.journal) == 2


async def test_a_program_that_hangs_is_replaced(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    agent.switches["URL"] = "https://blossom.ngrok-free.app"
    agent.switches["EDGE_PORT"] = str(_free_port())
    await tunnel_of().start(listener.port)
    await told.state(TunnelState.ONLINE)
    before = len(told.statuses)
    await ask(f"http://127.0.0.1:{agent.switches['EDGE_PORT']}", "hang")
    await told.state(TunnelState.RECONNECTING, after=before)
    await told.state(TunnelState.ONLINE, after=before)
    assert len(agent.running()) == 1


async def test_a_flood_of_log_lines_does_not_stop_the_way_in(tunnel_of: Open, told: Told, listener: Listener) -> None:
    await tunnel_of().start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    await ask(url, "flood?lines=8000")
    assert await post(url) == "/hook"
    assert told.states[-1] is TunnelState.ONLINE


async def test_another_address_than_the_known_one_is_shouted_until_the_owner_knows(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    agent.switches["URL"] = "https://new.ngrok-free.app"
    tunnel = tunnel_of(known_url="https://old.ngrok-free.app/")
    await tunnel.start(listener.port)
    status = await told.state(TunnelState.URL_CHANGED)
    assert status.public_url == "https://new.ngrok-free.app"
    assert status.previous_url == "https://old.ngrok-free.app"

    tunnel.accept_url()
    assert tunnel.status.state is TunnelState.ONLINE
    assert tunnel.status.previous_url == ""


async def test_an_address_that_changes_while_open_is_noticed(tunnel_of: Open, told: Told, listener: Listener) -> None:
    await tunnel_of().start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    await ask(url, "new-url?told=1")
    status = await told.state(TunnelState.URL_CHANGED)
    assert status.previous_url == url
    assert await post(status.public_url) == "/hook"


async def test_reopening_brings_a_vanished_address_back(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    url = (await told.state(TunnelState.ONLINE)).public_url
    await ask(url, "vanish")
    assert "ERR_NGROK_3200" in await post(url)
    before = len(told.statuses)

    tunnel.reopen()

    status = await told.until(lambda status: status.public_url not in ("", url), after=before)
    assert await post(status.public_url) == "/hook"
    assert len(agent.running()) == 1


async def test_starting_again_leaves_one_program(
    tunnel_of: Open, told: Told, listener: Listener, agent: StandIn
) -> None:
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    await tunnel.start(listener.port)
    await told.state(TunnelState.ONLINE)
    await tunnel.stop()
    await tunnel.start(listener.port)
    await told.state(TunnelState.URL_CHANGED)
    assert len(agent.running()) == 1


@pytest.mark.parametrize("stop_after", [0, 1, 5])
async def test_it_can_be_stopped_at_any_moment(
    tunnel_of: Open, agent: StandIn, listener: Listener, stop_after: int
) -> None:
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    for _ in range(stop_after):
        await asyncio.sleep(0.03)
    await tunnel.stop()
    assert agent.running() == []


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
