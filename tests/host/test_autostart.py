import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.host.autostart import set_start_at_login, starts_at_login

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="writes a desktop entry")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_it_is_switched_on_and_off_and_off_again(config: Path) -> None:
    assert not starts_at_login()
    set_start_at_login(True, ["/opt/shopwatch/shopwatch"])
    assert starts_at_login()
    assert "Exec=/opt/shopwatch/shopwatch\n" in (config / "autostart" / "shopwatch.desktop").read_text()
    set_start_at_login(False, [])
    set_start_at_login(False, [])
    assert not starts_at_login()


@pytest.mark.skipif(shutil.which("gio") is None, reason="gio launches desktop entries as a desktop does")
def test_a_desktop_starts_the_very_command_whatever_its_path_holds(tmp_path: Path, config: Path) -> None:
    program = tmp_path / 'my "shop" $HOME `x` \\n ü' / "run me"
    program.parent.mkdir()
    seen = tmp_path / "seen"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{seen}.part"\nmv "{seen}.part" "{seen}"\n')
    program.chmod(0o755)
    arguments = ["--data-dir", "/a b/c%d", "semi;colon", 'q"$\\', ""]
    set_start_at_login(True, [str(program), *arguments])
    subprocess.run(["gio", "launch", str(config / "autostart" / "shopwatch.desktop")], check=True, timeout=60)
    deadline = time.monotonic() + 10
    while not seen.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert seen.read_text() == "".join(f"{each}|" for each in arguments)


def test_a_place_that_cannot_be_written_is_told_in_plain_words(config: Path) -> None:
    config.write_text("a file where the folder should be")
    with pytest.raises(UserError) as failure:
        set_start_at_login(True, ["shopwatch"])
    assert failure.value.code == "start-at-login"
