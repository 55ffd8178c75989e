"""The example of `packaging/cluster/`, running, and what can happen to it."""

import asyncio
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from shopwatch.ledger.engine.opening import address_of
from tests import servers

PROGRAM = Path(__file__).parents[2] / "packaging" / "cluster" / "cluster.py"
PATIENCE = 120.0


@dataclass
class Cluster:
    """`told` is what the program has said of itself."""

    told: Mapping[str, Any]
    programs: Path

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @property
    def folder(self) -> Path:
        return Path(self.told["folder"])

    @property
    def place(self) -> str:
        """Where the ledger is."""
        return address_of(str(self.told["database"]))

    async def ask(self, *arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        """What a command of the first receiver's computer prints, one that has to succeed."""
        with (self.folder / "passphrase").open("rb") as words:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "shopwatch", "--passphrase-fd", str(words.fileno()), *arguments),
                env={
                    **os.environ,
                    "SHOPWATCH_DATA_DIR": self.told["receivers"][0]["folder"],
                    "SHOPWATCH_DATABASE_URL": str(self.told["database"]),
                },
                pass_fds=(words.fileno(),),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            out, said = await process.communicate(stdin.encode())
        assert process.returncode == 0, f"{arguments}: {said.decode()}"
        return [json.loads(line) for line in out.decode().splitlines()]

    def signal(self, receiver: int, number: signal.Signals) -> None:
        """Send a signal to one of the receivers and to what it has started, if it runs."""
        port = str(self.told["receivers"][receiver]["port"])
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cmdline()[-6:-3] == ["--port", port, "--tunnel"]:
                    for each in (process, *process.children()):
                        each.send_signal(number)

    def control(self, database: str, *command: str) -> None:
        """Have pg_ctl do this to one of the two databases."""
        user = "postgres" if os.geteuid() == 0 else ""
        data = self.folder / "database" / database
        servers.run_as(user, str(self.programs / "pg_ctl"), *command, "-w", "-D", str(data))

    def begin(self, database: str) -> None:
        """Start one of the two databases anew, as it was started at first."""
        options = (self.folder / "database" / f"{database}.options").read_text()
        self.control(database, "start", "-o", options, "-l", str(self.folder / "database" / f"{database}.log"))

    async def balanced(self, receiver: int) -> str:
        """What the balancer holds of one of the receivers, in its own words, such as "UP" or "DOWN"."""
        reader, writer = await asyncio.open_unix_connection(str(self.folder / "balancer"))
        writer.write(b"show stat\n")
        await writer.drain()
        rows = csv.DictReader((await reader.read()).decode().removeprefix("# ").splitlines())
        writer.close()
        return next(row["status"] for row in rows if row["svname"] == f"r{receiver + 1}")

    def follow(self, database: str, leader: str) -> None:
        """Make one of the two databases, which has ended, a copy of the other, and start it."""
        user = "postgres" if os.geteuid() == 0 else ""
        data = self.folder / "database" / database
        shutil.rmtree(data)
        url = f"postgresql://shop:{self.told['password']}@127.0.0.1:{self._port_of(leader)}/"
        copy = (str(self.programs / "pg_basebackup"), "-d", url, "-D", str(data), "-R", "-X", "stream", "-c", "fast")
        servers.run_as(user, *copy)
        self.begin(database)

    def set(self, name: str, value: str) -> None:
        """Change a setting of the database that takes changes, and of all that are made from it."""
        with psycopg.connect(str(self.told["database"]), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")

    def _port_of(self, database: str) -> str:
        options = (self.folder / "database" / f"{database}.options").read_text().split()
        return next(each.removeprefix("port=") for each in options if each.startswith("port="))


@contextmanager
def running(secret: str) -> Iterator[Cluster]:
    """One that has begun to answer messages that are signed with `secret`; ended with all that belongs to it."""
    process = subprocess.Popen([sys.executable, str(PROGRAM), "--secret", secret], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert told, "the cluster has not begun"
        yield Cluster(json.loads(told), servers.postgres_programs())
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def until(done: Any, patience: float = PATIENCE) -> None:
    """Return once the answer is yes."""
    end = time.monotonic() + patience
    while not await done():
        assert time.monotonic() < end
        await asyncio.sleep(0.2)
