"""A process that writes the letters that are owed until it is killed."""

import asyncio
import ssl
from multiprocessing.connection import Connection
from pathlib import Path

from shopwatch.actions.email import EMAIL
from shopwatch.actions.email.letters import Letters
from shopwatch.actions.worker import Worker
from shopwatch.domain.facts import Bus
from shopwatch.domain.rules.target import Target
from shopwatch.ledger import Ledger


def run(file: Path, account: Target, password: str, trusted: Path, ready: "Connection[str, str]") -> None:
    asyncio.run(_send(file, account, password, trusted, ready))


async def _send(file: Path, account: Target, password: str, trusted: Path, ready: "Connection[str, str]") -> None:
    bus = Bus()
    ledger = Ledger.open(f"sqlite:///{file}", tell=bus.tell)

    async def password_of(_target_id: str) -> str:
        return password

    letters = Letters(
        ledger.outbox,
        lambda: account,
        password_of,
        tuple,
        shop=lambda: "Bloom & Stem",
        locale="en_US",
        trust=ssl.create_default_context(cafile=str(trusted)),
    )
    ready.send("ready")
    Worker(ledger.outbox, bus, EMAIL, letters).start()
    await asyncio.Event().wait()
