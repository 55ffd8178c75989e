"""The process that books what `serve` receives."""

import socket
import sys

from shopwatch.cli.place import own_command
from shopwatch.settings import logs

SCRIBE = "write-down"
"""The hidden command that `serve` starts."""


def command_line() -> tuple[str, ...]:
    """How to start it; nothing on Windows, where no process can be handed a socket as its standard input."""
    return () if sys.platform == "win32" else own_command(SCRIBE)


def write_down() -> None:
    """Book what comes in at the standard input, which is a socket, until it is closed."""
    from shopwatch.ledger import write_down as write

    logs.configure()
    with socket.socket(fileno=sys.stdin.fileno()) as end:
        write(end)
