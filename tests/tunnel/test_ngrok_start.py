"""Starting: each way ngrok can refuse or fail, in the owner's words, and ended in time."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shopwatch.domain.connection.reach import TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.tunnel.agent import Agent
from shopwatch.tunnel.program import Program
from tests.tunnel.scene import QUICK, TOKEN, Scene, soon

ASKS_OWNER = {
    "105": "ngrok does not accept this token.",
    "107": "ngrok no longer accepts this token.",
    "4018": "There is no ngrok token yet.",
    "108": "Your ngrok account is in use on another computer.",
    "121": "The ngrok program on this computer is too old.",
    "313": "This public address does not belong to your ngrok account.",
    "334": "Your public address is already in use, probably by another ShopWatch.",
}
TRIES_AGAIN = {
    "web-busy": "ngrok-port-busy",
    "exit": "ngrok-ended",
    "api-500": "ngrok-failed",
    "api-reset": "ngrok-ended",
    "no-url": "ngrok-failed",
    "bad-bytes": "ngrok-failed",
}


@pytest.mark.parametrize("code", ASKS_OWNER)
async def test_what_only_the_owner_can_mend_is_asked_and_not_retried(scene: Scene, code: str) -> None:
    scene.agent.fault(code)
    tunnel = scene.tunnel()

    await tunnel.start(9)
    status = await scene.told.state(TunnelState.NEEDS_USER)

    assert status.problem is not None
    assert status.problem.title == ASKS_OWNER[code]
    assert status.problem.hint
    assert status.problem.code == f"ngrok-{code}"
    assert not any(TOKEN in str(one.problem) for one in scene.told.statuses)
    assert len(scene.agent.journal) == (4 if code == "334" else 1)


async def test_no_token_is_said_without_starting_the_program(scene: Scene) -> None:
    await scene.tunnel(token=" ").start(9)
    status = await scene.told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-4018"
    assert scene.agent.journal == []


@pytest.mark.parametrize("fault", TRIES_AGAIN)
async def test_what_may_pass_is_said_and_tried_again(scene: Scene, fault: str) -> None:
    scene.agent.fault(fault)
    await scene.tunnel().start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == TRIES_AGAIN[fault]

    scene.agent.fault()
    await scene.told.state(TunnelState.ONLINE, after=len(scene.told.statuses))


async def test_the_owner_mends_it_and_asks_to_try_again(scene: Scene) -> None:
    scene.agent.fault("102")
    tunnel = scene.tunnel()
    await tunnel.start(scene.listener.port)
    await scene.told.state(TunnelState.NEEDS_USER)

    scene.agent.fault()
    tunnel.reopen()
    assert (await scene.told.state(TunnelState.ONLINE)).public_url


async def test_an_address_of_another_shopwatch_is_taken_once_it_is_free(scene: Scene) -> None:
    scene.agent.fault("334")
    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.FAILED)
    scene.agent.fault()
    await scene.told.state(TunnelState.ONLINE)
    assert TunnelState.NEEDS_USER not in scene.told.states


async def test_without_internet_it_says_so_and_goes_on_trying(scene: Scene) -> None:
    scene.agent.fault("offline")
    await scene.tunnel().start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.title == "This computer is not on the internet."

    scene.agent.fault()
    await scene.told.state(TunnelState.ONLINE)
    assert len(scene.agent.journal) == 1
    assert scene.told.states == [TunnelState.STARTING, TunnelState.FAILED, TunnelState.ONLINE]


@pytest.mark.parametrize("wrapped", [False, True], ids=["the program", "a script around it"])
@pytest.mark.parametrize("fault", ["silent", "api-hang"])
async def test_a_mute_program_is_ended_at_the_deadline(scene: Scene, fault: str, wrapped: bool) -> None:
    scene.agent.fault(fault)
    program = scene.agent.wrapper if wrapped else scene.agent.path
    await scene.tunnel(program=program, timing=replace(QUICK, start=2)).start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-silent"
    scene.agent.fault()
    await scene.told.state(TunnelState.ONLINE)


async def test_whoever_waits_for_an_earlier_start_waits_no_longer_than_the_deadline(scene: Scene) -> None:
    done = threading.Event()
    with ThreadPoolExecutor(1) as worker:
        worker.submit(done.wait)
        agent = Agent(scene.folder, worker, lambda _: None)
        try:
            with pytest.raises(UserError) as refused:
                async with asyncio.timeout(30):
                    await agent.open(Program(scene.agent.path, (3, 39)), TOKEN, 9, "", deadline=0.1)
        finally:
            done.set()
    assert refused.value.code == "ngrok-silent"


async def test_a_silent_start_can_be_stopped_before_its_deadline(scene: Scene) -> None:
    scene.agent.fault("silent")
    tunnel = scene.tunnel(timing=replace(QUICK, start=60))
    await tunnel.start(9)
    await soon(lambda: scene.agent.running() != [])

    async with asyncio.timeout(30):
        await tunnel.stop()

    await soon(lambda: scene.agent.running() == [])
    assert tunnel.status.state is TunnelState.STOPPED


async def test_a_slow_and_talkative_program_opens_all_the_same(scene: Scene) -> None:
    scene.agent.fault("slow", "noisy")
    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    assert scene.told.states == [TunnelState.STARTING, TunnelState.ONLINE]


async def test_a_proxy_in_the_environment_is_not_asked_about_our_own_agent(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "intranet.example")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    await scene.tunnel().start(scene.listener.port)
    assert (await scene.told.state(TunnelState.ONLINE)).public_url
