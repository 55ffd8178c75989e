"""The way to somebody: a port on loopback that leads to another one, and can be cut."""

import asyncio
from collections.abc import Callable


class Road:
    """Leads to the port `to` while it is open. `loses` says of each connection whether the answer is lost on it."""

    def __init__(self, to: int = 0, *, loses: Callable[[], bool] = lambda: False) -> None:
        self.to = to
        self.origin = ""
        self._loses = loses
        self._open = True
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def build(self) -> None:
        self._server = await asyncio.start_server(self._lead, "127.0.0.1", 0)
        self.origin = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def tear_down(self) -> None:
        """From now on nobody answers here."""
        self.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def cut(self) -> None:
        """Nothing passes any more, and whatever is under way is torn off."""
        self._open = False
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        self._open = True

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._ends.add(writer)
        try:
            if self._open and self.to:
                there = await asyncio.open_connection("127.0.0.1", self.to)
                ends.add(there[1])
                self._ends.add(there[1])
                await self._between((reader, writer), there)
        except OSError:
            writer.transport.abort()
        finally:
            for end in ends:
                self._ends.discard(end)
                if self._open:
                    end.close()
                else:
                    end.transport.abort()

    async def _between(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        tasks = [
            asyncio.get_running_loop().create_task(_pass_on(here[0], there[1])),
            asyncio.get_running_loop().create_task(_pass_on(there[0], here[1], lost=self._loses())),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, lost: bool = False) -> None:
    while piece := await _read(reader):
        if lost:
            writer.transport.abort()
            return
        writer.write(piece)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(65_536)
    except OSError:
        return b""
