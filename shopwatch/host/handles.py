"""Handles for files and connections, of which some systems give a program fewer than a busy shop needs."""

import sys
from contextlib import suppress

_ENOUGH = 4_096
"""For 200 connections, the ledger's readers, Qt and whatever libraries open; macOS gives 256 unasked."""


def allow_handles() -> None:
    """Let this process, and those it starts, have `_ENOUGH` handles, or as many as the system lets it; never fewer than
    before. Where that is not ours to say, nothing happens.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(_ENOUGH, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with suppress(OSError, ValueError):  # macOS may let a program have fewer than its hard limit says
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
