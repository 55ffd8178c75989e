"""A process that records sales until it is killed, and says of each that it was acknowledged."""

import asyncio
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from shopwatch.ledger import Apart, Ledger
from tests.ledger.arrivals import paid, told


def run(
    file: Path, source_id: str, start: int, acknowledged: "Connection[str, str]", apart: Apart | None = None
) -> None:
    asyncio.run(_write(file, source_id, start, acknowledged, apart))


async def _write(
    file: Path, source_id: str, start: int, acknowledged: "Connection[str, str]", apart: Apart | None
) -> None:
    ledger = Ledger.open(f"sqlite:///{file}", apart=apart)
    acknowledged.send("ready")

    async def one_connection(place: int) -> None:
        for number in count():
            name = f"{start}-{place}-{number}"
            await ledger.record(*told(source_id, name, paid(name)))
            acknowledged.send(name)

    await asyncio.gather(*[one_connection(place) for place in range(16)])
