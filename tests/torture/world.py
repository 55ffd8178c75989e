"""A shop, the town around it, and a provider that sends it sales: what kills and soaks do their worst to."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shopwatch.shop.receiving import runtime_state
from tests.secrets import password_store
from tests.secrets.password_store import PasswordStore
from tests.torture.books import Books, Sender
from tests.torture.shim import Shim
from tests.torture.shop import Shop
from tests.torture.town import Town


@dataclass
class World:
    folder: Path
    chance: random.Random
    shim: Shim
    store: PasswordStore
    town: Town
    shop: Shop
    books: Books
    sender: Sender
    public: str = ""
    """Where its owner has told the provider to send; empty until the shop has told it."""

    def find_public(self) -> None:
        """Learn the public address from the shop, as an owner does who enters it at the provider."""
        if (found := runtime_state.read(self.shop.paths)) is not None and found.public_url:
            self.public = found.public_url

    @property
    def urls(self) -> Sequence[str]:
        public = [self.public + self.shop.path] if self.public else []
        return [self.shop.url, *public]


@asynccontextmanager
async def world(
    folder: Path, seed: int, *, windows: bool = False, public: bool = True, warm: bool = False
) -> AsyncIterator[World]:
    """All of it, arranged and running; the program is ended in order with the block. One that is `warm` has no shim."""
    chance = random.Random(seed)
    (folder / "shim").mkdir()
    (folder / "store").mkdir()
    shim = Shim(folder / "shim", folder / "shop")
    with password_store.running_store(folder / "store") as store:
        async with Town(random.Random(seed + 1)) as town:
            preload = {} if warm else shim.without_journal
            shop = Shop(folder / "shop", store.env, preload, windows=windows, warm=warm)
            await shop.connect()
            await shop.act(town)
            if public:
                await shop.open()
            books = Books()
            sender = Sender(books, lambda: made.urls, random.Random(seed + 2))
            made = World(folder, chance, shim, store, town, shop, books, sender)
            shop.keep()
            looking = asyncio.get_running_loop().create_task(_look(made))
            try:
                yield made
            finally:
                looking.cancel()
                await shop.end()


async def _look(found: World) -> None:
    while True:
        await asyncio.to_thread(found.find_public)
        await asyncio.sleep(1)
