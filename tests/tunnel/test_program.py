"""Which ngrok program runs, and how one is fetched."""

import io
import tarfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.reach import TunnelState
from tests.standin.agent import StandIn
from tests.tunnel.told import QUICK, Listener, Open, Told


def _tarred(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("../escaped", "ngrok"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ngrok", content)
    return packed.getvalue()


@pytest.fixture
async def shelf() -> AsyncIterator[dict[str, bytes | str]]:
    """A server of files; `at` is its address."""
    files: dict[str, bytes | str] = {}

    async def serve(request: web.Request) -> web.Response:
        content = files.get(request.path[1:])
        return web.Response(body=content) if isinstance(content, bytes) else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    files["at"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield files
    await runner.cleanup()


@pytest.mark.parametrize("pack", [_tarred, _zipped])
async def test_a_missing_program_is_fetched_with_progress(
    tunnel_of: Open,
    told: Told,
    agent: StandIn,
    listener: Listener,
    folder: Path,
    shelf: dict[str, bytes | str],
    pack: object,
) -> None:
    assert callable(pack)
    padding = b"# " + bytes(range(97, 123)) * 20
    shelf["archive"] = pack(agent.path.read_bytes() + padding)

    await tunnel_of(program=None, download_url=f"{shelf['at']}/archive").start(listener.port)
    await told.state(TunnelState.ONLINE)

    assert 1.0 in [status.progress for status in told.statuses]
    assert told.statuses[-1].progress is None
    assert sorted(path.name for path in folder.iterdir()) == ["ngrok", "ngrok-launcher", "ngrok.pid"]
    assert not (folder.parent / "escaped").exists()
    assert (folder / "ngrok").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [None, b"", b"not an archive", _tarred(b"x")[:30]])
async def test_a_download_that_fails_is_said_and_tried_again(
    tunnel_of: Open,
    told: Told,
    agent: StandIn,
    listener: Listener,
    folder: Path,
    shelf: dict[str, bytes | str],
    content: bytes | None,
) -> None:
    if content is not None:
        shelf["archive"] = content
    await tunnel_of(program=None, download_url=f"{shelf['at']}/archive").start(listener.port)
    status = await told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-download-failed"
    assert list(folder.iterdir()) == []

    shelf["archive"] = _tarred(agent.path.read_bytes())
    await told.state(TunnelState.ONLINE)


async def test_fetching_without_internet_says_so(tunnel_of: Open, told: Told) -> None:
    await tunnel_of(program=None, download_url="http://127.0.0.1:9/archive").start(9)
    status = await told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "no-internet"


async def test_the_program_in_the_environment_is_honoured(
    tunnel_of: Open, told: Told, agent: StandIn, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(agent.path))
    await tunnel_of(program=None).start(listener.port)
    await told.state(TunnelState.ONLINE)


@pytest.mark.parametrize("fault", ["not-ngrok", "version-hang"])
async def test_a_program_that_is_not_ngrok_is_not_started(
    tunnel_of: Open, told: Told, agent: StandIn, fault: str
) -> None:
    from dataclasses import replace

    agent.fault(fault)
    await tunnel_of(timing=replace(QUICK, version=0.5)).start(9)
    status = await told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-program-wrong"
    assert agent.journal == []


async def test_a_program_that_is_not_there_is_named(tunnel_of: Open, told: Told, tmp_path: Path) -> None:
    await tunnel_of(program=tmp_path / "gone").start(9)
    status = await told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert str(tmp_path / "gone") in status.problem.title


async def test_a_folder_that_cannot_be_written_is_said(
    tunnel_of: Open, told: Told, listener: Listener, folder: Path
) -> None:
    folder.parent.mkdir(parents=True)
    folder.touch()
    await tunnel_of().start(listener.port)
    status = await told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-folder-locked"
    folder.unlink()
    await told.state(TunnelState.ONLINE)
