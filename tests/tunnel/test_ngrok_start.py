"""Starting: each way ngrok can refuse or fail, in the owner's words, and ended in time."""

import asyncio
import time
from dataclasses import replace

import pytest

from shopwatch.domain.reach import TunnelState
from tests.standin.agent import StandIn
from tests.tunnel.told import QUICK, TOKEN, Listener, Open, Told

ASKS_OWNER = {
    "105": "ngrok does not accept this token.",
    "107": "ngrok no longer accepts this token.",
    "4018": "There is no ngrok token yet.",
    "108": "Your ngrok account is in use on another computer.",
    "120": "The ngrok program on this computer is too old.",
    "121": "The ngrok program on this computer is too old.",
    "102": "Your ngrok account has an unpaid bill.",
    "9040": "ngrok does not serve this network.",
    "313": "This public address does not belong to your ngrok account.",
    "324": "Your ngrok account has too many addresses open.",
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
async def test_what_only_the_owner_can_mend_is_asked_and_not_retried(
    tunnel_of: Open, told: Told, agent: StandIn, code: str
) -> None:
    agent.fault(code)
    tunnel = tunnel_of()

    await tunnel.start(9)
    status = await told.state(TunnelState.NEEDS_USER)

    assert status.problem is not None
    assert status.problem.title == ASKS_OWNER[code]
    assert status.problem.hint
    assert status.problem.code == f"ngrok-{code}"
    assert not any(TOKEN in str(one.problem) for one in told.statuses)
    assert len(agent.journal) == (4 if code == "334" else 1)


async def test_no_token_is_said_without_starting_the_program(tunnel_of: Open, told: Told, agent: StandIn) -> None:
    await tunnel_of(token=" ").start(9)
    status = await told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-4018"
    assert agent.journal == []


@pytest.mark.parametrize("fault", TRIES_AGAIN)
async def test_what_may_pass_is_said_and_tried_again(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener, fault: str
) -> None:
    agent.fault(fault)
    await tunnel_of().start(listener.port)
    status = await told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == TRIES_AGAIN[fault]

    agent.fault()
    await told.state(TunnelState.ONLINE, after=len(told.statuses))


async def test_the_owner_mends_it_and_asks_to_try_again(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener
) -> None:
    agent.fault("102")
    tunnel = tunnel_of()
    await tunnel.start(listener.port)
    await told.state(TunnelState.NEEDS_USER)

    agent.fault()
    tunnel.reopen()
    await told.state(TunnelState.ONLINE)


async def test_an_address_of_another_shopwatch_is_taken_once_it_is_free(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener
) -> None:
    agent.fault("334")
    await tunnel_of().start(listener.port)
    await told.state(TunnelState.FAILED)
    agent.fault()
    await told.state(TunnelState.ONLINE)
    assert TunnelState.NEEDS_USER not in told.states


async def test_without_internet_it_says_so_and_goes_on_trying(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener
) -> None:
    agent.fault("offline")
    await tunnel_of().start(listener.port)
    status = await told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.title == "This computer is not on the internet."

    agent.fault()
    await told.state(TunnelState.ONLINE)
    assert len(agent.journal) == 1


@pytest.mark.parametrize("fault", ["silent", "api-hang"])
async def test_a_mute_program_is_ended_at_the_deadline(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener, fault: str
) -> None:
    agent.fault(fault)
    began = time.monotonic()
    await tunnel_of(timing=replace(QUICK, start=1)).start(listener.port)
    status = await told.state(TunnelState.FAILED)
    assert time.monotonic() - began < 2.5
    assert status.problem is not None
    assert status.problem.code == "ngrok-silent"
    agent.fault()
    await told.state(TunnelState.ONLINE)


async def test_a_silent_start_can_be_stopped_at_once(tunnel_of: Open, agent: StandIn) -> None:
    agent.fault("silent")
    tunnel = tunnel_of()
    await tunnel.start(9)
    async with asyncio.timeout(5):
        while not agent.running():
            await asyncio.sleep(0.01)

    began = time.monotonic()
    await tunnel.stop()

    assert time.monotonic() - began < 1
    assert agent.running() == []
    assert tunnel.status.state is TunnelState.STOPPED


async def test_a_slow_and_talkative_program_opens_all_the_same(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener
) -> None:
    agent.fault("slow", "noisy")
    await tunnel_of().start(listener.port)
    await told.state(TunnelState.ONLINE)
    assert told.states == [TunnelState.STARTING, TunnelState.ONLINE]
