"""One run of the ngrok program, driven through pyngrok.

pyngrok blocks, waits for a program without limit, starts one where it was only asked, and writes the owner's token to
argument lists and logs. So it works on a thread of its own, is given a deadline by ending its child, and is only ever
told to start.
"""

import asyncio
import contextlib
import json
import logging
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from enum import Enum, auto
from http.client import HTTPException
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from pyngrok import conf, ngrok, process
from pyngrok.exception import PyngrokError, PyngrokNgrokError, PyngrokNgrokHTTPError, PyngrokNgrokURLError
from pyngrok.log import NgrokLog

from shopwatch.domain.errors import UserError
from shopwatch.tunnel import errors
from shopwatch.tunnel.orphan import end_orphan, remember_agent
from shopwatch.tunnel.program import Program

_NAME = "shopwatch"
_GLANCE = 0.01
_SECRET_VARIABLES = ("NGROK_AUTHTOKEN", "NGROK_API_KEY")
_LOST = ("session closed", "failed to reconnect session", "heartbeat timeout")
# Beside its own errors pyngrok lets those of urllib, of decoding and of replies in another shape through.
_FAILURES = (PyngrokError, OSError, HTTPException, ValueError, TypeError, AttributeError)


class Heard(Enum):
    """What a line of the agent's log means for us."""

    LOST = auto()
    OFFLINE = auto()
    REFUSED = auto()
    BACK = auto()


class Agent:
    """Is opened once, asked, and closed. All methods belong to the loop's thread and raise only UserError."""

    def __init__(self, folder: Path, worker: Executor, hear: Callable[[Heard], None]) -> None:
        """`worker` has one thread, which must outlive the agent. `folder` is private to this owner and shop."""
        self._worker = worker
        self._hear = hear
        self._settings = folder.resolve() / "ngrok.yml"
        self._note = folder.resolve() / "ngrok.pid"
        self._launcher = folder.resolve() / "ngrok-launcher"
        self._config: conf.PyngrokConfig | None = None
        self._running: process.NgrokProcess | None = None
        self._list_url = ""
        self._closed = False
        self._loop = asyncio.get_running_loop()
        _hide_secrets()

    async def open(self, program: Program, token: str, port: int, domain: str, deadline: float) -> str:
        """Start the program and lead a public address to 127.0.0.1:`port`; the address.

        Ends the orphan of an earlier run first. `deadline` is in seconds.
        """
        config = await self._loop.run_in_executor(self._worker, self._prepare, program, token, deadline)
        self._config = config
        work = self._worker.submit(self._connect, config, port, domain)
        try:
            async with asyncio.timeout(deadline):
                await self._note_process(config, work)
                opened = await asyncio.shield(asyncio.wrap_future(work))
        except TimeoutError:
            raise errors.agent_silent() from None
        finally:
            await self._end(work)
            self._remove(self._settings)
        if isinstance(opened, UserError):
            raise opened
        return opened

    async def urls(self, patience: float) -> list[str] | None:
        """The addresses the agent says it serves, or None if it does not say. Never starts an agent."""
        return await self._loop.run_in_executor(self._worker, self._ask_urls, patience)

    @property
    def alive(self) -> bool:
        """Whether the program runs and its log is still read: an unread log stops the tunnel."""
        if self._running is None or self._running.proc.poll() is not None:
            return False
        reader = self._running._monitor_thread
        return reader is not None and reader.is_alive()

    async def close(self) -> None:
        """End the program, at once and without asking it."""
        self._closed = True
        self._kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._loop.run_in_executor(self._worker, self._reap)

    # On the loop's thread.

    async def _note_process(self, config: conf.PyngrokConfig, work: Future[str | UserError]) -> None:
        # pyngrok hands its child out only once it is ready, which may be never.
        while not work.done() and self._running is None:
            self._running = process._current_processes.get(config.ngrok_path)
            await asyncio.sleep(_GLANCE)
        if self._running is not None:
            with contextlib.suppress(OSError):
                remember_agent(self._note, self._running.proc.pid)

    async def _end(self, work: Future[str | UserError]) -> None:
        # pyngrok holds its lock while it waits, so its own kill() would wait as well; its child's end frees it.
        give_up = self._loop.time() + 5
        while not (work.cancel() or work.done()) and self._loop.time() < give_up:
            self._kill()
            await asyncio.sleep(_GLANCE)

    def _kill(self) -> None:
        if self._running is None and self._config is not None:
            self._running = process._current_processes.get(self._config.ngrok_path)
        if self._running is not None:
            self._running.proc.kill()

    # On the worker's thread.

    def _prepare(self, program: Program, token: str, deadline: float) -> conf.PyngrokConfig:
        end_orphan(self._note, self._settings)
        _exempt_loopback_from_proxies()
        try:
            self._write_settings(program, token)
            launcher = str(self._write_launcher(program.path))
        except OSError:
            raise errors.folder_locked(str(self._settings.parent)) from None
        process.kill_process(launcher)
        return conf.PyngrokConfig(
            ngrok_path=launcher,
            config_path=str(self._settings),
            log_event_callback=self._listen,
            startup_timeout=int(deadline) + 1,
            start_new_session=os.name == "posix",
            config_version=program.config_version,
        )

    def _write_settings(self, program: Program, token: str) -> None:
        """Settings only we can read: the token in argument lists or variables could be read by others on this computer.

        JSON is YAML too. Request bodies are kept nowhere, and nobody steers or exchanges the program from outside.
        https://ngrok.com/docs/agent/config/v3
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
        settings = {"version": "3", "agent": agent} if modern else {"version": "2", **agent}
        self._settings.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._settings.unlink(missing_ok=True)
        # O_EXCL refuses whatever another user may have planted under this name.
        with os.fdopen(os.open(self._settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(settings, file)

    def _write_launcher(self, program: Path) -> Path:
        """What pyngrok runs: the program itself, or around it a script that pyngrok has no options for.

        It keeps the program's complaints, which hold the token, away from our own error output, and on Linux has the
        system end the program when this one ends, even by a kill.
        """
        if os.name != "posix":
            return program
        setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
        guard = f"{shlex.quote(setpriv)} --pdeathsig KILL -- " if setpriv else ""
        script = f'#!/bin/sh\nexec {guard}{shlex.quote(str(program.resolve()))} "$@" 2>/dev/null\n'
        self._launcher.unlink(missing_ok=True)
        with os.fdopen(os.open(self._launcher, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700), "w") as file:
            file.write(script)
        # A folder may be mounted so that nothing in it can be run.
        return self._launcher if os.access(self._launcher, os.X_OK) else program

    def _connect(self, config: conf.PyngrokConfig, port: int, domain: str) -> str | UserError:
        options: dict[str, Any] = {"inspect": False}
        area = "endpoints" if config.config_version == "3" else "tunnels"
        if config.config_version == "3":
            options |= {"url": f"https://{domain}"} if domain else {}
        else:
            options |= {"schemes": ["https"]} | ({"domain": domain} if domain else {})
        # The failure is a value, so that no chain of exceptions carries pyngrok's text with the token in it.
        try:
            tunnel = ngrok.connect(f"http://127.0.0.1:{port}", name=_NAME, pyngrok_config=config, **options)
        except _FAILURES as failure:
            return _translate(failure)
        self._list_url = f"{tunnel.api_url}/api/{area}"
        url = str(tunnel.public_url)
        return url.rstrip("/") if _is_public(url) else errors.agent_confused()

    def _ask_urls(self, patience: float) -> list[str] | None:
        try:
            answer = ngrok.api_request(self._list_url, timeout=patience)
            listed = answer.get("endpoints") or answer.get("tunnels") or []
            urls = [str(one.get("public_url") or one.get("url")).rstrip("/") for one in listed]
        except _FAILURES:
            return None
        return [url for url in urls if _is_public(url)]

    def _reap(self) -> None:
        self._remove(self._settings)
        if self._running is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._running.proc.wait(5)
        reader = self._running._monitor_thread
        if reader is not None:
            reader.join(1)
        # pyngrok keeps each child until the program's end, and with it the pipe.
        if self._running.proc.stdout is not None and not (reader is not None and reader.is_alive()):
            self._running.proc.stdout.close()
        self._remove(self._note)

    def _remove(self, file: Path) -> None:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)

    # On whichever thread pyngrok reads the log.

    def _listen(self, line: NgrokLog) -> None:
        # An exception in here would end pyngrok's reading, the pipe would fill, and the agent would stop forwarding.
        with contextlib.suppress(Exception):
            heard = _meaning(line)
            if heard is not None:
                self._loop.call_soon_threadsafe(self._pass_on, heard)

    def _pass_on(self, heard: Heard) -> None:
        if not self._closed:
            self._hear(heard)


def _meaning(line: NgrokLog) -> Heard | None:
    message, error = line.msg or "", line.err or ""
    if "client session established" in message:
        return Heard.BACK
    if not any(word in message for word in _LOST):
        return None
    if errors.ngrok_code(error):
        return Heard.REFUSED
    return Heard.OFFLINE if errors.says_offline(error) else Heard.LOST


def _translate(failure: BaseException) -> UserError:
    match failure:
        case PyngrokNgrokHTTPError():
            return _explain_answer(failure)
        case PyngrokNgrokURLError():
            return errors.agent_silent()
        case PyngrokNgrokError():
            return errors.explain(failure.ngrok_error or "")
        case OSError() | HTTPException():
            return errors.agent_failed()
        case _:
            return errors.agent_confused()


def _explain_answer(failure: PyngrokNgrokHTTPError) -> UserError:
    if code := errors.ngrok_code(failure.body):
        return errors.ngrok_refused(code)
    # "a successful ngrok tunnel session has not yet been established"
    return errors.no_internet() if failure.status_code == 503 else errors.agent_confused()


def _is_public(url: str) -> bool:
    """Whether the agent's word can be a public address at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.hostname == "127.0.0.1" or (parts.scheme == "https" and bool(parts.hostname))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return cast("int", free.getsockname()[1])


def _hide_secrets() -> None:
    """The agent shall not take a token from the environment, nor pyngrok write lines that hold one to our log."""
    for variable in _SECRET_VARIABLES:
        os.environ.pop(variable, None)
    logging.getLogger("pyngrok").setLevel(logging.CRITICAL + 1)


def _exempt_loopback_from_proxies() -> None:
    """pyngrok asks the agent through urllib, which would send even that to a proxy named in the environment."""
    exempt = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if getproxies() and "127.0.0.1" not in exempt:
        os.environ["no_proxy"] = f"{exempt},127.0.0.1".lstrip(",")
