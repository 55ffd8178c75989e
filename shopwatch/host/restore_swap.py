"""The shop that a backup holds takes the place of the one that is there, by one rename.

Cut off before it, all is as it was. Behind it, whoever takes the data folder next brings it to its end; every step may
be done twice.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from shopwatch.host.files import make_names_durable, move_into_place
from shopwatch.host.paths import Paths

UNPACKING = ".restore-"
"""How the folder begins in which a backup is unpacked; one that is found later was left by a cut."""

_READY = ".restored"
_WAL_SUFFIXES = ("-wal", "-shm")


def swap_in(paths: Paths, made: Path) -> None:
    """Put the ledger and settings in the folder `made`, which is in the data folder, in the place of those there; the
    old ones are kept beside them. The caller holds the data folder. Raises OSError.
    """
    for each in (*made.iterdir(), made):
        if each.is_file() or os.name == "posix":
            _sync(each)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    move_into_place(made, paths.data_dir / f"{_READY}-{stamp}")
    finish(paths)


def is_cut_off(paths: Paths) -> bool:
    """Whether the shop of a backup is yet to take its place."""
    return bool(_ready(paths))


def finish(paths: Paths) -> None:
    """Bring to its end what `swap_in` has begun, if anything. The caller holds the data folder. Raises OSError."""
    for ready in _ready(paths):
        kept = f"-before-restore{ready.name.removeprefix(_READY)}"
        coming = [place for place in (paths.ledger, paths.settings) if (ready / place.name).exists()]
        for place in coming:
            _put_aside(place, kept)
        make_names_durable(paths.data_dir)  # a write-ahead log beside another ledger would spoil that one
        for place in coming:
            (ready / place.name).replace(place)
        make_names_durable(paths.data_dir)
        shutil.rmtree(ready)
        make_names_durable(paths.data_dir)


def clear(paths: Paths) -> None:
    """Remove what was unpacked and never took a place. The caller holds the data folder."""
    for left in paths.data_dir.glob(f"{UNPACKING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _ready(paths: Paths) -> list[Path]:
    return sorted(paths.data_dir.glob(f"{_READY}-*"))


def _put_aside(place: Path, kept: str) -> None:
    for suffix in (*_WAL_SUFFIXES, ""):
        held = place.with_name(f"{place.name}{suffix}")
        aside = place.with_name(f"{place.stem}{kept}{place.suffix}{suffix}")
        if held.exists() and not aside.exists():
            held.replace(aside)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDWR if place.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
