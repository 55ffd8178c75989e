"""The shim between a program and the disk: built where it is needed, and told what shall go wrong."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

WRITES, SYNCS = 1, 2
NO_ROOM, BROKEN = errno.ENOSPC, errno.EIO

_SOURCE = Path(__file__).with_name("shim.c")
_CONTROL = struct.Struct("=qiiqq")
_FOR_EVER = 2**62


def missing() -> str:
    """Why there can be no shim here; empty if there can."""
    if not hasattr(os, "O_TMPFILE"):
        return "the shim belongs to Linux"
    return "" if _compiler() else "no C compiler: run `make setup`"


def _compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


@dataclass(frozen=True)
class Shim:
    """What it keeps lies in `folder`; it stands before the files below `root`, which must be elsewhere."""

    folder: Path
    root: Path

    @cached_property
    def env(self) -> dict[str, str]:
        """What a program's environment says, so that the shim stands before its disk."""
        library = self.folder / "shim.so"
        compiler = _compiler()
        assert compiler
        command = [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library), str(_SOURCE)]
        subprocess.run(command, check=True)
        self.control.write_bytes(bytes(_CONTROL.size))
        return {
            "LD_PRELOAD": str(library),
            "SHIM_ROOT": str(self.root.resolve()),
            "SHIM_JOURNAL": str(self.journal),
            "SHIM_CONTROL": str(self.control),
        }

    @property
    def without_journal(self) -> dict[str, str]:
        return {name: value for name, value in self.env.items() if name != "SHIM_JOURNAL"}

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    @property
    def control(self) -> Path:
        return self.folder / "control"

    @property
    def moment(self) -> int:
        """Where the journal is now: whatever was heard of before is due to what stands before."""
        return self.journal.stat().st_size if self.journal.exists() else 0

    def fail(self, calls: int, error: int, *, spared: int = 0, times: int = _FOR_EVER) -> None:
        """Let `times` calls of this kind fail, after so many that do not."""
        self._set(0, calls, error, spared, times)

    def mend(self) -> None:
        """Let nothing fail any more, and the clock be right."""
        self._set(0, 0, 0, 0, 0)

    def failed(self) -> bool:
        """Whether all that should fail has failed."""
        *_, left = _CONTROL.unpack(self.control.read_bytes())
        return bool(left <= 0)

    def set_clock(self, seconds: float) -> None:
        """Let the clock on the wall be off by so much, and nothing fail."""
        self._set(int(seconds * 1e9), 0, 0, 0, 0)

    def _set(self, clock: int, calls: int, error: int, spared: int, times: int) -> None:
        with self.control.open("r+b") as file, mmap.mmap(file.fileno(), _CONTROL.size) as page:
            page[:] = _CONTROL.pack(clock, calls, error, spared, times)
