"""Nothing that a command writes takes the place of what the shop is kept in."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program


@pytest.mark.parametrize("name", ["ledger.sqlite3", "ledger.sqlite3-wal", "settings.json", "shopwatch.lock"])
@pytest.mark.parametrize("command", [("backup",), ("sales", "--xlsx")])
def test_the_shop_s_own_files_are_not_written_over(bare: Program, command: tuple[str, ...], name: str) -> None:
    assert bare.run("source", "add", "stripe", "--name", "Kept").code == 0
    done = bare.run(*command, str(bare.folder / "logs" / ".." / name))
    assert (done.code, "keeps its data" in done.words) == (2, True)
    assert [line["name"] for line in bare.run("source", "list").lines] == ["Kept"]


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe of Unix")
@pytest.mark.parametrize("command", [("backup",), ("sales", "--xlsx")])
def test_what_is_no_file_is_not_replaced_by_one(bare: Program, tmp_path: Path, command: tuple[str, ...]) -> None:
    device = tmp_path / "device"
    os.mkfifo(device)
    done = bare.run(*command, str(device))
    assert (done.code, "cannot be written" in done.words) == (2, True)
    assert device.is_fifo()


def test_a_sales_file_that_lies_elsewhere_is_not_written_over(bare: Program, tmp_path: Path) -> None:
    ledger = tmp_path / "elsewhere.db"
    bare.run("--database", f"sqlite:///{ledger}", "source", "add", "stripe", "--name", "Kept")
    assert bare.run("backup", str(ledger)).code == 2
    kept = bare.run("--database", f"sqlite:///{ledger}", "source", "list").lines
    assert [line["name"] for line in kept] == ["Kept"]
