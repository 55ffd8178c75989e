"""Where a ledger may lie: on a disk of this computer, and not in a folder that is copied behind our back."""

import sys
from pathlib import Path

import psutil

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

_NETWORK = ("nfs", "cifs", "smb", "afp", "webdav", "davfs", "ncpfs", "9p2000", "fuse.sshfs", "fuse.rclone", "ceph")
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "mobile documents")


def refuse_unsafe(path: Path) -> None:
    """Raises `UserError` for a link, a network drive, or a folder that another program keeps in step."""
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if each.is_symlink():
            raise UserError(
                say("The sales file is only a link to another place."),
                say("Choose the real folder as the data folder."),
                code="store-link",
            )
    real = path.resolve()
    synced = next((part for part in real.parts if part.casefold().startswith(_SYNCED)), None)
    if synced is not None or _is_network(real):
        raise UserError(
            say("The sales file cannot be kept on a network drive or in a folder that is copied elsewhere."),
            say("Two computers would write over each other. Choose a folder on this computer’s own disk."),
            code="store-network",
        )


def _is_network(path: Path) -> bool:
    if sys.platform == "win32" and path.drive.startswith("\\\\"):
        return True
    try:
        mounts = psutil.disk_partitions(all=True)
    except (OSError, RuntimeError):
        return False
    holding = [mount for mount in mounts if path.is_relative_to(mount.mountpoint)]
    nearest = max(holding, key=lambda mount: len(mount.mountpoint), default=None)
    return nearest is not None and (
        nearest.fstype.casefold().startswith(_NETWORK) or "remote" in nearest.opts.split(",")
    )
