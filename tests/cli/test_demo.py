"""`demo` as a command: what it ends with. What it shows is tried in tests/desktop."""

import os
from pathlib import Path

from tests.cli.conftest import Program
from tests.cli.test_streams import started

_SHORT = ("demo", "--sales", "1", "--rate", "50", "--exit")


def test_a_picture_that_cannot_be_written_is_told_and_is_no_success(bare: Program, tmp_path: Path) -> None:
    done = started(bare, *_SHORT, "--screenshot", str(tmp_path / "absent" / "picture.png"))
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


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
