"""An app that is killed leaves no agent behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.connection.reach import TunnelState
from shopwatch.tunnel.orphan import end_group, end_orphan, remember_agent, wait_for_group
from tests.standin.agent import is_running
from tests.tunnel.scene import Scene, soon


@asynccontextmanager
async def _app(scene: Scene, program: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Opens an address in another process, and kills that in the end."""
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.tunnel.app", str(scene.folder), str(program)]
    app = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=asyncio.subprocess.PIPE)
    try:
        await _says(app, b"online")
        yield app
    finally:
        app.kill()
        await app.wait()


async def _says(app: asyncio.subprocess.Process, state: bytes) -> None:
    assert app.stdout is not None
    async with asyncio.timeout(30):
        while line := await app.stdout.readline():
            if state in line:
                return
    raise EOFError


async def _kill_an_app(scene: Scene, program: Path) -> int:
    """The process of the agent it leaves."""
    async with _app(scene, program):
        pid: int = scene.agent.journal[-1]["pid"]
    return pid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_the_system_ends_the_agent_of_a_killed_app(scene: Scene) -> None:
    orphan = await _kill_an_app(scene, scene.agent.path)
    await soon(lambda: not is_running(orphan))
    assert scene.agent.running() == []


@pytest.mark.parametrize("wrapped", [False, True], ids=["the program", "a script around it"])
async def test_the_next_start_ends_an_agent_that_lived_on(scene: Scene, wrapped: bool) -> None:
    scene.agent.fault("outlive")
    orphan = await _kill_an_app(scene, scene.agent.wrapper if wrapped else scene.agent.path)
    assert is_running(orphan)

    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)

    await soon(lambda: not is_running(orphan))
    assert len(scene.agent.running()) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows has no groups of processes")
def test_what_has_ended_and_nobody_reaps_is_not_waited_for() -> None:
    leader = subprocess.Popen(["sleep", "60"], process_group=0, text=True)
    member = subprocess.Popen(["sleep", "60"], process_group=leader.pid)
    end_group(leader)
    wait_for_group(leader, patience=1_000_000)
    assert leader.returncode == -signal.SIGKILL
    assert not is_running(member.pid)
    member.wait()


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
