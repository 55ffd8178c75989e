"""An app that is killed leaves no agent behind: the system ends it, or the next start does."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.reach import TunnelState
from shopwatch.tunnel.orphan import end_orphan, remember_agent
from tests.standin.agent import StandIn, is_running
from tests.tunnel.told import Listener, Open, Told


async def _kill_an_app(agent: StandIn, folder: Path) -> int:
    """Opens an address in another process and kills that; the agent's process."""
    root = Path(__file__).parent.parent.parent
    app = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.tunnel.app", folder, agent.path, cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert app.stdout is not None
    async with asyncio.timeout(10):
        while b"online" not in await app.stdout.readline():
            pass
    app.kill()
    await app.wait()
    pid: int = agent.journal[-1]["pid"]
    return pid


async def _ended(pid: int) -> None:
    async with asyncio.timeout(5):
        while is_running(pid):
            await asyncio.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_the_system_ends_the_agent_of_a_killed_app(agent: StandIn, folder: Path) -> None:
    await _ended(await _kill_an_app(agent, folder))


async def test_the_next_start_ends_an_agent_that_lived_on(
    agent: StandIn, folder: Path, tunnel_of: Open, told: Told, listener: Listener
) -> None:
    agent.fault("outlive")
    orphan = await _kill_an_app(agent, folder)
    assert is_running(orphan)

    await tunnel_of().start(listener.port)
    await told.state(TunnelState.ONLINE)

    assert not is_running(orphan)
    assert len(agent.running()) == 1


async def test_another_process_of_the_same_number_is_left_alone(tmp_path: Path) -> None:
    other = await asyncio.create_subprocess_exec("sleep", "60")
    note = tmp_path / "ngrok.pid"
    remember_agent(note, other.pid)
    assert not end_orphan(note, tmp_path / "ngrok.yml")
    assert psutil.pid_exists(other.pid)
    assert not note.exists()
    other.kill()
    await other.wait()


@pytest.mark.parametrize("content", ["", "many", "-1", "0", "99999999", "\0"])
def test_a_note_that_names_nobody_ends_nobody(tmp_path: Path, content: str) -> None:
    note = tmp_path / "ngrok.pid"
    note.write_text(content)
    assert not end_orphan(note, tmp_path / "ngrok.yml")
