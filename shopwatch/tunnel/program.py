"""Which ngrok program is used, how old it is, and fetching one where there is none."""

import asyncio
import hashlib
import os
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp

from shopwatch.tunnel import errors
from shopwatch.tunnel.release import MEMBER, Release, own_program, release_here

LARGEST_PROGRAM = 200 * 1024 * 1024
_VERSION = re.compile(r"ngrok version (\d+)\.(\d+)")
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
    chosen: Path | None,
    folder: Path,
    report: Report,
    worker: Executor,
    *,
    release: Release | None = None,
    patience: float = 10,
) -> Program:
    """The program to run: the `chosen` one, else PYNGROK_NGROK_PATH's, else our own in `folder`, fetched if missing.

    `release` replaces the one that is known for this kind of computer. The program gets `patience` seconds to say its
    version. Raises UserError.
    """
    named = chosen or Path(os.environ.get("PYNGROK_NGROK_PATH", ""))
    path = named if named != Path() else own_program(folder)
    if named == Path() and not _is_there(path):
        wanted = release or release_here()
        if wanted is None:
            raise errors.program_unfit()
        await download(wanted, path, report)
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


async def download(release: Release, target: Path, report: Report) -> None:
    """Fetch `release` and put its program at `target`, whole or not at all; anything else than what was published is
    refused before it is looked into. Raises UserError.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise errors.folder_locked(str(target.parent)) from None
    try:
        with tempfile.TemporaryFile(dir=target.parent) as fetched:
            digest = await _fetch(release.url, fetched, report)
            if digest != release.sha256:
                raise errors.program_other()
            await asyncio.to_thread(_place, fetched, release, target)
    except aiohttp.ClientConnectorError:
        raise errors.no_internet() from None
    except (aiohttp.ClientError, TimeoutError, OSError, EOFError, zipfile.BadZipFile, KeyError):
        raise errors.download_failed() from None


async def _fetch(url: str, target: BinaryIO, report: Report) -> str:
    """Writes what is at `url`, and nowhere else, to `target`; its SHA-256 in hex."""
    digest = hashlib.sha256()
    async with (
        aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True) as session,
        session.get(url, allow_redirects=False) as response,
    ):
        if response.status != 200:
            raise errors.download_failed()
        size = 0
        async for piece in response.content.iter_chunked(64 * 1024):
            size += len(piece)
            if size > LARGEST_PROGRAM:
                raise errors.download_failed()
            digest.update(piece)
            target.write(piece)
            if response.content_length:
                report(min(1.0, round(size / response.content_length, 2)))
    return digest.hexdigest()


def _place(fetched: BinaryIO, release: Release, target: Path) -> None:
    """Takes the one file wanted, whatever else an archive holds."""
    fetched.seek(0)
    if release.is_packed:
        with zipfile.ZipFile(fetched) as opened, opened.open(MEMBER) as member:
            content = member.read(LARGEST_PROGRAM + 1)
    else:
        content = fetched.read()
    if len(content) > LARGEST_PROGRAM:
        raise errors.download_failed()
    handle, unfinished = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(0o700)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
