"""Which ngrok program runs, and how one is fetched."""

import hashlib
import io
import os
import re
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import web

from shopwatch.domain.connection.reach import TunnelState
from shopwatch.tunnel import program as fetching
from shopwatch.tunnel.release import RELEASES, Release, own_program
from tests.tunnel.scene import QUICK, Scene


def _bare(content: bytes) -> bytes:
    return content


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../escaped", "/escaped", "ngrok", "readme"):
            archive.writestr(name, content)
    return packed.getvalue()


@dataclass
class Shelf:
    """Serves one file, once there is one, and leads from /elsewhere to it."""

    url: str = ""
    content: bytes | None = None

    def holding(self, content: bytes, place: str = "ngrok") -> Release:
        """What is published, once it lies on the shelf."""
        return Release(f"{self.url}/{place}", hashlib.sha256(content).hexdigest())


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    made = Shelf()

    async def serve(request: web.Request) -> web.Response:
        return web.Response(status=404) if made.content is None else web.Response(body=made.content)

    async def lead_away(request: web.Request) -> web.Response:
        raise web.HTTPFound("/ngrok")

    app = web.Application()
    app.router.add_get("/elsewhere", lead_away)
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.mark.parametrize(("pack", "place"), [(_bare, "ngrok"), (_zipped, "ngrok.zip")])
async def test_a_missing_program_is_fetched_with_progress(
    scene: Scene, shelf: Shelf, pack: Callable[[bytes], bytes], place: str
) -> None:
    padding = b"# " + bytes(range(97, 123)) * 20
    shelf.content = pack(scene.agent.path.read_bytes() + padding)

    await scene.tunnel(program=None, release=shelf.holding(shelf.content, place)).start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)

    assert 1.0 in [status.progress for status in scene.told.statuses]
    assert scene.told.statuses[-1].progress is None
    placed = own_program(scene.folder)
    assert {path.name for path in scene.folder.iterdir()} <= {placed.name, "ngrok-launcher", "ngrok.pid"}
    assert not (scene.folder.parent / "escaped").exists()
    assert placed.stat().st_mode & 0o777 == 0o700


async def test_another_program_than_the_published_one_is_refused_and_not_kept(scene: Scene, shelf: Shelf) -> None:
    """docs/attacks.md, G9: whatever took the place of the file at ngrok is not run."""
    published = scene.agent.path.read_bytes()
    shelf.content = published + b"\n"
    await scene.tunnel(program=None, release=shelf.holding(published)).start(scene.listener.port)
    status = await scene.told.state(TunnelState.NEEDS_USER)
    assert status.problem is not None
    assert status.problem.code == "ngrok-program-other"
    assert status.problem.title.endswith("is not the one that ngrok published.")
    assert status.problem.hint
    assert list(scene.folder.iterdir()) == []
    assert scene.agent.journal == []


async def test_an_address_that_leads_elsewhere_is_not_followed(scene: Scene, shelf: Shelf) -> None:
    """docs/attacks.md, G9."""
    shelf.content = scene.agent.path.read_bytes()
    await scene.tunnel(program=None, release=shelf.holding(shelf.content, "elsewhere")).start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-download-failed"
    assert list(scene.folder.iterdir()) == []
    assert scene.agent.journal == []


async def test_what_unpacks_to_more_than_a_program_may_hold_is_refused(
    scene: Scene, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/attacks.md, G9."""
    monkeypatch.setattr(fetching, "LARGEST_PROGRAM", 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ngrok", bytes(100_001))
    shelf.content = packed.getvalue()
    await scene.tunnel(program=None, release=shelf.holding(shelf.content, "ngrok.zip")).start(9)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-download-failed"
    assert list(scene.folder.iterdir()) == []


def test_what_is_fetched_is_known_for_every_computer_with_a_window() -> None:
    """Qt comes as a wheel for these, and for no other."""
    machines = "Linux x86_64, Linux aarch64, Darwin x86_64, Darwin arm64, Windows AMD64, Windows ARM64"
    assert set(RELEASES) == {tuple(machine.split()) for machine in machines.split(", ")}
    for release in RELEASES.values():
        assert release.url.startswith("https://bin.ngrok.com/a/")
        assert re.fullmatch("[0-9a-f]{64}", release.sha256)


@pytest.mark.parametrize(
    "content", [None, b"", b"not an archive", _zipped(b"x")[:30]], ids=["none", "empty", "other", "cut off"]
)
async def test_a_download_that_fails_is_said(scene: Scene, shelf: Shelf, content: bytes | None) -> None:
    shelf.content = content
    published = shelf.holding(content or b"", "ngrok.zip")
    await scene.tunnel(program=None, release=published).start(scene.listener.port)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "ngrok-download-failed"
    assert list(scene.folder.iterdir()) == []


async def test_a_download_that_failed_is_tried_again(scene: Scene, shelf: Shelf) -> None:
    program = scene.agent.path.read_bytes()
    await scene.tunnel(program=None, release=shelf.holding(program)).start(scene.listener.port)
    await scene.told.state(TunnelState.FAILED)
    shelf.content = program
    assert (await scene.told.state(TunnelState.ONLINE)).public_url


async def test_fetching_without_internet_says_so(scene: Scene) -> None:
    await scene.tunnel(program=None, release=Release("http://127.0.0.1:9/ngrok", "")).start(9)
    status = await scene.told.state(TunnelState.FAILED)
    assert status.problem is not None
    assert status.problem.code == "no-internet"


async def test_the_program_in_the_environment_is_honoured(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(scene.agent.path))
    await scene.tunnel(program=None).start(scene.listener.port)
    assert (await scene.told.state(TunnelState.ONLINE)).public_url


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
    shelf.content = scene.agent.path.read_bytes()
    scene.folder.parent.mkdir(parents=True)
    scene.folder.touch()
    how = {"program": None, "release": shelf.holding(shelf.content)} if fetched else {}
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
