"""The process that books for `serve`, started as `serve` starts it."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from subprocess import CompletedProcess

import pytest

from shopwatch.ledger.errors import unknown_database
from shopwatch.ledger.writing.message_socket import MessageSocket, packed
from shopwatch.writer_process import SCRIBE, writer_config

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there it is not started")


def _booked(command: Sequence[str], place: str = "") -> CompletedProcess[str]:
    """It, to its end, told of this place and of nothing to book."""
    ours, its = socket.socketpair()
    with ours, its:
        if place:
            MessageSocket(ours).send(packed(place))
        ours.shutdown(socket.SHUT_WR)
        return subprocess.run(command, stdin=its.fileno(), capture_output=True, text=True, timeout=60, check=False)


def test_it_carries_no_commands_along() -> None:
    look = (
        f"import sys; sys.argv[1:] = ['{SCRIBE}']; from shopwatch.__main__ import main; print(main());"
        "print(*{'shopwatch.ledger', 'shopwatch.cli', 'shopwatch.shop', 'typer'}.intersection(sys.modules))"
    )
    done = _booked((sys.executable, "-c", look))
    assert (done.stdout, done.stderr) == ("0\nshopwatch.ledger\n", "")


def test_it_says_in_a_sentence_what_it_cannot_open() -> None:
    how = writer_config()
    assert how
    done = _booked(how.command, "mysql://shop")
    assert done.returncode == 1
    assert done.stderr == f"{unknown_database()}\n"
