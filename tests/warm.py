"""The program, started once as far as all commands go alike; each command goes on from there in a process of its own.

Most of what a short command does is importing. The window and `serve` are started from nothing in all tests.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "shopwatch.cli", "shopwatch.shop.opening", "typer._adapters"])
_PATIENCE = 60.0


def run(arguments: Sequence[str], env: Mapping[str, str], *, given: Path, out: Path, words: Path) -> int:
    """Run a command with this environment, its standard input, output and error in these files; its exit code."""
    process = _FORKS.Process(target=_command, args=(arguments, env, given, out, words))
    process.start()
    process.join(_PATIENCE)
    code = process.exitcode
    process.kill()
    process.join()
    assert code is not None, f"{arguments} did not end"
    return code


def _command(arguments: Sequence[str], env: Mapping[str, str], given: Path, out: Path, words: Path) -> None:
    from shopwatch.__main__ import main

    for number, (file, flags) in enumerate([(given, os.O_RDONLY), (out, _ANEW), (words, _ANEW)]):
        os.dup2(os.open(file, flags), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["shopwatch", *arguments]
    sys.exit(main())


_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
