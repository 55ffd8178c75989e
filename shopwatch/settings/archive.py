"""A backup: ledger, settings and, if asked for, the secrets under a passphrase, in one file."""

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import filelock
import msgspec

from shopwatch import __version__
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host import restore_swap
from shopwatch.host.files import move_into_place
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.host.paths import Paths, unwritable
from shopwatch.secrets import sealing

_FORMAT = 1
_MANIFEST, _LEDGER, _SETTINGS, _SECRETS = "manifest.json", "ledger.sqlite3", "settings.json", "secrets.sealed"
_WRITING, _LOCK = ".shopwatch-backup-", "lock"
_NO_LOCK = (OSError, NotImplementedError)
"""Another has it, or the medium knows none."""
_SMALL_ENTRY = 1_000_000
_SQLITE = b"SQLite format 3\0"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    made_by: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was in a backup: its files, in a folder of their own, and the vault items by name, which are to be kept in
    the vault of those settings. `sealed`: there are some, whether they were opened or not."""

    settings: Path
    ledger: Path
    sealed: bool
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def backup(
    file: Path,
    paths: Paths,
    copy_ledger: Callable[[Path], None],
    secrets: Mapping[str, str] | None = None,
    passphrase: str | None = None,
) -> None:
    """Write everything of this shop into `file` (0600); it is there whole or not at all.

    `copy_ledger` writes a consistent copy of the ledger to the path it is given. With `secrets`, vault items by name,
    they go in sealed by `passphrase`. Blocks; call it off the loop. Raises `UserError`.
    """
    _refuse_place(file)
    paths.refuse_own(file)
    sealed = None if secrets is None else sealing.seal(msgspec.json.encode(dict(secrets)), passphrase or "")
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with _folder_beside(file.absolute()) as folder:
            ledger, made = folder / _LEDGER, folder / "backup"
            copy_ledger(ledger)
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    archive.writestr(_MANIFEST, msgspec.json.encode(Manifest(_FORMAT, __version__, made_at)))
                    archive.write(ledger, _LEDGER)
                    archive.write(paths.settings, _SETTINGS)
                    if sealed is not None:
                        archive.writestr(_SECRETS, sealed)
                out.flush()
                os.fsync(out.fileno())
            move_into_place(made, file.absolute())
    except OSError as error:
        raise unwritable(file.absolute().parent, error) from error


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    """A folder to write in before `file` takes its place. What backups that were killed have left there goes: it holds
    customers in clear."""
    for left in file.parent.glob(f"{_WRITING}*/{_LOCK}"):
        with suppress(*_NO_LOCK), filelock.FileLock(left, blocking=False, fallback_to_soft=False):
            shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WRITING, dir=file.parent) as folder, ExitStack() as held:
        with suppress(*_NO_LOCK):
            held.enter_context(filelock.FileLock(Path(folder) / _LOCK, blocking=False, fallback_to_soft=False))
        yield Path(folder)


def check(file: Path, passphrase: str | None = None) -> bool:
    """Whether there are secrets in this backup; nothing is changed. Blocks.

    Raises `UserError` for a file that is no backup, a newer one's, or a passphrase that does not open it.
    """
    _refuse_unreadable(file)
    try:
        with tempfile.TemporaryDirectory(prefix="shopwatch-check-") as folder:
            return _unpack(file, Path(folder), passphrase).sealed
    except OSError as error:
        raise unwritable(Path(tempfile.gettempdir()), error) from error


def restore(
    file: Path, paths: Paths, passphrase: str | None = None, *, ready: Callable[[Unpacked], None] = lambda _: None
) -> Unpacked:
    """Bring back what `file` holds, and return what was in it.

    The ledger and settings that were there are kept beside the new ones, with "before-restore" in their names. Nothing
    changes unless the whole backup can be read, and `ready` has returned, which may look at what was unpacked, change
    it, and keep its secrets; then both change at once, also where this is cut off (`host.restore_swap`). Secrets are
    passed over without a passphrase. Blocks. Raises `AlreadyRunning` while a process has this folder, what `ready`
    raises, and `UserError` for a file that is no backup, a newer one's, or a passphrase that does not open it.
    """
    _refuse_unreadable(file)
    paths.prepare()
    with DataFolderLock(paths).acquire(Role.RESTORE):
        try:
            with tempfile.TemporaryDirectory(prefix=restore_swap.UNPACKING, dir=paths.data_dir) as folder:
                made = Path(folder) / "shop"
                made.mkdir(mode=0o700)
                unpacked = _unpack(file, made, passphrase)
                ready(unpacked)
                restore_swap.swap_in(paths, made)
        except OSError as error:
            raise unwritable(paths.data_dir, error) from error
    return unpacked


def _refuse_place(file: Path) -> None:
    try:
        odd = file.is_symlink() or (file.exists() and not file.is_file())
    except OSError as error:
        raise unwritable(file.absolute().parent, error) from error
    if odd:
        raise UserError(
            say("A backup cannot be written there."),
            say("{file} is a folder, a link or a device. Choose another name.", file=file),
            code="backup-place",
        )


def _refuse_unreadable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise UserError(
            say("This backup cannot be opened."),
            say("Check that {file} is there and that you may read it.", file=file),
            code="backup-unreadable",
        ) from error


def _unpack(file: Path, folder: Path, passphrase: str | None) -> Unpacked:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            # Only the names we write are read, each at a place of our own choosing: a path inside leads nowhere.
            known = {_MANIFEST, _LEDGER, _SETTINGS}
            if len(entries) != len(archive.infolist()) or not known <= set(entries) <= known | {_SECRETS}:
                raise _no_backup(file)
            if any(entry.file_size > _SMALL_ENTRY for name, entry in entries.items() if name != _LEDGER):
                raise _no_backup(file)
            if msgspec.json.decode(archive.read(_MANIFEST), type=Manifest).format != _FORMAT:
                raise UserError(
                    say("This backup was made by another version of ShopWatch."),
                    say("Update ShopWatch, then bring it back."),
                    code="backup-version",
                )
            msgspec.json.decode(archive.read(_SETTINGS), type=dict[str, object])
            secrets: dict[str, str] = {}
            if _SECRETS in entries and passphrase:
                opened = sealing.unseal(archive.read(_SECRETS), passphrase)
                secrets = msgspec.json.decode(opened, type=dict[str, str])
            if entries[_LEDGER].file_size > shutil.disk_usage(folder).free:
                raise UserError(
                    say("There is not enough space on this disk for the backup."),
                    say("Free some space, then try again."),
                    code="disk-full",
                )
            for name in (_SETTINGS, _LEDGER):
                _extract(archive, name, folder / name)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        msgspec.DecodeError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
        ValueError,
        zlib.error,
    ) as error:
        raise _no_backup(file) from error
    with (folder / _LEDGER).open("rb") as ledger:
        if ledger.read(len(_SQLITE)) != _SQLITE:
            raise _no_backup(file)
    return Unpacked(folder / _SETTINGS, folder / _LEDGER, _SECRETS in entries, secrets)


def _extract(archive: zipfile.ZipFile, name: str, to: Path) -> None:
    with archive.open(name) as packed, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(packed, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def _no_backup(file: Path) -> UserError:
    return UserError(
        say("This is not a backup that ShopWatch can read."),
        say("Choose a file that ShopWatch’s backup made; {file} is not whole or is something else.", file=file),
        code="backup-broken",
    )
