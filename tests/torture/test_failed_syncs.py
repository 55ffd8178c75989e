"""docs/attacks.md, H3: a sync fails, and the power goes later: what was said to be stored in between is there."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shopwatch.ledger import Ledger
from tests.torture import shim
from tests.torture.disks import Disk, Luck, read
from tests.torture.shim import BROKEN, SYNCS, Shim
from tests.torture.shop import orders

pytestmark = pytest.mark.skipif(bool(shim.missing()), reason=shim.missing())

_DISKS = 6
_RECORDS = """
import asyncio, os, sys
from shopwatch.domain.errors import Outage
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import paid, told

async def main():
    ledger = Ledger.open(f"sqlite:///{sys.argv[1]}", alone=True)
    for name in map(str.strip, sys.stdin):
        try:
            print((await ledger.record(*told(sys.argv[2], name, paid(name)))).outcome, flush=True)
        except Outage:
            print("outage", flush=True)

asyncio.run(main())
os._exit(0)  # as by a kill: nothing is put in order
"""

type Tell = Callable[[str], str]


@pytest.fixture
def watched(tmp_path: Path) -> Shim:
    for name in ("shim", "root"):
        (tmp_path / name).mkdir()
    return Shim(tmp_path / "shim", tmp_path / "root")


@pytest.fixture
def file(watched: Shim) -> Path:
    return watched.root / "ledger.sqlite3"


@pytest.fixture
def source(file: Path) -> str:
    async def new() -> str:
        ledger = Ledger.open(f"sqlite:///{file}")
        try:
            return (await ledger.sources.add("paynow", "PayNow")).id
        finally:
            ledger.close()

    return asyncio.run(new())


@pytest.fixture
def disks(watched: Shim, source: str) -> list[Disk]:
    """Each has its own luck with what a sync could not bring to it."""
    return [Disk(watched.root, random.Random(seed)) for seed in range(_DISKS)]


@contextmanager
def program(watched: Shim, file: Path, source: str) -> Iterator[Tell]:
    """A process that records the sale it is told, and says what came of it. It ends as by a kill."""
    command = [sys.executable, "-c", _RECORDS, str(file), source]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=watched.env, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        told, said = process.stdin, process.stdout

        def record(name: str) -> str:
            told.write(f"{name}\n")
            told.flush()
            return said.readline().strip()

        yield record


def left(watched: Shim, disks: list[Disk], tmp_path: Path) -> list[set[str]]:
    """The sales that each disk has after a cut."""
    found = []
    for number, disk in enumerate(disks):
        for entry in read(watched.journal):
            disk.follow(entry)
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        disk.leave(folder, Luck.NONE)
        found.append({*asyncio.run(orders(folder / "ledger.sqlite3"))})
    return found


def test_a_program_that_was_killed_after_it_does_not_build_on_what_it_left(
    watched: Shim, file: Path, source: str, disks: list[Disk], tmp_path: Path
) -> None:
    with program(watched, file, source) as record:
        assert record("first") == "accepted"
        watched.fail(SYNCS, BROKEN)
        assert record("second") == "outage"
    watched.mend()
    with program(watched, file, source) as record:
        assert record("third") == "accepted"

    assert all({"first", "third"} <= found for found in left(watched, disks, tmp_path))


def test_nothing_is_stored_behind_it_while_another_program_reads(
    watched: Shim, file: Path, source: str, disks: list[Disk], tmp_path: Path
) -> None:
    with program(watched, file, source) as record:
        assert record("first") == "accepted"
        watched.fail(SYNCS, BROKEN)
        assert record("second") == "outage"
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM sales").fetchone()
            watched.mend()
            stored = {"third"} if record("third") == "accepted" else set()
        assert record("fourth") == "accepted"

    assert all({"first", "fourth", *stored} <= found for found in left(watched, disks, tmp_path))
