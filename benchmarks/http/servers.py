"""The three servers, each as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.http import keys
from benchmarks.http.load import SECRET

_ROOT = Path(__file__).parents[2]
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    path: str


@contextmanager
def empty(path: str) -> Iterator[Server]:
    """aiohttp with an empty handler at `path`."""
    port = _free_port()
    with _running([sys.executable, "-m", "benchmarks.http.empty", str(port), path]) as process:
        _ready(process)
        yield Server(port, path)


@contextmanager
def shopwatch(folder: Path) -> Iterator[Server]:
    """`shopwatch serve` on SQLite in `folder`, with one PayNow source."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(_ROOT),
        "PYTHON_KEYRING_BACKEND": f"{keys.__name__}.{keys.FileKeys.__name__}",
        keys.FILE_VARIABLE: str(folder / "keys.json"),
        "SHOPWATCH_DATA_DIR": str(folder / "data"),
    }
    program = [sys.executable, "-m", "shopwatch"]
    added = subprocess.run(
        [*program, "source", "add", "paynow", "--secret-stdin"],
        env=environment, input=SECRET, text=True, check=True, capture_output=True,
    )  # fmt: skip
    path = json.loads(added.stdout)["path"]
    with _running([*program, "serve", "--port", "0", "--tunnel", "none"], environment) as process:
        yield Server(_ready(process)["port"], path)


@contextmanager
def webhook(folder: Path) -> Iterator[Server]:
    """Debian's webhook, which starts /bin/true for each request."""
    port = _free_port()
    hooks = folder / "hooks.json"
    hooks.write_text(json.dumps([{"id": "sale", "execute-command": "/bin/true"}]))
    with _running(["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(port)]):
        _until_listening(port)
        yield Server(port, "/hooks/sale")


@contextmanager
def _running(called: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(called, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
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
