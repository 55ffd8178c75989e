import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.secrets.password_store import PasswordStore

SECRET = "pn-test-4e1fe1f601bde34964a2c65510d3e62b"


@dataclass
class Done:
    """How a command ended: `lines` are the JSON objects it printed."""

    code: int
    out: str
    words: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Program:
    """The real program, run as a person does at a terminal, on one data folder."""

    env: dict[str, str]
    folder: Path
    serving: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *arguments: str, stdin: str = "") -> Done:
        done = warm.run(*arguments, env=self.env, stdin=stdin)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        """`serve`, once it has said that it is ready."""
        process = subprocess.Popen(
            [sys.executable, "-m", "shopwatch", "serve", *arguments],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.serving.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    def add_paynow(self) -> dict[str, Any]:
        added = self.run("source", "add", "paynow", "--name", "Flowers", "--secret-stdin", stdin=SECRET)
        assert added.code == 0, added.words
        return added.lines[0]

    def stop(self) -> None:
        for process in self.serving:
            process.kill()
            process.communicate()


@pytest.fixture
def shopwatch(gnome_keyring: PasswordStore, tmp_path: Path) -> Iterator[Program]:
    folder = tmp_path / "shop"
    program = Program({**gnome_keyring.env, "SHOPWATCH_DATA_DIR": str(folder)}, folder)
    yield program
    program.stop()


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """The same on a machine without a password store, a message bus or a screen."""
    folder = tmp_path / "shop"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "SHOPWATCH_DATA_DIR": str(folder)}
    return Program(env, folder)


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    process.send_signal(number)
    process.communicate(timeout=60)
    return process.returncode
