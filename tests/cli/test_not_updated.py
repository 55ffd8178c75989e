"""A ledger that cannot be brought up to date: one sentence, wherever it is opened, and nothing changed."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Program

SENTENCE = "These sales cannot be brought up to date."


@pytest.fixture
def old(bare: Program) -> Iterator[Program]:
    """A shop whose ledger says that it is of a schema of which it is not."""
    assert bare.run("sales").code == 0
    connection = sqlite3.connect(bare.folder / "ledger.sqlite3")
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.commit()
    connection.close()
    before = (bare.folder / "ledger.sqlite3").read_bytes()
    yield bare
    assert (bare.folder / "ledger.sqlite3").read_bytes() == before
    assert not any((bare.folder / "backups").iterdir())


@pytest.mark.parametrize("command", [("sales",), ("source", "list"), ("rule", "list"), ("serve",), ("backup", "copy")])
def test_a_command_says_so(old: Program, command: tuple[str, ...]) -> None:
    done = old.run(*command)

    assert done.code == 2
    assert SENTENCE in done.words
    assert "Traceback" not in done.words
    assert done.out == ""


def test_the_window_says_so(old: Program) -> None:
    env = old.env | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([sys.executable, "-m", "shopwatch"], env=env, stderr=subprocess.PIPE, text=True) as window:
        assert window.stderr is not None
        try:
            assert SENTENCE in window.stderr.readline()
            window.send_signal(signal.SIGINT)
            assert window.wait(60) == 2
        finally:
            window.kill()
