"""`demo` as a command: what it ends with. What it shows is tried in tests/desktop."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.cli.test_streams import started

_SHORT = ("demo", "--sales", "1", "--rate", "50", "--exit")


def test_a_picture_that_cannot_be_written_is_told_and_is_no_success(bare: Program, tmp_path: Path) -> None:
    done = started(bare, *_SHORT, "--screenshot", str(tmp_path / "absent" / "picture.png"))
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["picture.xyz", "picture"])
def test_a_picture_of_a_kind_that_is_none_is_refused_before_anything_is_shown(
    bare: Program, tmp_path: Path, name: str
) -> None:
    done = started(bare, *_SHORT, "--screenshot", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"ends in .png" in done.stderr


@pytest.mark.parametrize(("options", "code"), [(("--exit",), 1), ((), 0)])
def test_one_that_is_cut_short_was_not_all_it_was_to_be(bare: Program, options: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "shopwatch", "demo", "--sales", "1000", "--rate", "1", *options]
    with subprocess.Popen(command, env=bare.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as demo:
        assert demo.stdout is not None
        assert json.loads(demo.stdout.readline())["sale"] == 1
        demo.send_signal(signal.SIGINT)
        rest = demo.stdout.read()
    assert demo.returncode == code
    assert b"stored" not in rest


def test_it_ends_well_where_nobody_reads_any_more(bare: Program) -> None:
    gone, end = os.pipe()
    os.close(gone)
    done = started(bare, *_SHORT, stdout=end)
    os.close(end)
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_takes_the_options_of_every_command_and_leaves_the_shop_alone(bare: Program, tmp_path: Path) -> None:
    done = started(bare, *_SHORT, "--data-dir", str(tmp_path / "mine"))
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "mine").exists()
