"""What a power cut leaves of what a program did to its files."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture import shim
from tests.torture.disks import Disk, Luck, read
from tests.torture.shim import BROKEN, SYNCS, Shim

pytestmark = pytest.mark.skipif(bool(shim.missing()), reason=shim.missing())

_HELPERS = """
import os, sys
def write(name, content, *, at=0, sync=False):
    handle = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
    os.pwrite(handle, content, at)
    if sync:
        os.fsync(handle)
    os.close(handle)
def sync(folder="."):
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
"""

type Run = Callable[[str], dict[Luck, dict[str, bytes]]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Shim:
    folder = tmp_path_factory.mktemp("shim")
    (folder / "root").mkdir()
    return Shim(folder, folder / "root")


@pytest.fixture
def run(built: Shim, tmp_path: Path) -> Run:
    """The files of each disk that a cut at the end of a program may leave, by their places."""
    watched = Shim(tmp_path / "watched", tmp_path / "root")
    for folder in (watched.folder, watched.root):
        folder.mkdir()
    (watched.root / "old").write_bytes(b"old")

    def left(program: str) -> dict[Luck, dict[str, bytes]]:
        disk = Disk(watched.root, random.Random(1))
        own = {"SHIM_ROOT": str(watched.root.resolve()), "SHIM_JOURNAL": str(watched.journal)}
        env = {**os.environ, **built.env, **own}
        subprocess.run([sys.executable, "-c", _HELPERS + program], env=env, cwd=watched.root, check=True)
        for entry in read(watched.journal):
            disk.follow(entry)
        return {luck: _left(disk, tmp_path / luck.name, luck) for luck in (Luck.NONE, Luck.ALL)}

    return left


def _left(disk: Disk, folder: Path, luck: Luck) -> dict[str, bytes]:
    folder.mkdir()
    disk.leave(folder, luck)
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_only_what_was_synced_is_owed(run: Run) -> None:
    left = run("write('old', b'new', sync=True); write('old', b'er', at=3)")

    assert left == {Luck.NONE: {"old": b"new"}, Luck.ALL: {"old": b"newer"}}


def test_a_name_is_owed_once_its_folder_was_synced(run: Run) -> None:
    left = run("write('made', b'1', sync=True); os.rename('old', 'other'); sync(); os.unlink('other'); os.mkdir('f')")

    assert left == {Luck.NONE: {"made": b"1", "other": b"old"}, Luck.ALL: {"made": b"1"}}


def test_what_was_synced_is_lost_with_a_name_that_was_not(run: Run) -> None:
    left = run("os.mkdir('f'); write('f/made', b'1', sync=True); sync('f')")

    assert left == {Luck.NONE: {"old": b"old"}, Luck.ALL: {"old": b"old", "f/made": b"1"}}


def test_a_file_takes_the_place_of_another_whole_or_not_at_all(run: Run) -> None:
    left = run("write('made', b'new', sync=True); os.rename('made', 'old')")

    assert left == {Luck.NONE: {"old": b"old"}, Luck.ALL: {"old": b"new"}}


def test_a_sync_that_failed_is_not_made_good_by_a_later_one(built: Shim, run: Run) -> None:
    assert built.env
    built.fail(SYNCS, BROKEN, times=1)
    try:
        left = run("""
try:
    write('old', b'lost', sync=True)
except OSError:
    write('old', b'kept', at=4, sync=True)
""")
    finally:
        built.mend()
    assert left[Luck.NONE]["old"] == left[Luck.ALL]["old"]
    assert left[Luck.NONE]["old"][4:] == b"kept"


def test_the_data_folder_and_what_is_above_it_stay(run: Run) -> None:
    left = run("""
from pathlib import Path
from shopwatch.host.paths import Paths
from shopwatch.settings.settings import load
paths = Paths(Path("new/data").absolute())
paths.prepare()
load(paths.settings)
""")

    assert "new/data/settings.json" in left[Luck.NONE]


def test_a_ledger_in_a_folder_of_its_own_stays_with_it(run: Run) -> None:
    left = run("""
from pathlib import Path
from shopwatch.ledger import Ledger
Ledger.open(Path("new/ledger").absolute()).close()
""")

    assert "new/ledger" in left[Luck.NONE]
