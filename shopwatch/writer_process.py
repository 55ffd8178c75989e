"""The process that books what comes in a rush. It is no command of `cli`, whose modules it would only carry along."""

import socket
import sys
from typing import TYPE_CHECKING

from shopwatch.domain.errors import UserError
from shopwatch.host import logs
from shopwatch.host.command import own_command

if TYPE_CHECKING:
    from shopwatch.ledger import WriterProcessConfig

SCRIBE = "write-down"
"""The word behind the program's name that starts it."""


def writer_config() -> "WriterProcessConfig | None":
    """When and how to start it; None on Windows, where no process can be handed a socket as its standard input."""
    from shopwatch.ledger import WriterProcessConfig

    return None if sys.platform == "win32" else WriterProcessConfig(own_command(SCRIBE))


def write_down() -> None:
    """Book what comes in at the standard input, which is a socket, until it is closed.

    Ends with a sentence on stderr where the ledger cannot be opened.
    """
    from shopwatch.ledger import write_down as write

    logs.configure()
    with socket.socket(fileno=sys.stdin.fileno()) as end:
        try:
            write(end)
        except UserError as problem:
            sys.exit(str(problem))
