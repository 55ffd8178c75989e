"""A real Chromium of its own, without a window, that tells what a page asked for, said, and looks like."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientWebSocketResponse

PATIENCE = 60.0
_LOGGED = frozenset({"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"})


def missing_programs() -> list[str]:
    return [] if shutil.which("chromium") else ["chromium"]


@dataclass
class Tab:
    """One page. `asked` are the addresses of all its requests, `said` whatever its console said."""

    _line: ClientWebSocketResponse
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _count: int = 0

    async def open(self, url: str, width: int, *, dark: bool = False) -> None:
        """Show this page, so many pixels wide, and return once it is loaded."""
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.ask("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.ask(f"{domain}.enable")
        await self.ask("Page.navigate", url=url)
        await self._until("Page.loadEventFired")

    async def value(self, expression: str) -> Any:
        """What this expression of JavaScript gives, asked from outside the page."""
        answer = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def framed(self) -> str:
        """The address of the first frame in the page once it is loaded; empty where it may not be shown there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                tree = (await self.ask("Page.getFrameTree"))["frameTree"]
                for each in tree.get("childFrames", ()):
                    if each["frame"]["url"] not in ("", "about:blank"):
                        return "" if "unreachableUrl" in each["frame"] else str(each["frame"]["url"])
                await asyncio.sleep(0.05)

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        await self._line.send_json({"id": self._count, "method": method, "params": parameters})
        while True:
            told = await self._next()
            if told.get("id") == self._count:
                assert "result" in told, told
                result: dict[str, Any] = told["result"]
                return result

    async def _until(self, event: str) -> None:
        while (await self._next()).get("method") != event:
            pass

    async def _next(self) -> dict[str, Any]:
        told: dict[str, Any] = await self._line.receive_json(timeout=PATIENCE)
        if told.get("method") == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        elif told.get("method") in _LOGGED:
            self.said.append(str(told["params"]))
        return told


@asynccontextmanager
async def tab(profile: Path) -> AsyncIterator[Tab]:
    """A tab of a browser that has just been installed; `profile` is an empty folder."""
    program = await asyncio.create_subprocess_exec(
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
        *("--disable-background-networking", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert program.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while b"DevTools listening" not in (said := await program.stderr.readline()):
                assert said, f"Chromium ended: {program.returncode}"
        draining = asyncio.get_running_loop().create_task(program.stderr.read())
        where = urlsplit(said.split()[-1].decode()).netloc
        async with ClientSession() as client:
            async with client.get(f"http://{where}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            async with client.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as line:
                yield Tab(line)
        draining.cancel()
    finally:
        with suppress(ProcessLookupError):
            program.kill()
        await program.wait()
