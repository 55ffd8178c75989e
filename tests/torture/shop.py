"""The real program on one data folder: arranged by commands, and started again whenever it has ended."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from shopwatch.host.paths import Paths
from shopwatch.ledger import Ledger
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.shop.receiving import runtime_state
from tests import warm
from tests.actions.email.post_office import AUTHORITY, PASSWORD, USER
from tests.standin.agent import StandIn
from tests.torture.books import SECRET
from tests.torture.town import Town
from tests.tunnel.scene import TOKEN, free_port

CHAT_TOKEN = "tk_canary7Qe5Vw1Xs9Zr3"
PASSPHRASE = "canary passphrase, long enough"
SECRETS = (SECRET, TOKEN, PASSWORD, CHAT_TOKEN, PASSPHRASE)
PROGRAM = (sys.executable, "-m", "shopwatch")
WINDOW_EVERY = 3
"""Every so many-th life is one with a window, if there are any."""
_PATIENCE = 90.0


@dataclass
class Shop:
    """`env` leads to a password store; `preload` stands before the program's disk, and before that of what `run` runs.

    `options` are those of `serve`. One that is `warm` need not be imported at each start.
    """

    folder: Path
    env: Mapping[str, str]
    preload: Mapping[str, str] = field(default_factory=dict)
    windows: bool = False
    program: Sequence[str] = PROGRAM
    options: Sequence[str] = ()
    warm: bool = False
    starts: list[float] = field(default_factory=list)
    """Seconds from each start until it heard."""
    ends: Counter[int] = field(default_factory=Counter)
    """Exit codes of the lives that ended while it was kept."""
    path: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.paths = Paths(self.folder / "data")
        self.port = free_port()
        self.edge = free_port()
        self.agent = StandIn(self.folder, {"EDGE_PORT": str(self.edge)})
        self._log = self.folder / "said"
        self._lives = count(1)
        self._process: subprocess.Popen[bytes] | warm.Started | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def ask(self, *arguments: str, stdin: str = "") -> list[dict[str, Any]]:
        """What a command prints, one that has to succeed."""
        done = await asyncio.to_thread(warm.run, *arguments, env=self.environment, stdin=stdin)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def run(self, *command: str, stdin: str = "") -> str:
        """What a program says that is started from nothing, and has to succeed."""
        env = {**self.environment, **self.preload}
        process = await asyncio.create_subprocess_exec(
            *command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, words = await process.communicate(stdin.encode())
        assert process.returncode == 0, f"{command}: {words.decode()}"
        return out.decode()

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.env,
            "SHOPWATCH_DATA_DIR": str(self.paths.data_dir),
            "PYNGROK_NGROK_PATH": str(self.agent.path),
            "SSL_CERT_FILE": str(self.folder / "ca.pem"),
            "QT_QPA_PLATFORM": "offscreen",
        }

    async def connect(self) -> None:
        """One source, no rules, and no way in but the port."""
        (added,) = await self.ask("source", "add", "paynow", "--secret-stdin", stdin=SECRET)
        self.path = added["path"]
        for rule in await self.ask("rule", "list"):
            await self.ask("rule", "remove", str(rule["id"]))
        self._settle(setup_done=True, port=self.port, bell=False)

    async def act(self, town: Town) -> None:
        """Let every large sale be told to all of the town."""
        AUTHORITY.cert_pem.write_to_path(str(self.folder / "ca.pem"))
        mail = {"host": "localhost", "port": str(town.post.port), "user": USER, "from": USER, "most_an_hour": "10000"}
        site = f"http://127.0.0.1:{town.port}"
        self._settle(popular={"on": True, "begun": True})
        await self._add("mail", mail, PASSWORD)
        chat = await self._add("chat", {}, f"ntfy://{CHAT_TOKEN}@127.0.0.1:{town.port}/sales")
        program = await self._add("forward", {"url": f"{site}/hook", "as": "raw", "local": "yes"})
        database = await self._add("database", {"url": f"sqlite:///{self.folder}/owners.db", "create": "yes"})
        await self._add("page", {"url": f"{site}/popular.html", "local": "yes"})
        steps = [
            {"do": "email", "template": "thanks"},
            {"do": "chat", "to": chat},
            {"do": "forward", "to": program},
            {"do": "database", "to": database},
            {"do": "popular"},
        ]
        large = [{"over": "100.00", "currency": "USD"}]
        await self.ask("rule", "add", stdin=json.dumps({"when": "sale-paid", "if": large, "then": steps}))

    async def open(self) -> None:
        """Let the shop be reached through ngrok."""
        await self.ask("tunnel", "ngrok", "--token-stdin", stdin=TOKEN)

    async def _add(self, kind: str, options: Mapping[str, str], secret: str = "") -> str:
        settings = [word for name, value in options.items() for word in ("--set", f"{name}={value}")]
        more = ["--secret-stdin"] if secret else []
        return str((await self.ask("target", "add", kind, *settings, *more, stdin=secret))[0]["id"])

    def _settle(self, **values: object) -> None:
        held = json.loads(self.paths.settings.read_text())
        self.paths.settings.write_text(json.dumps(held | values))

    def keep(self) -> None:
        """Start it, and again whenever it has ended."""
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            begun = time.monotonic()
            self._start()
            while (process := self._process) is not None and process.poll() is None:
                if begun and self.hears:
                    self.starts.append(time.monotonic() - begun)
                    begun = 0.0
                await asyncio.sleep(0.02)
            if process is not None and (code := process.poll()) is not None:
                self.ends[code] += 1

    def _start(self) -> None:
        window = self.windows and next(self._lives) % WINDOW_EVERY == 0
        words = () if window else ("serve", "--port", str(self.port), *self.options)
        if self.warm:
            self._process = warm.start(*words, env=self.environment, said=self._log)
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.program, *words],
                env={**self.environment, **self.preload},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def end(self) -> int:
        """End it in order, and let it rest; its exit code."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.to_thread(process.wait, _PATIENCE)
        finally:
            process.kill()
            process.wait()

    async def until_it_hears(self) -> None:
        async with asyncio.timeout(_PATIENCE):
            while not self.hears:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)

    @property
    def hears(self) -> bool:
        return runtime_state.read(self.paths) is not None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def processes(self) -> Sequence[psutil.Process]:
        """All of the program's, the one that hears first."""
        process = self._process
        with suppress(psutil.NoSuchProcess):
            if process is not None and process.poll() is None:
                first = psutil.Process(process.pid)
                return [first, *first.children(recursive=True)]
        return []

    def kill(self, process: psutil.Process) -> bool:
        """Whether it was still there."""
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


async def orders(file: Path) -> list[str]:
    """The order of each sale that a ledger holds, as often as it holds it."""
    ledger = Ledger.open(f"sqlite:///{file}")
    found: list[str] = []
    try:
        assert await ledger.integrity()
        after = None
        while True:
            page = await ledger.sales.page(SalesQuery(), after=after, limit=1_000)
            found += [row.sale.order_id for row in page.rows]
            if page.next is None:
                return found
            after = page.next
    finally:
        ledger.close()
