"""The program, started once as far as all commands go alike; each command goes on from there in a process of its own.

Most of what a short command does is importing. The window and `serve` are started from nothing in all tests.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "shopwatch.cli", "shopwatch.shop.opening", "typer._adapters"])
_PATIENCE = 60.0


def run(*arguments: str, env: Mapping[str, str], stdin: str) -> CompletedProcess[str]:
    """A command to its end, with this environment. AssertionError if it told of a bug, or did not end."""
    with TemporaryDirectory() as name:
        files = [Path(name, each) for each in ("stdin", "stdout", "stderr")]
        files[0].write_text(stdin)
        process = _started(arguments, env, files)
        process.join(_PATIENCE)
        code = process.exitcode
        process.kill()
        process.join()
        out, words = (file.read_text() for file in files[1:])
    assert code is not None, f"{arguments} did not end"
    assert "Traceback" not in words, words
    return CompletedProcess(arguments, code, out, words)


@dataclass(frozen=True)
class Started:
    """A command that goes on, and is asked after as a `Popen`."""

    _process: BaseProcess

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutError
        return code

    def send_signal(self, number: int) -> None:
        if self._process.is_alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


def start(*arguments: str, env: Mapping[str, str], said: Path) -> Started:
    """A command, with all its words in the file `said`."""
    return Started(_started(arguments, env, [Path(os.devnull), said, said]))


def _started(arguments: Sequence[str], env: Mapping[str, str], files: Sequence[Path]) -> BaseProcess:
    process = _FORKS.Process(target=_command, args=(arguments, dict(env), files))
    process.start()
    return process


def _command(arguments: Sequence[str], env: dict[str, str], files: Sequence[Path]) -> None:
    from shopwatch.__main__ import main

    for number, (file, flags) in enumerate(zip(files, (os.O_RDONLY, _ANEW, _ANEW), strict=True)):
        os.dup2(os.open(file, flags), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["shopwatch", *arguments]
    sys.exit(main())


_ANEW = os.O_WRONLY | os.O_CREAT | os.O_APPEND
