"""The owner's token is in one file that only the owner can read, and only for the moment it is needed."""

import logging
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.connection.reach import TunnelState
from tests.tunnel.scene import TOKEN, Scene


def _written_down(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


def _seen_in_processes() -> list[str]:
    seen = []
    for process in psutil.process_iter():
        try:
            texts = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        seen += [text for text in texts if TOKEN in text]
    return seen


async def test_the_token_is_nowhere_to_be_seen_while_the_address_is_open(
    scene: Scene,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NGROK_AUTHTOKEN", TOKEN)
    monkeypatch.setenv("NGROK_API_KEY", TOKEN)
    caplog.set_level(logging.DEBUG)
    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)

    started = scene.agent.journal[0]
    assert started["mode"] == "0o600"
    assert not {"NGROK_AUTHTOKEN", "NGROK_API_KEY"} & set(started["variables"])
    assert _seen_in_processes() == []
    assert _written_down(tmp_path) == []
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


async def test_the_agent_keeps_no_requests_and_obeys_nobody_else(scene: Scene) -> None:
    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    settings = scene.agent.journal[0]["settings"]
    web_address = settings["agent"].pop("web_addr")
    assert settings == {
        "version": "3",
        "agent": {
            "authtoken": "TOKEN",
            "inspect_db_size": -1,
            "remote_management": False,
            "update_check": False,
            "console_ui": False,
        },
    }
    assert web_address.startswith("127.0.0.1:")
    assert not web_address.endswith(":4040")


@pytest.mark.parametrize("fault", ["105", "107", "exit", "silent", "api-500"])
async def test_a_refused_token_is_not_repeated_anywhere(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.agent.fault(fault)
    tunnel = scene.tunnel()
    await tunnel.start(9)
    if fault == "silent":
        await scene.told.state(TunnelState.STARTING)
    else:
        status = await scene.told.until(lambda status: status.problem is not None)
        assert status.problem is not None
        assert TOKEN not in repr(status.problem) + str(status.problem) + repr(status.problem.__context__)
    await tunnel.stop()
    assert _written_down(tmp_path) == []
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


async def test_a_file_planted_under_the_settings_name_is_not_written_through(scene: Scene, tmp_path: Path) -> None:
    scene.folder.mkdir(parents=True)
    trap = tmp_path / "trap"
    trap.touch(0o644)
    (scene.folder / "ngrok.yml").symlink_to(trap)
    await scene.tunnel().start(scene.listener.port)
    await scene.told.state(TunnelState.ONLINE)
    assert trap.read_bytes() == b""
