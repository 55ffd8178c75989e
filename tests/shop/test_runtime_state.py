"""The note that a running receiver leaves for the commands beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.host.paths import Paths
from shopwatch.shop.receiving import runtime_state

ONLINE = TunnelStatus(TunnelKind.OWN, TunnelState.ONLINE, "https://shop.example", 1)
NOTE = """
import sys
from pathlib import Path
from shopwatch.domain.connection.reach import TunnelStatus
from shopwatch.host.paths import Paths
from shopwatch.shop.receiving import runtime_state
runtime_state.note(Paths(Path(sys.argv[1])), 8080, TunnelStatus())
"""


def test_a_receiver_is_known_until_it_says_that_it_ends(paths: Paths) -> None:
    assert runtime_state.read(paths) is None
    runtime_state.note(paths, 8080, ONLINE)
    found = runtime_state.read(paths)
    assert found is not None
    assert (found.pid, found.port, found.tunnel) == (os.getpid(), 8080, ONLINE)
    runtime_state.forget(paths)
    assert runtime_state.read(paths) is None


@pytest.mark.skipif(sys.platform != "linux", reason="shows another clock by Linux’ own files")
def test_a_receiver_is_known_after_the_clock_was_set(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime_state.note(paths, 8080, ONLINE)
    proc = tmp_path / "proc"
    proc.mkdir()
    for each in Path("/proc").iterdir():
        if each.name != "stat":
            (proc / each.name).symlink_to(each)
    booted = round(psutil.boot_time())
    told = Path("/proc/stat").read_text(encoding="ascii")
    (proc / "stat").write_text(told.replace(f"btime {booted}", f"btime {booted + 3600}"), encoding="ascii")
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(proc))
    assert psutil.boot_time() == booted + 3600

    assert runtime_state.read(paths) is not None


@pytest.mark.parametrize("odd", ["", os.fsdecode(b"sh\xf6p")])
def test_a_receiver_that_was_killed_counts_for_nothing(paths: Paths, odd: str) -> None:
    subprocess.run([sys.executable, "-c", NOTE, str(paths.data_dir), odd], check=True)
    assert (paths.data_dir / "running.json").exists()
    assert runtime_state.read(paths) is None


def test_another_process_of_the_same_number_counts_for_nothing(paths: Paths) -> None:
    subprocess.run([sys.executable, "-c", NOTE, str(paths.data_dir)], check=True)
    note = paths.data_dir / "running.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"pid": os.getpid()}))
    assert runtime_state.read(paths) is None
