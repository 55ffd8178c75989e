"""What the ngrok program is told when it starts, and what it is kept from."""

import contextlib
import json
import logging
import os
import secrets
import shlex
import shutil
import socket
import sys
from pathlib import Path
from urllib.request import getproxies

from shopwatch.tunnel.program import Program

_QUIET_PORTS = range(20_000, 32_000)
_SYSTEM_PROGRAMS = "/usr/bin:/bin"
_SECRET_VARIABLES = ("NGROK_AUTHTOKEN", "NGROK_API_KEY")


def write_settings(file: Path, program: Program, token: str) -> None:
    """Settings only we can read: the token in argument lists or variables could be read by others on this computer.

    Request bodies are kept nowhere, and nobody steers or exchanges the program from outside. JSON is YAML too.
    https://ngrok.com/docs/agent/config/v3. Raises OSError.
    """
    agent = {
        "authtoken": token,
        "web_addr": f"127.0.0.1:{_free_port()}",
        "inspect_db_size": -1,
        "remote_management": False,
        "update_check": False,
        "console_ui": False,
    }
    modern = program.config_version == "3"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_new(file, 0o600, json.dumps({"version": "3", "agent": agent} if modern else {"version": "2", **agent}))


def write_launcher(file: Path, program: Path) -> Path:
    """What pyngrok is to run: a script around the program, for what pyngrok has no options for. Raises OSError.

    It keeps the program's complaints, which hold the token, away from our own error output, and on Linux has the system
    end the program when this one ends, even by a kill. Where scripts cannot be had, it is the program itself.
    """
    if os.name != "posix":
        return program
    setpriv = shutil.which("setpriv", path=_SYSTEM_PROGRAMS) if sys.platform == "linux" else None
    guard = f"{shlex.quote(setpriv)} --pdeathsig KILL -- " if setpriv else ""
    _write_new(file, 0o700, f'#!/bin/sh\nexec {guard}{shlex.quote(str(program.absolute()))} "$@" 2>/dev/null\n')
    # A folder may be mounted so that nothing in it can be run.
    return file if os.access(file, os.X_OK) else program


def hide_secrets() -> None:
    """The agent shall not take a token from the environment, nor pyngrok write lines that hold one to our log."""
    for variable in _SECRET_VARIABLES:
        os.environ.pop(variable, None)
    logging.getLogger("pyngrok").setLevel(logging.CRITICAL + 1)


def exempt_loopback_from_proxies() -> None:
    """pyngrok asks the agent through urllib, which would send even that to a proxy named in the environment."""
    exempt = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if getproxies() and "127.0.0.1" not in exempt:
        os.environ["no_proxy"] = f"{exempt},127.0.0.1".lstrip(",")


def _write_new(file: Path, mode: int, text: str) -> None:
    file.unlink(missing_ok=True)
    # O_EXCL refuses whatever another user may have planted under this name.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as opened:
        opened.write(text)


def _free_port() -> int:
    """One that no outgoing connection gets before the program binds it: systems take those from higher up."""
    with socket.socket() as free:
        for port in (*(secrets.choice(_QUIET_PORTS) for _ in range(20)), 0):
            with contextlib.suppress(OSError):
                free.bind(("127.0.0.1", port))
                break
        chosen: int = free.getsockname()[1]
        return chosen
