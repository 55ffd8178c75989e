"""One run of the ngrok program, driven through pyngrok.

pyngrok blocks, waits for a program without limit, starts one where it was only asked, and writes the owner's token to
argument lists and logs. So it works on a thread of its own, is given a deadline by ending its child, and is only ever
told to start.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from enum import Enum, auto
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyngrok import conf, ngrok, process
from pyngrok.exception import PyngrokError, PyngrokNgrokError, PyngrokNgrokHTTPError, PyngrokNgrokURLError
from pyngrok.log import NgrokLog

from shopwatch.domain.errors import UserError
from shopwatch.tunnel import errors, launch
from shopwatch.tunnel.orphan import end_group, end_orphan, remember_agent, wait_for_group
from shopwatch.tunnel.program import Program

_NAME = "shopwatch"
_GLANCE = 0.01
_LOST = ("session closed", "failed to reconnect session", "heartbeat timeout")
# Beside its own errors pyngrok lets those of urllib, of decoding and of replies in another shape through.
_FAILURES = (PyngrokError, OSError, HTTPException, ValueError, TypeError, AttributeError)


class Heard(Enum):
    """What a line of the agent's log, or the end of that log, means for us."""

    ENDED = auto()
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
        self._opened: tuple[str, str] = ("", "")
        self._closed = False
        self._loop = asyncio.get_running_loop()
        launch.hide_secrets()

    async def open(self, program: Program, token: str, port: int, domain: str, deadline: float) -> str:
        """Start the program and lead a public address to 127.0.0.1:`port`; the address.

        Ends the orphan of an earlier run first. `deadline` is in seconds.
        """
        work: Future[str | UserError] | None = None
        try:
            async with asyncio.timeout(deadline):
                config = await self._loop.run_in_executor(self._worker, self._prepare, program, token, deadline)
                self._config = config
                work = self._worker.submit(self._connect, config, port, domain)
                await self._note_process(config, work)
                opened = await asyncio.shield(asyncio.wrap_future(work))
        except TimeoutError:
            raise errors.agent_silent() from None
        finally:
            if work is not None:
                await self._end(work)
            self._remove(self._settings)
        if isinstance(opened, UserError):
            raise opened
        self._listen_for_the_end()
        return opened

    async def urls(self, patience: float) -> list[str] | None:
        """The addresses the agent says it serves, or None if it does not say. Never starts an agent.

        None are served, as far as we go, once it serves anything else than what was opened: any user of this computer
        may tell the agent to, and to close ours.
        """
        return await self._loop.run_in_executor(self._worker, self._ask_urls, patience)

    @property
    def alive(self) -> bool:
        """Whether the program runs and its log is still read: an unread log stops the tunnel."""
        if self._running is None or self._running.proc.poll() is not None:
            return False
        reader = self._running._monitor_thread
        return reader is not None and reader.is_alive()

    async def close(self) -> None:
        """End the program with all that it started, without asking it; wait for their end, five seconds at most."""
        self._closed = True
        self._kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._loop.run_in_executor(self._worker, self._reap)

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
            end_group(self._running.proc)

    def _prepare(self, program: Program, token: str, deadline: float) -> conf.PyngrokConfig:
        """On the worker's thread, like everything that waits."""
        end_orphan(self._note, self._settings)
        launch.exempt_loopback_from_proxies()
        try:
            launch.write_settings(self._settings, program, token)
            launcher = str(launch.write_launcher(self._launcher, program.path))
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
            return _translate(failure, self._last_words)
        self._list_url = f"{tunnel.api_url}/api/{area}"
        self._opened = _identity(tunnel.data)
        url = str(tunnel.public_url)
        return url.rstrip("/") if _is_public(url) else errors.agent_confused()

    def _last_words(self) -> str:
        """Why a program that has ended did so: pyngrok reads no further than to the line at which it finds it ended."""
        running = self._running
        if running is None or running.proc.stdout is None or running.proc.poll() is None:
            return ""
        for line in running.proc.stdout:
            running._log_startup_line(line)
        return running.startup_error or ""

    def _ask_urls(self, patience: float) -> list[str] | None:
        try:
            answer = ngrok.api_request(self._list_url, timeout=patience)
            listed = answer.get("endpoints") or answer.get("tunnels") or []
            if any(_identity(one) != self._opened for one in listed):
                return []
            urls = [str(one.get("public_url") or one.get("url")).rstrip("/") for one in listed]
        except _FAILURES:
            return None
        return [url for url in urls if _is_public(url)]

    def _reap(self) -> None:
        self._remove(self._settings)
        if self._running is None:
            return
        end_orphan(self._note, self._settings)  # a script around the program may have ended by itself, and alone
        wait_for_group(self._running.proc)
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

    def _listen(self, line: NgrokLog) -> None:
        """On whichever thread pyngrok reads the log."""
        # An exception in here would end pyngrok's reading, the pipe would fill, and the agent would stop forwarding.
        with contextlib.suppress(Exception):
            heard = _meaning(line)
            if heard is not None:
                self._loop.call_soon_threadsafe(self._pass_on, heard)

    def _listen_for_the_end(self) -> None:
        """On a thread that sleeps until then, so that nobody needs to look again and again."""
        reader = self._running._monitor_thread if self._running is not None else None

        def wait() -> None:
            if reader is not None:
                reader.join()
            with contextlib.suppress(RuntimeError):  # the loop has ended before
                self._loop.call_soon_threadsafe(self._pass_on, Heard.ENDED)

        threading.Thread(target=wait, name="ngrok-end", daemon=True).start()

    def _pass_on(self, heard: Heard) -> None:
        if not self._closed:
            self._hear(heard)


def _identity(endpoint: Mapping[str, Any]) -> tuple[str, str]:
    """What an address of the agent is called, and where it leads to on this computer; the agent tells both alike each
    time.
    """
    upstream = endpoint.get("upstream") or {}
    return str(endpoint.get("name")), str(upstream.get("url") or (endpoint.get("config") or {}).get("addr"))


def _meaning(line: NgrokLog) -> Heard | None:
    message, error = line.msg or "", line.err or ""
    if "client session established" in message:
        return Heard.BACK
    if not any(word in message for word in _LOST):
        return None
    if errors.ngrok_code(error):
        return Heard.REFUSED
    return Heard.OFFLINE if errors.says_offline(error) else Heard.LOST


def _translate(failure: BaseException, last_words: Callable[[], str]) -> UserError:
    match failure:
        case PyngrokNgrokHTTPError():
            return _explain_answer(failure)
        case PyngrokNgrokURLError():
            return errors.agent_silent()
        case PyngrokNgrokError():
            return errors.explain(failure.ngrok_error or last_words())
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
