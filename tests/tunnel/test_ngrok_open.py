"""An open address: requests pass, and whatever happens to it is noticed and mended."""

import asyncio
import threading
from dataclasses import replace

import aiohttp
import psutil
import pytest

from shopwatch.domain.connection.reach import TunnelState
from tests.standin.agent import ask, is_running
from tests.stranger import try_as_stranger
from tests.tunnel.scene import QUICK, Scene, free_port, soon


async def post(url: str) -> str:
    timeout = aiohttp.ClientTimeout(total=5)
    forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "forged.example"}
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(f"{url}/hook?a=b", data=b"sale", headers=forged) as response,
    ):
        return await response.text()


async def test_requests_really_pass(scene: Scene) -> None:
    tunnel = scene.tunnel()
    await tunnel.start(scene.listener.port)
    status = await scene.told.state(TunnelState.ONLINE)

    assert await post(status.public_url) == "/hook"

    path, headers, body = scene.listener.requests[0]
    assert (path, body) == ("/hook?a=b", b"sale")
    assert headers["X-Forwarded-For"] == "6.6.6.6, 127.0.0.1"
    assert headers["X-Forwarded-Host"] == "forged.example"
    assert scene.told.states == [TunnelState.STARTING, TunnelState.ONLINE]
    assert scene.agent.journal[0]["arguments"][:4] == ["start", "--none", "--log", "stdout"]
    await tunnel.stop()
    assert tunnel.status.state is TunnelState.STOPPED


async def test_the_reserved_name_is_asked_for(scene: Scene) -> None:
    await scene.tunnel(domain="https://blossom.ngrok-free.app/").start(scene.listener.port)
    assert (await scene.told.state(TunnelState.ONLINE)).public_url == "https://blossom.ngrok-free.app"


async def test_a_program_from_before_endpoints_is_spoken_to_its_own_way(scene: Scene) -> None:
    scene.agent.switches["VERSION"] = "3.29.1"
    await scene.tunnel().start(scene.listener.port)
    status = await scene.told.state(TunnelState.ONLINE)
    assert await post(status.public_url) == "/hook"
    assert scene.agent.journal[0]["settings"]["version"] == "2"


async def test_a_crash_is_noticed_as_it_happens_and_mended(scene: Scene) -> None:
    scene.agent.switches["URL"] = "https://blossom.ngrok-free.app"
    await scene.tunnel(timing=replace(QUICK, ask_every=600)).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    before = len(scene.told.statuses)

    psutil.Process(scene.agent.running()[0]).kill()

    lost = await scene.told.state(TunnelState.RECONNECTING, after=before)
    assert lost.public_url == "https://blossom.ngrok-free.app"
    await scene.told.state(TunnelState.ONLINE, after=before)
    assert len(scene.agent.journal) == 2


async def test_a_lost_session_is_shown_until_it_is_back(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    before = len(scene.told.statuses)
    await ask(url, "drop")
    await scene.told.state(TunnelState.RECONNECTING, after=before)
    await scene.told.state(TunnelState.ONLINE, after=before)
    assert await post(url) == "/hook"


async def test_no_internet_while_open_is_said(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    scene.agent.fault("offline")
    await ask(url, "drop?seconds=0.1")
    status = await scene.told.until(lambda status: status.problem is not None)
    assert status.problem is not None
    assert (status.state, status.problem.code) == (TunnelState.RECONNECTING, "no-internet")
    before = len(scene.told.statuses)
    scene.agent.fault()
    await scene.told.state(TunnelState.ONLINE, after=before)
    assert len(scene.agent.journal) == 1


async def test_a_session_lost_for_long_is_ended_and_opened_anew(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    before = len(scene.told.statuses)
    await ask(url, "drop?seconds=60")
    await scene.told.until(lambda status: status.state is TunnelState.URL_CHANGED, after=before)
    assert len(scene.agent.journal) == 2


async def test_a_session_that_does_not_come_back_with_the_internet_is_opened_anew(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    scene.agent.fault("offline")
    await ask(url, "drop?seconds=0.1")
    await scene.told.until(lambda status: status.problem is not None)
    before = len(scene.told.statuses)
    scene.agent.fault("stale")
    status = await scene.told.state(TunnelState.RECONNECTING, after=before)
    assert status.problem is None
    await soon(lambda: len(scene.agent.journal) == 2)
    scene.agent.fault()
    await scene.told.state(TunnelState.URL_CHANGED, after=before)


async def test_a_program_that_hangs_is_replaced(scene: Scene) -> None:
    scene.agent.switches["URL"] = "https://blossom.ngrok-free.app"
    scene.agent.switches["EDGE_PORT"] = str(free_port())
    await scene.tunnel(timing=replace(QUICK, ask=1)).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    before = len(scene.told.statuses)
    await ask(f"http://127.0.0.1:{scene.agent.switches['EDGE_PORT']}", "hang")
    await scene.told.state(TunnelState.RECONNECTING, after=before)
    await scene.told.state(TunnelState.ONLINE, after=before)
    assert len(scene.agent.running()) == 1


async def test_a_flood_of_log_lines_does_not_stop_the_way_in(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    await ask(url, "flood?lines=8000")
    assert await post(url) == "/hook"
    assert scene.told.states[-1] is TunnelState.ONLINE


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_an_agent_whose_log_is_no_longer_read_is_replaced_before_it_blocks(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    before = len(scene.told.statuses)
    await ask(url, "babble")
    status = await scene.told.state(TunnelState.URL_CHANGED, after=before)
    assert await post(status.public_url) == "/hook"
    assert len(scene.agent.running()) == 1


async def test_another_address_than_the_known_one_is_shouted_until_the_owner_knows(scene: Scene) -> None:
    scene.agent.switches["URL"] = "https://new.ngrok-free.app"
    tunnel = scene.tunnel(known_url="https://old.ngrok-free.app/")
    await tunnel.start(scene.listener.port)
    status = await scene.told.state(TunnelState.URL_CHANGED)
    assert status.public_url == "https://new.ngrok-free.app"
    assert status.previous_url == "https://old.ngrok-free.app"

    tunnel.accept_url()
    assert tunnel.status.state is TunnelState.ONLINE
    assert tunnel.status.previous_url == ""


async def test_an_address_that_changes_while_open_is_noticed(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    await ask(url, "new-url?told=1")
    status = await scene.told.state(TunnelState.URL_CHANGED)
    assert status.previous_url == url
    assert await post(status.public_url) == "/hook"


async def test_reopening_brings_a_vanished_address_back(scene: Scene) -> None:
    tunnel = scene.tunnel()
    await tunnel.start(scene.listener.port)
    url = (await scene.told.state(TunnelState.ONLINE)).public_url
    await ask(url, "vanish")
    assert "ERR_NGROK_3200" in await post(url)
    before = len(scene.told.statuses)

    tunnel.reopen()

    status = await scene.told.until(lambda status: status.public_url not in ("", url), after=before)
    assert await post(status.public_url) == "/hook"
    assert len(scene.agent.running()) == 1


async def test_starting_again_leaves_one_program(scene: Scene) -> None:
    tunnel = scene.tunnel()
    await asyncio.gather(*(tunnel.start(scene.listener.port) for _ in range(3)))
    await scene.told.state(TunnelState.ONLINE)
    assert len(scene.agent.journal) == 1
    await tunnel.stop()
    await tunnel.start(scene.listener.port)
    await scene.told.state(TunnelState.URL_CHANGED)
    assert len(scene.agent.running()) == 1


async def test_opening_and_closing_leaves_nothing_behind(scene: Scene) -> None:
    tunnel, process, counted = scene.tunnel(), psutil.Process(), set()
    for _ in range(3):
        before = len(scene.told.statuses)
        await tunnel.start(scene.listener.port)
        await scene.told.until(lambda status: status.public_url != "", after=before)
        await tunnel.stop()
        await soon(lambda: not any("pyngrok" in thread.name for thread in threading.enumerate()))
        counted.add(process.num_fds())
    assert len(counted) == 1


async def test_a_script_around_the_program_is_ended_with_it(scene: Scene) -> None:
    tunnel = scene.tunnel(program=scene.agent.wrapper)
    await tunnel.start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    await tunnel.stop()
    await soon(lambda: scene.agent.running() == [])
    assert scene.told.states[-1] is TunnelState.STOPPED


async def test_a_program_outlives_the_end_of_a_script_around_it_by_no_more_than_a_look(scene: Scene) -> None:
    scene.agent.fault("outlive")
    scene.agent.switches["URL"] = "https://blossom.ngrok-free.app"
    await scene.tunnel(program=scene.agent.wrapper).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    (left,), before = scene.agent.running(), len(scene.told.statuses)
    script = psutil.Process(left).parent()
    assert script is not None
    script.kill()
    await scene.told.state(TunnelState.ONLINE, after=before)
    await soon(lambda: left not in scene.agent.running())


@pytest.mark.parametrize("stop_after", [0, 1, 5])
async def test_it_can_be_stopped_at_any_moment(scene: Scene, stop_after: int) -> None:
    tunnel = scene.tunnel()
    await tunnel.start(scene.listener.port)
    for _ in range(stop_after):
        await asyncio.sleep(0.03)
    await tunnel.stop()
    await soon(lambda: scene.agent.running() == [])
    assert scene.told.states[-1] is TunnelState.STOPPED


_ADDS = """
import json, sys, urllib.request
asked = json.dumps({"name": "strange", "upstream": {"url": "http://127.0.0.1:1"}, "url": "https://strange.example"})
for request in [
    urllib.request.Request(sys.argv[1], asked.encode(), {"Content-Type": "application/json"}),
    urllib.request.Request(sys.argv[1] + "/shopwatch", method="DELETE"),
][: int(sys.argv[2])]:
    urllib.request.urlopen(request)
print("obeyed")
"""


@pytest.mark.parametrize("orders", [1, 2], ids=["an address of their own", "that in the place of ours"])
async def test_what_another_user_tells_the_agent_is_ended_with_it(scene: Scene, orders: int) -> None:
    """docs/attacks.md, E17: the agent's own API asks nobody who they are."""
    scene.agent.switches["URL"] = "https://blossom.ngrok-free.app"
    await scene.tunnel(timing=replace(QUICK, ask_every=0.5)).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    before, agent = len(scene.told.statuses), scene.agent.running()[0]
    api = f"http://{scene.agent.journal[0]['settings']['agent']['web_addr']}/api/endpoints"

    assert await asyncio.to_thread(try_as_stranger, _ADDS, api, str(orders)) == "obeyed"

    await scene.told.state(TunnelState.ONLINE, after=before)
    await soon(lambda: not is_running(agent))
    assert {status.public_url for status in scene.told.statuses} <= {"", "https://blossom.ngrok-free.app"}
    again = f"http://{scene.agent.journal[1]['settings']['agent']['web_addr']}/api/endpoints"
    async with aiohttp.ClientSession() as session, session.get(again) as answer:
        assert [one["name"] for one in (await answer.json())["endpoints"]] == ["shopwatch"]
