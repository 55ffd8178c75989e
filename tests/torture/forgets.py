"""Forgets people as the window does, each of whom is told by an e-mail address: `python -m tests.torture.forgets …`."""

import asyncio
import sys

from shopwatch.host.paths import Paths
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop


async def _forget(emails: list[str]) -> None:
    shop = await open_shop(Paths.of(), vault=MemoryVault())
    try:
        for email in emails:
            (person,) = [each for each in (await shop.ledger.people.page(email)).rows if email in each.emails]
            await shop.ledger.people.forget(person.id)
    finally:
        await shop.close()


if __name__ == "__main__":
    asyncio.run(_forget(sys.argv[1:]))
