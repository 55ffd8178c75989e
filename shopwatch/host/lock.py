"""One process per data folder."""

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import Self

import filelock
import msgspec

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host import restore_swap
from shopwatch.host.files import write_whole
from shopwatch.host.paths import Paths, unwritable


class Role(StrEnum):
    DESKTOP = "desktop"
    SERVE = "serve"
    RESTORE = "restore"
    MOVE = "move"


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock."""

    role: Role
    pid: int


class AlreadyRunning(UserError):
    """Another process has this data folder; `holder` is None if it does not say who it is."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(say("ShopWatch is already open on this computer."), _hint(holder), code="already-running")
        self.holder = holder


class DataFolderLock:
    """Held from `acquire` to `release`, or to the end of the process: the system frees it even after a crash."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._lock = filelock.FileLock(paths.lock, mode=0o600, thread_local=False, fallback_to_soft=False)

    def acquire(self, role: Role) -> Self:
        """Take the folder for this process; a restore that was cut off is brought to its end then, or gone back on.

        Raises `AlreadyRunning`, or `UserError` if the folder cannot be written.
        """
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout as error:
            raise AlreadyRunning(_read(self._note)) from error
        except OSError as error:
            raise unwritable(self._paths.data_dir, error) from error
        with contextlib.suppress(OSError):
            # On a full disk nobody learns who we are, but ShopWatch still opens and says that the disk is full.
            write_whole(self._note, msgspec.json.encode(Holder(role, os.getpid())))
        try:
            restore_swap.finish(self._paths)
        except OSError as error:
            self.release()
            raise unwritable(self._paths.data_dir, error) from error
        restore_swap.clear(self._paths)
        return self

    def release(self) -> None:
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def _note(self) -> Path:
        # Windows locks the lock file against reading, so who holds it stands beside it.
        return self._paths.lock.with_suffix(".holder")


def _read(note: Path) -> Holder | None:
    try:
        return msgspec.json.decode(note.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError, UnicodeError):
        return None


def _hint(holder: Holder | None) -> str:
    match holder:
        case Holder(role=Role.DESKTOP):
            return say("Use the window that is open, or close it first (process {pid}).", pid=holder.pid)
        case Holder(role=Role.SERVE):
            return say("It receives without a window. Stop it first (process {pid}).", pid=holder.pid)
        case Holder(role=Role.RESTORE):
            return say("It is bringing back a backup. Wait until that is done (process {pid}).", pid=holder.pid)
        case Holder(role=Role.MOVE):
            return say(
                "It is packing this shop for another computer. Wait until that is done (process {pid}).", pid=holder.pid
            )
        case _:
            return say("Close it first, or use another data folder.")
