"""A process that records one sale after the other, and says of each what came of it."""

import asyncio
import os
import sys

from shopwatch.domain.errors import Outage
from shopwatch.ledger import Ledger
from tests.ledger.arrivals import paid, told


async def main(file: str, source_id: str, *names: str) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    for name in names:
        try:
            outcome = str((await ledger.record(*told(source_id, name, paid(name)))).outcome)
        except Outage:
            outcome = "outage"
        os.write(1, f"{name} {outcome}\n".encode())
    ledger.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
