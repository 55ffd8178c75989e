"""A process that records sales until it is killed, and says of each that it was acknowledged."""

import asyncio
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from shopwatch.ledger import Ledger, WriterProcessConfig
from tests.ledger.arrivals import paid, together, told


def run(
    file: Path,
    source_id: str,
    start: int,
    acknowledged: "Connection[str, str]",
    writer_config: WriterProcessConfig | None = None,
    *,
    more: int = 0,
) -> None:
    """Each message tells `more` sales beside the first."""
    asyncio.run(_write(file, source_id, start, acknowledged, writer_config, more=more))


async def _write(
    file: Path,
    source_id: str,
    start: int,
    acknowledged: "Connection[str, str]",
    writer_config: WriterProcessConfig | None,
    *,
    more: int,
) -> None:
    ledger = Ledger.open(f"sqlite:///{file}", writer_config=writer_config)
    acknowledged.send("ready")

    async def one_connection(place: int) -> None:
        for number in count():
            name = f"{start}-{place}-{number}"
            others = [told(source_id, f"{name}+{n}", paid(f"{name}+{n}")) for n in range(more)]
            await ledger.record(*together(told(source_id, name, paid(name)), *others))
            acknowledged.send(name)

    await asyncio.gather(*[one_connection(place) for place in range(16)])
