"""Small files that are whole or not there, and for this user only."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Replace `file` by `content` in one step that survives power loss; mode 0600.

    A link at `file` is replaced, never followed. Raises OSError; the old file is then untouched.
    """
    with _beside(file, content) as made:
        move_into_place(made, file)


def write_first(file: Path, content: bytes) -> None:
    """As `write_whole`, but raises FileExistsError if the file is there: of several processes, one is first."""
    with _beside(file, content) as made:
        try:
            file.hardlink_to(made)
            make_names_durable(file.parent)
        except FileExistsError:
            raise
        except OSError:
            # FAT and its kin have no links; who comes last wins there.
            move_into_place(made, file)


def make_folder(folder: Path) -> None:
    """Make `folder`, for this user only (0700), and what is missing above it; all of them outlive a power loss."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        with suppress(PermissionError):  # where others made a folder for us in one that we may not read
            make_names_durable(each.parent)


def move_into_place(made: Path, file: Path) -> None:
    """Rename `made` to `file` and make the rename itself durable."""
    made.replace(file)
    make_names_durable(file.parent)


def make_names_durable(folder: Path) -> None:
    """What was renamed, made or removed in `folder` stays so, also after a power loss."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _beside(file: Path, content: bytes) -> Iterator[Path]:
    """A file of another name in the same folder, with `content` on disk; gone afterwards unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        yield made
    finally:
        made.unlink(missing_ok=True)
