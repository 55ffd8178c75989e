"""The program that `make package` builds, started where it must bring everything along itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.session import Session

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(900)  # the first one builds the program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    places = ["--distpath", str(folder), "--workpath", str(ROOT / "build")]
    built = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, "shopwatch.spec"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder / "shopwatch" / "shopwatch"


def test_the_demo_rings_every_sale_without_a_screen(program: Path, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    demo = [str(program), "demo", "--sales", "3", "--rate", "20", "--exit"]
    done = subprocess.run(demo, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_it_finds_the_password_store_the_pop_ups_and_the_tray(program: Path, desktop: Session) -> None:
    doctor = [str(program), "doctor", "--json", "--data-dir", str(desktop.folder / "data")]
    done = subprocess.run(doctor, env=desktop.env, capture_output=True, text=True, timeout=60, check=False)
    checks = {check["name"]: check for check in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GNOME Keyring" in checks["keyring"]["sentence"]
    assert "dunst" in checks["pop-ups"]["sentence"]
    assert all(checks[name]["ok"] for name in ("qt", "screen", "tray", "ledger"))


def test_it_leaves_out_what_no_window_of_ours_uses(program: Path) -> None:
    names = [path.name for path in program.parent.rglob("*")]
    assert not [name for name in names if "Qml" in name or "Quick" in name or "WebEngine" in name]
    assert "bell.wav" in names
