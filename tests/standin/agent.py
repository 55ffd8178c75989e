"""The stand-in agent as an executable, for whoever needs a tunnel in a test."""

import json
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

PROGRAM = Path(__file__).parent / "ngrok"


@dataclass
class StandIn:
    """An agent with switches (see the program's own text) that hold for each of its starts."""

    folder: Path
    switches: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The executable, to be named as the ngrok program."""
        path = self.folder / "ngrok"
        switches = {"JOURNAL": self.folder / "journal", "FAULT_FILE": self.folder / "faults", **self.switches}
        named = " ".join(f"STANDIN_{name}={shlex.quote(str(value))}" for name, value in switches.items())
        program = f"{shlex.quote(sys.executable)} {shlex.quote(str(PROGRAM))}"
        path.write_text(f'#!/bin/sh\nexec env {named} {program} "$@"\n')
        path.chmod(0o700)
        return path

    @property
    def wrapper(self) -> Path:
        """A script around the executable that stays beside it: it does not `exec` it."""
        path = self.folder / "wrapper"
        path.write_text(f'#!/bin/sh\n{shlex.quote(str(self.path))} "$@"\nexit $?\n')
        path.chmod(0o700)
        return path

    def fault(self, *names: str) -> None:
        """The faults from its next start on."""
        (self.folder / "faults").write_text(",".join(names))

    @property
    def journal(self) -> list[dict[str, Any]]:
        """What it noted at each of its starts."""
        path = self.folder / "journal"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def running(self) -> list[int]:
        return [one["pid"] for one in self.journal if is_running(one["pid"])]


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def ask(url: str, order: str) -> dict[str, Any]:
    """Give the stand-in behind the edge at `url` an order."""
    async with aiohttp.ClientSession() as session, session.post(f"{url}/.standin/{order}") as response:
        answer: dict[str, Any] = await response.json()
        return answer
