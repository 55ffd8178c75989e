"""ShopWatch in a session, on one data folder: its window as the owner opens it, its commands as a shell runs them."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import warm
from tests.desktop.session import Session
from tests.desktop.waiting import wait_until
from tests.standin.agent import StandIn


class Program:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.data = session.folder / "data"
        self.agent = StandIn(session.folder, {"EDGE_PORT": str(_free_port())})  # one address, as an account has
        self.env = {**session.env, "PYNGROK_NGROK_PATH": str(self.agent.path)}
        self.log = session.folder / "shopwatch.log"
        self._opened: list[subprocess.Popen[Any]] = []

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "shopwatch", *arguments, "--data-dir", str(self.data)]

    def open(self) -> subprocess.Popen[bytes]:
        """Start the desktop program; it is ended with the test."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(self.command(), env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._opened.append(process)
        return process

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The receiver without a window, and where it listens; it ends in order."""
        process = subprocess.Popen(
            self.command("serve", "--port", "0", "--tunnel", "none"),
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._opened.append(process)
        assert process.stdout
        with process.stdout:
            yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
            process.terminate()
            assert process.wait(60) == 0

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        return warm.run(*arguments, "--data-dir", str(self.data), env=self.env, stdin=stdin)

    def fail_to_open(self) -> subprocess.CompletedProcess[str]:
        """What the desktop program says that ends at once."""
        return subprocess.run(self.command(), env=self.env, capture_output=True, text=True, timeout=60, check=False)

    def ask(self, *arguments: str, code: int = 0, stdin: str = "") -> list[dict[str, Any]]:
        """What a command prints that ends with `code`."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == code, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def url(self) -> str:
        """The address to copy into PayNow; waits until there is one."""

        def known() -> str:
            return next((each["url"] for each in self.ask("source", "list") if each["url"]), "")

        return wait_until(known, "a public address")

    def local_url(self) -> str:
        """Where the listener is on this machine; waits until it listens."""
        note = self.data / "running.json"
        wait_until(note.exists, "the listener")
        return f"http://127.0.0.1:{json.loads(note.read_text())['port']}"

    def add_paynow(self, secret: str) -> list[dict[str, Any]]:
        return self.ask("source", "add", "paynow", "--secret-stdin", stdin=secret)

    def settle(self, secret: str) -> None:
        """Do by commands what the assistant would do."""
        self.add_paynow(secret)
        token = self.run("tunnel", "ngrok", "--token-stdin", stdin="2canaryTOKENcanary_9fQ4zKx7Lm")
        assert token.returncode == 0, token.stderr

    def close(self) -> None:
        """End what still runs. AssertionError if a window ever told of a bug."""
        for process in self._opened:
            process.kill()
            process.wait()
        if self.log.exists():
            words = self.log.read_text()
            assert "Traceback" not in words, words


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port
