"""Real database servers on this computer, each in a folder of its own, for as long as the tests need them."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

PASSWORD = "a long enough password"
_PATIENCE = 60.0


_POSTGRES = Path("/usr/lib/postgresql")


def postgres_versions() -> list[str]:
    """Those of PostgreSQL that are installed here, the oldest first."""
    return sorted((path.parts[-3] for path in _POSTGRES.glob("*/bin/initdb")), key=int)


def postgres_programs(version: str | None = None) -> Path:
    """Where PostgreSQL's programs of this version are, or of the newest."""
    return _POSTGRES / (version or postgres_versions()[-1]) / "bin"


def mariadb_program() -> str | None:
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """The URL of a database in a new server, without its password."""
    with _folder("postgres") as (folder, user):
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        port = free_port()
        run_as(
            user,
            str(programs / "initdb"),
            "-D",
            str(folder / "data"),
            "-A",
            "scram-sha-256",
            "-U",
            "shop",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--no-sync",
        )
        with _server(
            user,
            port,
            str(programs / "postgres"),
            "-D",
            str(folder / "data"),
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={folder}",
            "-c",
            "synchronous_commit=on",
        ):
            _until_it_is_ready(programs, port)
            yield f"postgresql://shop@127.0.0.1:{port}/postgres"


class Databases:
    """Databases that are made in the server of this URL, each a new one, empty or like that of the URL `template`."""

    def __init__(self, url: str, template: str = "/template0") -> None:
        self._server = make_url(url).set(drivername="postgresql", password=PASSWORD)
        self._template = template.rpartition("/")[-1]

    def create(self, template: str = "") -> str:
        """The URL of a new one, with its password; `template` is another one for this once."""
        url = self._server.set(database=f"shop_{secrets.token_hex(6)}")
        with connect(self._server) as connection:
            connection.execute(f"CREATE DATABASE {url.database} TEMPLATE {template or self._template}")
        return url.render_as_string(hide_password=False)


def connect(url: str | URL) -> "psycopg.Connection[tuple[Any, ...]]":
    """As its superuser, and each statement is a transaction."""
    server = make_url(url).translate_connect_args(username="user", database="dbname")
    return psycopg.connect(**server, autocommit=True)


def files_of(url: str) -> dict[str, bytes]:
    """What each file of this database holds."""
    with connect(url) as connection:
        connection.execute("CHECKPOINT")
        rows = connection.execute(
            "SELECT name, pg_read_binary_file(folder || name, 0, (pg_stat_file(folder || name, true)).size, true)"
            " FROM pg_database, LATERAL (SELECT 'base/' || oid || '/') AS base (folder),"
            " LATERAL pg_ls_dir(folder) AS name WHERE datname = current_database()"
        )
        return {name: held for name, held in rows if held is not None}  # some are gone in the meantime


@contextmanager
def mariadb(program: str) -> Iterator[str]:
    """The same for MariaDB."""
    with _folder("mysql") as (folder, user):
        data, port = folder / "data", free_port()
        first = folder / "first.sql"
        first.write_text(
            f"CREATE DATABASE shop CHARACTER SET utf8mb4;\n"
            f"CREATE USER 'shop'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL ON shop.* TO 'shop'@'127.0.0.1';\n"
        )
        first.chmod(0o644)
        options = ["--no-defaults", f"--datadir={data}"]
        install = shutil.which("mariadb-install-db") or "mariadb-install-db"
        run_as(user, install, *options, "--skip-test-db", "--auth-root-authentication-method=normal")
        with _server(
            user,
            port,
            program,
            *options,
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={first}",
            "--skip-name-resolve",
        ):
            yield f"mysql://shop@127.0.0.1:{port}/shop"


@contextmanager
def _folder(owner: str) -> Iterator[tuple[Path, str]]:
    """A folder for a server, and the user it runs as: servers refuse to be root."""
    folder = Path(tempfile.mkdtemp(prefix="shopwatch-db-", dir="/tmp"))
    user = owner if os.geteuid() == 0 else ""
    if user:
        shutil.chown(folder, user)
    try:
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(user: str, *command: str) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command] if user else list(command)


def run_as(user: str, *command: str) -> None:
    done = subprocess.run(_as(user, *command), capture_output=True, text=True, check=False, cwd="/tmp", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _server(user: str, port: int, *command: str) -> Iterator[None]:
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(_as(user, *command), stdout=said, stderr=said, cwd="/tmp")
        try:
            _until_it_listens(server, port)
            yield
        except AssertionError as failure:
            said.seek(0)
            raise AssertionError(said.read()[-4000:]) from failure
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(60)
            server.kill()
            server.wait()


def _until_it_listens(server: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the server has ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)  # another process: there is nothing here to wait on
    raise AssertionError("the server does not listen")


def _until_it_is_ready(programs: Path, port: int) -> None:
    asked = [str(programs / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    end = time.monotonic() + _PATIENCE
    while subprocess.run(asked, check=False).returncode:
        assert time.monotonic() < end, "the server does not begin"
        time.sleep(0.05)  # as above


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
