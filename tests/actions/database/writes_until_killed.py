"""A process that writes the sales that are owed into the owner's database until it is killed."""

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path

from shopwatch.actions.database import DATABASE
from shopwatch.actions.database.writing import Writing
from shopwatch.actions.worker import Worker
from shopwatch.domain.facts import Bus
from shopwatch.domain.rules.target import Target
from shopwatch.ledger import Ledger


async def no_password(_target_id: str) -> None:
    """SQLite has none."""


def run(file: Path, to: Target, ready: "Connection[str, str]") -> None:
    asyncio.run(_write(file, to, ready))


async def _write(file: Path, to: Target, ready: "Connection[str, str]") -> None:
    bus = Bus()
    ledger = Ledger.open(f"sqlite:///{file}", tell=bus.tell)
    ready.send("ready")
    Worker(ledger.outbox, bus, DATABASE, Writing(ledger, lambda _: to, no_password)).start()
    await asyncio.Event().wait()
