"""What the service manager that started this program is told (sd_notify(3)); nothing where there is none."""

import os
import socket
from contextlib import suppress


def tell_ready() -> None:
    """Messages are heard from now on."""
    _tell("READY=1")


def tell_stopping() -> None:
    """The end has begun."""
    _tell("STOPPING=1")


def _tell(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as end:
        end.sendto(state.encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)
