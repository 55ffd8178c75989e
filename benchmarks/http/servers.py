"""The three servers, each as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.http import keys
from benchmarks.http.load import SECRET

_ROOT = Path(__file__).parents[2]
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    path: str
    process: "subprocess.Popen[str]"

    def pause(self) -> None:
        """Let it do nothing while another one is measured."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


class Command(Protocol):
    """Runs one command on the shop; what it prints."""

    def __call__(self, *arguments: str, stdin: str = "") -> list[dict[str, Any]]: ...


@contextmanager
def empty(path: str) -> Iterator[Server]:
    """aiohttp with an empty handler at `path`."""
    port = _free_port()
    with _running([sys.executable, "-m", "benchmarks.http.empty", str(port), path]) as process:
        _ready(process)
        yield Server(port, path, process)


@contextmanager
def shopwatch(
    folder: Path, arrange: Callable[[Command], None] = lambda _command: None, *, tunnel: str = "none"
) -> Iterator[Server]:
    """`shopwatch serve` on SQLite in `folder`, with one PayNow source, and what `arrange` does by command before."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(_ROOT),
        **keys.in_file(folder / "keys.json"),
        "SHOPWATCH_DATA_DIR": str(folder / "data"),
    }
    program = [sys.executable, "-m", "shopwatch"]

    def command(*arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        done = subprocess.run(
            [*program, *arguments], env=environment, input=stdin, text=True, check=True, capture_output=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    (added,) = command("source", "add", "paynow", "--secret-stdin", stdin=SECRET)
    arrange(command)
    with _running([*program, "serve", "--port", "0", "--tunnel", tunnel], environment) as process:
        yield Server(_ready(process)["port"], added["path"], process)


@contextmanager
def sinks() -> Iterator[dict[str, int]]:
    """A mail server, a program and one that never answers, by their ports."""
    with _running([sys.executable, "-m", "benchmarks.http.sinks"]) as process:
        yield _ready(process)


@contextmanager
def webhook(folder: Path) -> Iterator[Server]:
    """Debian's webhook, which starts /bin/true for each request."""
    port = _free_port()
    hooks = folder / "hooks.json"
    hooks.write_text(json.dumps([{"id": "sale", "execute-command": "/bin/true"}]))
    with _running(["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(port)]) as process:
        _until_listening(port)
        yield Server(port, "/hooks/sale", process)


@contextmanager
def _running(called: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(called, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)
        assert process.stdout
        process.stdout.close()


def _ready(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout
    said: dict[str, int] = json.loads(process.stdout.readline())
    return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_listening(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
