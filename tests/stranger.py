"""Another user of the same computer: what they can do is tried by a process that is theirs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

NOBODY = 65534


def _python() -> str:
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    python = shutil.which("python3", path="/usr/bin:/bin")
    if python is None:
        pytest.skip("no Python that other users may run")
    return python


def try_as_stranger(program: str, *arguments: str) -> str:
    """What a Python program says that another user runs to its end; the last line of its failure if it fails."""
    done = subprocess.run(
        [_python(), "-I", "-c", program, *arguments],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


@contextmanager
def stranger(program: str, *arguments: str) -> Iterator[IO[str]]:
    """The output of a Python program that another user runs, until the block ends; it has said something by then."""
    process = subprocess.Popen(
        [_python(), "-I", "-u", "-c", program, *arguments],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={},
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline()
        yield process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
