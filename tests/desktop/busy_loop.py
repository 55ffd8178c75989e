"""Started by test_loop: says how many requests were answered and how many signals heard."""

import asyncio
import sys

import aiohttp
from aiohttp import web
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from shopwatch.loop import Loop

ROUNDS = 20_000
CLIENTS = 20


class Bell(QObject):
    due = Signal(bool)


class Ear(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    @Slot(bool)
    def on_rung(self, loud: bool) -> None:
        self.heard += loud


async def answer(request: web.BaseRequest) -> web.Response:
    return web.Response(text=(await request.read()).decode())


async def main() -> None:
    bell, ear = Bell(), Ear()
    bell.due.connect(ear.on_rung)
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    answered = 0

    async def ask(client: aiohttp.ClientSession, first: int) -> None:
        nonlocal answered
        for number in range(first, ROUNDS, CLIENTS):
            async with client.post(url, data=str(number)) as response:
                answered += await response.text() == str(number)
            bell.due.emit(True)

    async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as group:
        for first in range(CLIENTS):
            group.create_task(ask(client, first))
    await runner.cleanup()
    sys.stdout.write(f"{answered} {ear.heard}")


def run() -> None:
    application = QCoreApplication(sys.argv)
    with asyncio.Runner(loop_factory=lambda: Loop(application)) as runner:
        runner.run(main())


if __name__ == "__main__":
    run()
