"""Which ngrok program is used, how old it is, and fetching one where there is none."""

import asyncio
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp
from pyngrok import installer
from pyngrok.exception import PyngrokError

from shopwatch.tunnel import errors

LARGEST_DOWNLOAD = 200 * 1024 * 1024
_VERSION = re.compile(r"ngrok version (\d+)\.(\d+)")
_NAME = "ngrok.exe" if sys.platform == "win32" else "ngrok"
_TIMEOUT = aiohttp.ClientTimeout(total=900, sock_connect=10, sock_read=20)

type Report = Callable[[float], None]
"""Hears how much of a download is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Program:
    path: Path
    version: tuple[int, int]

    @property
    def config_version(self) -> str:
        """The settings format and local API it speaks: endpoints came with 3.30, says ngrok's agent changelog."""
        return "3" if self.version >= (3, 30) else "2"


async def find_program(
    chosen: Path | None, folder: Path, report: Report, worker: Executor, *, source: str = "", patience: float = 10
) -> Program:
    """The program to run: the `chosen` one, else PYNGROK_NGROK_PATH's, else our own in `folder`, fetched if missing.

    `source` replaces the place pyngrok names for this kind of computer. The program gets `patience` seconds to say its
    version. Raises UserError.
    """
    named = chosen or Path(os.environ.get("PYNGROK_NGROK_PATH", ""))
    path = named if named != Path() else folder / _NAME
    if named == Path() and not _is_there(path):
        await download(source or _source(), path, report)
    loop = asyncio.get_running_loop()
    version = await loop.run_in_executor(worker, _ask_version, path, patience)
    return Program(path, version)


def refuse_no_file(path: Path) -> None:
    """Raise UserError unless `path` is a file that we may look at."""
    try:
        is_file = path.is_file()
    except OSError:  # a folder that is closed to us, a name that is too long
        raise errors.program_wrong(str(path)) from None
    if not is_file:
        raise errors.program_missing(str(path))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        raise errors.folder_locked(str(path.parent)) from None


def _ask_version(path: Path, patience: float) -> tuple[int, int]:
    # A program that is not ngrok, or hangs, is found out here: pyngrok would wait for it without end.
    refuse_no_file(path)
    try:
        asked = subprocess.run(  # noqa: S603 - the owner named this program
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise errors.program_wrong(str(path)) from None
    found = _VERSION.search(asked.stdout.decode("utf-8", "replace"))
    if found is None:
        raise errors.program_wrong(str(path))
    return int(found[1]), int(found[2])


def _source() -> str:
    try:
        return installer.get_ngrok_cdn_url("3")
    except PyngrokError:
        raise errors.program_unfit() from None


async def download(url: str, target: Path, report: Report) -> None:
    """Fetch the archive at `url` and put its ngrok program at `target`, whole or not at all.

    pyngrok says where from, but does not fetch: it writes to a name in the shared temporary folder that others can
    foresee, unpacks whatever lies there, cannot be stopped, and reports only to a terminal. Raises UserError.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise errors.folder_locked(str(target.parent)) from None
    try:
        with tempfile.TemporaryFile(dir=target.parent) as archive:
            await _fetch(url, archive, report)
            await asyncio.to_thread(_unpack, archive, target)
    except aiohttp.ClientConnectorError:
        raise errors.no_internet() from None
    except (aiohttp.ClientError, TimeoutError, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, KeyError):
        raise errors.download_failed() from None


async def _fetch(url: str, archive: BinaryIO, report: Report) -> None:
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True, raise_for_status=True) as session,
        session.get(url) as response,
    ):
        size = 0
        async for piece in response.content.iter_chunked(64 * 1024):
            size += len(piece)
            if size > LARGEST_DOWNLOAD:
                raise errors.download_failed()
            archive.write(piece)
            if response.content_length:
                report(min(1.0, round(size / response.content_length, 2)))


def _unpack(archive: BinaryIO, target: Path) -> None:
    """Takes the one file wanted, whatever else the archive holds."""
    archive.seek(0)
    zipped = zipfile.is_zipfile(archive)
    archive.seek(0)
    if zipped:
        with zipfile.ZipFile(archive) as opened:
            content = opened.read(_NAME)
    else:
        with tarfile.open(fileobj=archive, mode="r:gz") as packed:
            member = packed.extractfile(_NAME)
            if member is None:
                raise KeyError(_NAME)
            content = member.read()
    handle, unfinished = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(0o700)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
