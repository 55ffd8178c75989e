import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shopwatch.host.lock import AlreadyRunning, DataFolderLock, Holder, Role
from shopwatch.host.paths import Paths

HOLD = """
import sys
from pathlib import Path
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.host.paths import Paths
with DataFolderLock(Paths(Path(sys.argv[1]))).acquire(Role(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_a_process(paths: Paths, role: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(paths.data_dir), role], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("role", "word"),
    [
        ("desktop", "window"),
        ("serve", "without a window"),
        ("restore", "bringing back a backup"),
        ("move", "packing this shop for another computer"),
    ],
)
def test_a_second_process_is_told_who_has_the_folder(paths: Paths, role: str, word: str) -> None:
    with held_by_a_process(paths, role) as process:
        with pytest.raises(AlreadyRunning) as failure:
            DataFolderLock(paths).acquire(Role.SERVE)
        assert failure.value.holder == Holder(Role(role), process.pid)
        assert failure.value.code == "already-running"
        assert failure.value.title == "ShopWatch is already open on this computer."
        assert word in failure.value.hint
        assert str(process.pid) in failure.value.hint


def test_the_lock_of_a_killed_process_is_no_obstacle(paths: Paths) -> None:
    with held_by_a_process(paths, "desktop") as process:
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        with DataFolderLock(paths).acquire(Role.DESKTOP), pytest.raises(AlreadyRunning) as failure:
            DataFolderLock(paths).acquire(Role.SERVE)
        assert failure.value.holder == Holder(Role.DESKTOP, os.getpid())


def test_a_released_lock_is_free_again(paths: Paths) -> None:
    lock = DataFolderLock(paths).acquire(Role.DESKTOP)
    with pytest.raises(AlreadyRunning) as failure:
        DataFolderLock(paths).acquire(Role.SERVE)
    assert failure.value.holder == Holder(Role.DESKTOP, os.getpid())
    lock.release()
    lock.release()
    DataFolderLock(paths).acquire(Role.SERVE).release()


def test_a_note_that_somebody_spoilt_is_not_believed(paths: Paths) -> None:
    with DataFolderLock(paths).acquire(Role.SERVE):
        paths.lock.with_suffix(".holder").write_bytes(b'{"role": "queen", "pid": "\xff"}')
        with pytest.raises(AlreadyRunning) as failure:
            DataFolderLock(paths).acquire(Role.SERVE)
        assert failure.value.holder is None
