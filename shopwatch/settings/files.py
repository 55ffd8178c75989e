"""Small files that are whole or not there, and for this user only."""

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Replace `file` by `content` in one step that survives power loss; mode 0600.

    A link at `file` is replaced, never followed. Raises OSError; the old file is then untouched.
    """
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        move_into_place(made, file)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def move_into_place(made: Path, file: Path) -> None:
    """Rename `made` to `file` and make the rename itself durable."""
    made.replace(file)
    if os.name == "posix":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
