"""Where ShopWatch keeps things: every path of this program is named here."""

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs
import psutil

from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import say
from shopwatch.host.files import make_folder
from shopwatch.host.ownership import is_private

DATA_DIR_VARIABLE = "SHOPWATCH_DATA_DIR"

_SQLITE = b"SQLite format 3\0"

_SYNC_FOLDER = re.compile(
    r"(onedrive|dropbox|google ?drive|icloud ?drive|mobile documents|nextcloud|owncloud|pcloud ?drive)([ (-].*)?",
    re.IGNORECASE,
)
_NETWORK_FILE_SYSTEM = re.compile(
    r"nfs\d?|cifs|smb\w*|afpfs|ncpfs|davfs2?|webdav|coda|afs|ceph|glusterfs|fuse\.(sshfs|rclone|davfs|gvfsd-fuse|s3fs)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, of which kind, with which options."""

    folder: Path
    kind: str
    options: str = ""


@dataclass(frozen=True, slots=True)
class Paths:
    """The places inside one data folder. Nothing is created by naming a place; `prepare` does that."""

    data_dir: Path

    @classmethod
    def of(cls, override: str | None = None) -> Self:
        """The data folder that was asked for: `override`, else SHOPWATCH_DATA_DIR, else the system's own place."""
        asked = override or os.environ.get(DATA_DIR_VARIABLE)
        return cls(meant(asked) if asked else platformdirs.user_data_path("ShopWatch", appauthor=False).absolute())

    @property
    def ledger(self) -> Path:
        return self.data_dir / "ledger.sqlite3"

    @property
    def settings(self) -> Path:
        return self.data_dir / "settings.json"

    @property
    def lock(self) -> Path:
        return self.data_dir / "shopwatch.lock"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def backups(self) -> Path:
        return self.data_dir / "backups"

    @property
    def tunnel(self) -> Path:
        """The ngrok program, its configuration and its process note."""
        return self.data_dir / "tunnel"

    @property
    def doors(self) -> tuple[str, ...]:
        """Where a local socket of this data folder may be, the best place first; every process finds them alike.

        Each lies where nobody but this user can put anything: the runtime folder of the session where there is one,
        the user's own temporary folder (macOS), and the data folder. On Windows it is the name of a pipe.
        """
        data = self.data_dir.resolve()
        name = "shopwatch-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        if os.name != "posix":
            return (name,)
        runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
        folders = filter(is_private, map(Path, (runtime, os.environ.get("TMPDIR") or runtime)))
        return (*(str(folder / name) for folder in dict.fromkeys(folders)), str(data / "door"))

    def refuse_own(self, file: Path) -> None:
        """Raise `UserError` if to write `file` would put something else in the place of what a shop is kept in."""
        beside = (self.ledger.with_name(self.ledger.name + ending) for ending in ("-wal", "-shm"))
        own = (self.ledger, *beside, self.settings, self.lock)
        place = Path(os.path.normcase(file.parent.resolve() / file.name))
        if any(place == Path(os.path.normcase(each.parent.resolve() / each.name)) for each in own) or _is_store(file):
            raise UserError(
                say("{file} is a file in which ShopWatch keeps its data.", file=file),
                say("Choose another name."),
                code="own-file",
            )

    def prepare(self) -> None:
        """Create the folder and its own folders, for this user only (0700).

        Raises `UserError` where the ledger would not be safe or cannot be written: links, synchronised folders, network
        drives, read-only places; and for a folder of others, which would be closed to them.
        """
        refuse_unsafe(self.data_dir)
        try:
            _refuse_links(self)
            _refuse_foreign(self)
            for folder in (self.data_dir, *_folders(self)):
                make_folder(folder)
                if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
                    folder.chmod(0o700)
            with tempfile.TemporaryFile(dir=self.data_dir):
                pass
        except OSError as error:
            raise unwritable(self.data_dir, error) from error


def meant(typed: str) -> Path:
    """The place that a person means by what they have typed here and now."""
    place = Path(typed)
    with contextlib.suppress(RuntimeError):  # "~name" of a user who is not there is a folder of that name
        place = place.expanduser()
    return place.absolute()


def _is_store(file: Path) -> bool:
    # A ledger may also lie elsewhere; whatever it is, nothing that begins like one is to be written over.
    try:
        if not file.is_file():
            return False
        with file.open("rb") as held:
            return held.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def refuse_unsafe(folder: Path, mounts: Iterable[Mount] | None = None) -> None:
    """Raise `UserError` if `folder` lies where a ledger breaks: SQLite's WAL needs a disk of this computer's own."""
    real = folder.resolve()
    if any(_SYNC_FOLDER.fullmatch(part) for part in real.parts):
        raise UserError(
            say("ShopWatch cannot keep its data in a folder that is copied to the cloud."),
            say("{folder} is such a folder. Choose one on this computer only.", folder=folder),
            code="data-folder-synced",
        )
    mount = _mount_of(real, _mounted() if mounts is None else mounts)
    remote = mount is not None and (_NETWORK_FILE_SYSTEM.fullmatch(mount.kind) or "remote" in mount.options.split(","))
    if remote or str(real).startswith("\\\\"):
        raise UserError(
            say("ShopWatch cannot keep its data on a network drive."),
            say("{folder} is on one. Choose a folder on this computer’s own disk.", folder=folder),
            code="data-folder-network",
        )


def unwritable(folder: Path, error: OSError) -> UserError:
    """What to tell the owner when nothing can be written in `folder`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Outage(say("The disk is full."), say("Free some space, then start ShopWatch again."), code="disk-full")
    return UserError(
        say("ShopWatch cannot write in {folder}.", folder=folder),
        say("Make this folder writable, or choose another one."),
        code="folder-read-only",
    )


def _refuse_links(paths: Paths) -> None:
    # A planted link would let another program choose which file ShopWatch overwrites.
    places = (paths.data_dir, paths.ledger, paths.settings, paths.lock, paths.logs, paths.backups, paths.tunnel)
    for place in places:
        if place.is_symlink() or place.is_junction():
            raise UserError(
                say("ShopWatch’s data folder holds a link that leads elsewhere."),
                say("Remove {place}, or choose another data folder.", place=place),
                code="data-folder-link",
            )


def _refuse_foreign(paths: Paths) -> None:
    names = {each.name for each in paths.data_dir.iterdir()} if paths.data_dir.is_dir() else set()
    ours = {place.name for place in (paths.ledger, paths.settings, paths.lock)}
    if not names & ours and names - {folder.name for folder in _folders(paths)}:
        raise UserError(
            say("{folder} holds other things than ShopWatch’s data.", folder=paths.data_dir),
            say("Choose an empty folder, or a new one inside it."),
            code="data-folder-foreign",
        )


def _folders(paths: Paths) -> tuple[Path, ...]:
    return paths.logs, paths.backups, paths.tunnel


def _mounted() -> list[Mount]:
    """What the system tells of its mounts; nothing where it tells nobody but root, as in some sandboxes."""
    try:
        parts = psutil.disk_partitions(all=True)
    except OSError:
        return []
    return [Mount(Path(part.mountpoint), part.fstype, part.opts) for part in parts]


def _mount_of(real: Path, mounts: Iterable[Mount]) -> Mount | None:
    holding = [mount for mount in mounts if real.is_relative_to(mount.folder)]
    return max(holding, key=lambda mount: len(mount.folder.parts), default=None)
