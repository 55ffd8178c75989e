"""Which ngrok program runs, and how one is fetched."""

import io
import os
import sys
import tarfile
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.reach import TunnelState
from tests.tunnel.scene import QUICK, Scene


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


@dataclass
class Shelf:
    """Serves one archive, once there is one."""

    url: str = ""
    archive: bytes | None = None


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    made = Shelf()

    async def serve(request: web.Request) -> web.Response:
        return web.Response(status=404) if made.archive is None else web.Response(body=made.archive)

    app = web.Application()
    app.router.add_get("/archive", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/archive"
    yield made
    await runner.cleanup()


@pytest.mark.parametrize("pack", [_tarred, _zipped])
async def test_a_missing_program_is_fetched_with_progress(
    scene: Scene, shelf: Shelf, pack: Callable[[bytes], bytes]
) -> None:
    padding = b"# " + bytes(range(97, 123)) * 20
    shelf.archive = pack(scene.agent.path.read_bytes() + padding)

    await scene.tunnel(program=None, download_url=shelf.url).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)

    assert 1.0 in [status.progress for status in scene.told.statuses]
    assert scene.told.statuses[-1].progress is None
    assert sorted(path.name for path in scene.folder.iterdir()) == ["ngrok", "ngrok-launcher", "ngrok.pid"]
    assert not (scene.folder.parent / "escaped").exists()
    assert (scene.folder / "ngrok").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content", [None, b"", b"not an archive", _tarred(b"x")[:30]], ids=["none", "empty", "other", "cut off"]
)
async def test_a_download_that_fails_is_said_and_tried_again(scene: Scene, shelf: Shelf, content: bytes | None) -> None:
    shelf.archive = content
    await scene.tunnel(program=None, download_url=shelf.url).start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-download-failed"
    assert list(scene.folder.iterdir()) == []

    shelf.archive = _tarred(scene.agent.path.read_bytes())
    await scene.told.state(TunnelState.ONLINE)


async def test_fetching_without_internet_says_so(scene: Scene) -> None:
    await scene.tunnel(program=None, download_url="http://127.0.0.1:9/archive").start(9)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "no-internet"


async def test_the_program_in_the_environment_is_honoured(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(scene.agent.path))
    await scene.tunnel(program=None).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)


@pytest.mark.parametrize("fault", ["not-ngrok", "version-hang"])
async def test_a_program_that_is_not_ngrok_is_not_started(scene: Scene, fault: str) -> None:
    scene.agent.fault(fault)
    await scene.tunnel(timing=replace(QUICK, version=0.5)).start(9)
    status = await scene.told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-program-wrong"
    assert scene.agent.journal == []


async def test_a_program_that_is_not_there_is_named(scene: Scene, tmp_path: Path) -> None:
    await scene.tunnel(program=tmp_path / "gone").start(9)
    status = await scene.told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert str(tmp_path / "gone") in status.problem.title


async def test_a_program_that_cannot_be_looked_at_is_named(scene: Scene, tmp_path: Path) -> None:
    await scene.tunnel(program=tmp_path / ("n" * 300)).start(9)
    status = await scene.told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-program-wrong"


@pytest.mark.parametrize("fetched", [False, True])
async def test_a_folder_that_cannot_be_written_is_said(scene: Scene, shelf: Shelf, fetched: bool) -> None:
    shelf.archive = _tarred(scene.agent.path.read_bytes())
    scene.folder.parent.mkdir(parents=True)
    scene.folder.touch()
    how = {"program": None, "download_url": shelf.url} if fetched else {}
    await scene.tunnel(**how).start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-folder-locked"
    scene.folder.unlink()
    await scene.told.state(TunnelState.ONLINE)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="no folder is closed to this user")
async def test_a_program_in_a_folder_of_others_is_named(scene: Scene, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    try:
        await scene.tunnel(program=closed / "ngrok").start(9)
        status = await scene.told.state(TunnelState.NEEDS_USER)
    finally:
        closed.chmod(0o700)
    assert status.problem is not None
    assert status.problem.code == "ngrok-program-wrong"
