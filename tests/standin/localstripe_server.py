"""PyPI's localstripe as a program: prints the port it listens on, by itself on loopback.

Version 1.15 has payments, subscriptions, invoices (as before API version 2025-03-31.basil: they name their payment) and
refunds, but sends and lists no event of a charge or refund. It has no invoices without a subscription, and no checkout
sessions, disputes, invoice payments or webhook endpoints at all: of these tests/sums and the stand-ins beside this one
tell.
"""

import asyncio
import sys

from aiohttp import web
from localstripe import resources, server


async def main() -> None:
    # It would write all it holds under one name in /tmp, for everybody on this computer.
    resources.Store.dump_to_disk = lambda _: None
    runner = web.AppRunner(server.app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
