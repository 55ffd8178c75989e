#!/usr/bin/env python3
"""A shop on several servers, all on this computer: two receivers behind HAProxy, and PostgreSQL with a copy.

    python3 packaging/cluster/cluster.py

starts it, prints one line of JSON once sales can be sent, and ends it at SIGTERM or Ctrl-C. A receiver that has ended
is started again, as systemd would. `docs/server.md` says what is what, and how to do it on computers of your own.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
POSTGRES = Path("/usr/lib/postgresql")
PUBLIC = "https://shop.example"
PATIENCE = 60.0
STARTS_AGAIN = 1.0
SECRET = "a secret that PayNow would have given"  # noqa: S105 - of a shop that is not there


def free_ports(count: int) -> list[int]:
    with ExitStack() as bound:
        sockets = [bound.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def until(what: str, done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"{what} takes too long")
        time.sleep(0.1)


class Database:
    """PostgreSQL: one that takes changes, and a copy that follows it."""

    def __init__(self, folder: Path, programs: Path, ports: list[int]) -> None:
        self.folder = folder
        self.programs = programs
        self.ports = dict(zip(("primary", "standby"), ports, strict=True))
        self.password = secrets.token_urlsafe(24)
        self.passfile = folder / "pgpass"
        self.user = "postgres" if os.geteuid() == 0 else ""

    def run(self, program: str, *arguments: str) -> None:
        as_user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        command = [*as_user, str(self.programs / program), *arguments]
        env = {**os.environ, "PGPASSWORD": self.password}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, env=env)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr or done.stdout}")

    def start(self) -> None:
        given = self.folder / "given"
        given.write_text(self.password)
        self.passfile.write_text(f"*:*:*:shop:{self.password}\n")
        self.passfile.chmod(0o600)
        (self.folder / "sockets").mkdir()
        if self.user:
            for each in (self.folder, given, self.folder / "sockets"):
                shutil.chown(each, self.user)
        self.run(
            "initdb", "-D", self.data("primary"), "-A", "scram-sha-256", "-U", "shop", f"--pwfile={given}", "-E", "UTF8"
        )
        given.unlink()
        self.begin("primary")
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.ports["primary"]), "-U", "shop", "shop")
        self.follow("standby", "primary")

    def follow(self, name: str, leader: str) -> None:
        """Make a copy of `leader` that follows it."""
        shutil.rmtree(self.data(name), ignore_errors=True)
        where = ["-h", "127.0.0.1", "-p", str(self.ports[leader]), "-U", "shop"]
        self.run("pg_basebackup", *where, "-D", self.data(name), "-R", "-X", "stream", "-c", "fast")
        self.begin(name)

    def begin(self, name: str) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.ports[name]} -c unix_socket_directories={self.folder}/sockets"
        )
        (self.folder / f"{name}.options").write_text(options)
        log = str(self.folder / f"{name}.log")
        self.run("pg_ctl", "start", "-w", "-D", self.data(name), "-o", options, "-l", log)

    def end(self, name: str, how: str = "fast") -> None:
        self.run("pg_ctl", "stop", "-w", "-D", self.data(name), "-m", how)

    def data(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def url(self) -> str:
        """Whichever of the two takes changes."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports.values())
        return f"postgresql://shop@{hosts}/shop?target_session_attrs=read-write&passfile={self.passfile}"


class Receiver:
    """One `shopwatch serve`, with a data folder of its own."""

    def __init__(self, cluster: "Cluster", name: str, port: int, admin: int) -> None:
        self.cluster = cluster
        self.folder = cluster.folder / name
        self.port = port
        self.admin = admin
        self.process: subprocess.Popen[bytes] | None = None
        self.ended_at = 0.0

    def start(self) -> None:
        serve = ("serve", "--port", str(self.port), "--tunnel", "own", "--admin", f"127.0.0.1:{self.admin}")
        with (self.cluster.folder / f"{self.folder.name}.log").open("ab") as log:
            self.process = self.cluster.shopwatch(self.folder, *serve, stdout=log, stderr=log)

    def keep(self) -> None:
        """Start it again a moment after it has ended."""
        if self.process is None or self.process.poll() is None:
            return
        if not self.ended_at:
            self.ended_at = time.monotonic()
        elif time.monotonic() - self.ended_at > STARTS_AGAIN:
            self.ended_at = 0.0
            self.start()

    def is_ready(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise SystemExit(f"{self.folder.name} has ended: {self.folder.with_suffix('.log').read_text()}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.admin), 1) as asking:
            asking.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
            return b" 200 " in asking.recv(64)
        return False


class Cluster:
    """All of it, in one folder."""

    def __init__(self, folder: Path, command: list[str], programs: Path, secret: str) -> None:
        self.folder = folder
        self.command = command
        self.secret = secret
        self.passphrase = folder / "passphrase"
        first, second, self.port, *others = free_ports(7)
        self.database = Database(folder / "database", programs, [first, second])
        self.receivers = [Receiver(self, "r1", *others[:2]), Receiver(self, "r2", *others[2:])]
        self.balancer: subprocess.Popen[bytes] | None = None

    def shopwatch(self, data: Path, *arguments: str, **streams: object) -> "subprocess.Popen[bytes]":
        """Run a command of ShopWatch's; the passphrase comes by a descriptor, the password by a file."""
        with self.passphrase.open("rb") as words:
            given = words.fileno()
            return subprocess.Popen(
                [*self.command, "--passphrase-fd", str(given), *arguments],
                env={**os.environ, "SHOPWATCH_DATA_DIR": str(data), "SHOPWATCH_DATABASE_URL": self.database.url},
                pass_fds=(given,),
                start_new_session=True,
                **streams,  # type: ignore[call-overload]
            )

    def ask(self, *arguments: str, stdin: str = "") -> str:
        process = self.shopwatch(
            self.receivers[0].folder, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, words = process.communicate(stdin.encode())
        if process.returncode:
            raise SystemExit(f"{arguments}: {words.decode()}")
        return out.decode()

    def start(self) -> dict[str, object]:
        self.passphrase.touch(0o600)
        self.passphrase.write_text(secrets.token_urlsafe(24))
        self.database.folder.mkdir()
        self.database.start()
        added = json.loads(self.ask("source", "add", "paynow", "--secret-stdin", stdin=self.secret))
        self.ask("tunnel", "own", PUBLIC)
        for receiver in self.receivers:
            receiver.start()
        for receiver in self.receivers:
            until(receiver.folder.name, receiver.is_ready)
        first, second = self.receivers
        ports = {
            "SHOPWATCH_BALANCER_SOCKET": str(self.folder / "balancer"),
            "SHOPWATCH_PORT": str(self.port),
            "SHOPWATCH_R1": str(first.port),
            "SHOPWATCH_R1_ADMIN": str(first.admin),
            "SHOPWATCH_R2": str(second.port),
            "SHOPWATCH_R2_ADMIN": str(second.admin),
        }
        with (self.folder / "haproxy.log").open("ab") as log:
            self.balancer = subprocess.Popen(
                [shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "haproxy", "-db", "-f",
                 str(HERE / "haproxy.cfg")],
                env={**os.environ, **ports}, stdout=log, stderr=log,
            )  # fmt: skip
        until("haproxy", self.answers)
        return {
            "ready": True,
            "url": f"http://127.0.0.1:{self.port}{added['path']}",
            "host": PUBLIC.partition("://")[2],
            "secret": self.secret,
            "folder": str(self.folder),
            "database": self.database.url,
            "password": self.database.password,
            "receivers": [
                {"folder": str(each.folder), "port": each.port, "admin": each.admin} for each in self.receivers
            ],
        }

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def keep(self) -> None:
        for receiver in self.receivers:
            receiver.keep()

    def end(self) -> None:
        for process in (self.balancer, *(each.process for each in self.receivers)):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        for name in self.database.ports:
            with suppress(SystemExit):
                self.database.end(name, "immediate")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument(
        "--shopwatch", default=f"{sys.executable} -m shopwatch", help="the command that starts ShopWatch"
    )
    asked.add_argument("--secret", default=SECRET, help="what the messages of the shop are signed with")
    asked.add_argument("--postgres", help="a version of PostgreSQL, where several are installed")
    given = asked.parse_args()
    versions = sorted((path.parts[-3] for path in POSTGRES.glob("*/bin/initdb")), key=int)
    if not versions or not shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        raise SystemExit("PostgreSQL and HAProxy are needed: apt-get install postgresql haproxy")
    programs = POSTGRES / (given.postgres or versions[-1]) / "bin"
    with tempfile.TemporaryDirectory(prefix="shopwatch-cluster-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        cluster = Cluster(folder, given.shopwatch.split(), programs, given.secret)
        going = True

        def end(_number: int, _frame: object) -> None:
            nonlocal going
            going = False

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        try:
            sys.stdout.write(json.dumps(cluster.start()) + "\n")
            sys.stdout.flush()
            while going:
                cluster.keep()
                time.sleep(0.2)
        finally:
            cluster.end()


if __name__ == "__main__":
    main()
