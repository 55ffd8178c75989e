"""A program that opens an address and then only waits: to be killed."""

import asyncio
import sys
from pathlib import Path

from shopwatch.domain.connection.reach import TunnelStatus
from shopwatch.tunnel.ngrok import NgrokTunnel
from tests.tunnel.scene import QUICK, TOKEN


def tell(status: TunnelStatus) -> None:
    sys.stdout.write(f"{status.state} {status.public_url}\n")
    sys.stdout.flush()


async def main() -> None:
    folder, program = sys.argv[1:]
    tunnel = NgrokTunnel(tell, folder=Path(folder), token=TOKEN, program=Path(program), timing=QUICK)
    await tunnel.start(9)
    await asyncio.Event().wait()


asyncio.run(main())
