"""The unit of a receiver is one that systemd takes, and that may do little besides receiving."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "packaging" / "systemd" / "shopwatch.service"
MOST_EXPOSED = 1.5
"""Of 10, by systemd's own measure; what serves the network is seldom below 1."""

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")


def _analyze(*arguments: str) -> str:
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_systemd_takes_it(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/usr/bin/shopwatch", "/bin/true"))
    assert _analyze("verify", str(unit)) == ""


def test_it_may_do_little() -> None:
    said = _analyze("security", "--offline=true", str(UNIT))
    (exposed,) = re.findall(r"exposure level for shopwatch.service: ([0-9.]+)", said)
    assert float(exposed) <= MOST_EXPOSED
