"""The note that a running receiver leaves in its data folder, for the commands beside it.

Where it cannot be written or removed they know less, and the receiver hears all the same.
"""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.instant import Instant
from shopwatch.host.files import write_whole
from shopwatch.host.paths import Paths
from shopwatch.host.processes import started_as

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A process that hears for this data folder. `started_as` tells it from a later one with the same number."""

    pid: int
    started_as: str
    port: int
    kind: TunnelKind
    state: TunnelState
    public_url: str
    since: Instant

    @property
    def tunnel(self) -> TunnelStatus:
        return TunnelStatus(self.kind, self.state, self.public_url, self.since)


def note(paths: Paths, port: int, status: TunnelStatus) -> None:
    """Tell the commands beside this process where it hears."""
    me = os.getpid()
    entry = Running(me, _state_text(me), port, status.kind, status.state, status.public_url, status.since)
    try:
        write_whole(_state_file(paths), msgspec.json.encode(entry))
    except OSError as failure:
        _log.info("where this receiver hears could not be noted: %s", failure)


def forget(paths: Paths) -> None:
    """This process hears no more."""
    with suppress(OSError):  # what a process that is no more has left counts for nothing
        _state_file(paths).unlink(missing_ok=True)


def read(paths: Paths) -> Running | None:
    """The process that hears now, or None; a note left by one that was killed counts for nothing."""
    try:
        entry = msgspec.json.decode(_state_file(paths).read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None
    return entry if entry.started_as and entry.started_as == _state_text(entry.pid) else None


def _state_text(pid: int) -> str:
    return " ".join(map(ascii, started_as(pid)))  # the name of a folder need not be text


def _state_file(paths: Paths) -> Path:
    return paths.data_dir / "running.json"
