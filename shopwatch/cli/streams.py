"""The three streams of a command: the same bytes on every machine, and no reader or writer whom it needs to stay."""

import io
import os
import sys
from typing import TextIO


def prepare() -> None:
    """Give the command all three streams: JSON and secrets in UTF-8, whatever the system's own encoding is.

    One that was closed is replaced by nothing, so that no file takes its number. What is no text is written as JSON
    writes it, with a backslash.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - stays open
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    if isinstance(sys.stdout, io.TextIOWrapper):
        newline = None if sys.stdout.isatty() else ""  # CSV has its own
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline=newline)


def let_go(stream: TextIO) -> None:
    """Write no more to it, not even what is still held back: nobody reads it, or there is no room for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
