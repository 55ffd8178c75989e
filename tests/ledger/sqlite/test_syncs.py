"""What is said to be stored was synced before, seen from outside: by the calls that the process makes."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shopwatch.ledger import Ledger

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace belongs to Linux")

_BY_HAND = """
import os, sqlite3, sys
ledger = sqlite3.connect(sys.argv[1], isolation_level=None)
ledger.execute("PRAGMA synchronous=" + sys.argv[2])
for name in sys.argv[3:]:
    ledger.execute("UPDATE sources SET name = ?", (name,))
    os.write(1, f"{name} accepted\\n".encode())
"""


@pytest.fixture
def source(file: Path) -> str:
    async def new() -> str:
        ledger = Ledger.open(f"sqlite:///{file}")
        try:
            return (await ledger.sources.add("paynow", "PayNow")).id
        finally:
            ledger.close()

    return asyncio.run(new())


def calls(folder: Path, *command: str, inject: str = "") -> list[str]:
    """What the program said, and which files it synced, in the order in which it did."""
    seen = folder / "calls"
    tracing = ["strace", "-f", "-y", "-s", "100", "-o", str(seen), "-e", "trace=write,fsync,fdatasync"]
    done = subprocess.run(
        [*tracing, *(["-e", f"inject={inject}"] if inject else []), sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "ptrace" in done.stderr.lower():
        pytest.skip("no process may be watched here")
    assert done.returncode == 0, done.stderr
    found = []
    for line in seen.read_text().splitlines():
        if synced := re.search(r"f(?:data)?sync\(\d+<(.*?)>\) += (\S+)", line):
            found.append(f"{'synced' if synced[2] == '0' else 'not synced'} {Path(synced[1]).name}")
        elif said := re.search(r'write\(1<.*?>, "(.*?)\\n"', line):
            found.append(said[1])
    return found


def too_early(found: list[str], log: str) -> list[str]:
    """Of what was said to be stored, that before which the log was not synced."""
    early, synced = [], False
    for each in found:
        if each == f"synced {log}":
            synced = True
        elif each.endswith("accepted"):
            if not synced:
                early.append(each)
            synced = False
    return early


def test_nothing_is_said_to_be_stored_before_it_is_synced(file: Path, source: str, tmp_path: Path) -> None:
    names = [f"sale-{number}" for number in range(40)]
    found = calls(tmp_path, "-m", "tests.ledger.writes_in_turn", str(file), source, *names)
    assert [each for each in found if each.endswith("accepted")] == [f"{name} accepted" for name in names]
    assert too_early(found, f"{file.name}-wal") == []


def test_what_is_not_synced_would_be_seen(file: Path, source: str, tmp_path: Path) -> None:
    for synchronous, are_early in (("FULL", False), ("NORMAL", True)):
        found = calls(tmp_path, "-c", _BY_HAND, str(file), synchronous, *"abcdefgh")
        assert bool(too_early(found, f"{file.name}-wal")) is are_early


def test_what_failed_syncs_left_behind_is_synced_before_it_is_said_to_be_stored(
    file: Path, source: str, tmp_path: Path
) -> None:
    program = ("-m", "tests.ledger.writes_in_turn", str(file), source)
    healthy = calls(tmp_path, *program, "first")
    failing = sum(each.startswith("synced") for each in healthy[: healthy.index("first accepted")]) + 1

    found = calls(
        tmp_path,
        *program,
        "second",
        "third",
        "third",
        "fourth",
        inject=f"fdatasync:error=EIO:when={failing}..{failing + 1}",
    )

    said = [each for each in found if "synced " not in each]
    assert said == ["second accepted", "third outage", "third repeat", "fourth accepted"]
    assert f"synced {file.name}" in found[found.index("third outage") : found.index("third repeat")]
