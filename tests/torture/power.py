"""What is done with a real shop while the shim stands before its disk."""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shopwatch.host.paths import Paths
from shopwatch.settings.settings import Settings
from shopwatch.settings.settings import load as load_settings
from tests.secrets.password_store import PasswordStore
from tests.torture.books import SECRET, Books, Sender
from tests.torture.disks import Disk
from tests.torture.shim import BROKEN, NO_ROOM, SYNCS, WRITES, Shim
from tests.torture.shop import PASSPHRASE, PROGRAM, Shop

LAX = (sys.executable, "-m", "tests.torture.lax")
NEWER = (sys.executable, "-m", "tests.torture.newer")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Deed:
    """What was asked of the program: of which kind, and the places of the journal at which it was asked, and was said
    to be done. A backup has to hold the sales `packed`, and a restore brings them."""

    kind: str
    begun: int
    done: int
    what: str = ""
    packed: frozenset[int] = frozenset()


@dataclass
class Stage:
    """A shop of its own below `folder`, and all that was done with it since `begin`."""

    folder: Path
    store: PasswordStore
    chance: random.Random
    program: Sequence[str] = PROGRAM
    deeds: list[Deed] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "shim").mkdir(parents=True)
        self.shim = Shim(self.folder / "shim", self.folder / "shop")
        self.shop = Shop(self.folder / "shop", self.store.env, program=self.program, options=("--tunnel", "none"))
        self.books = Books(lambda: self.shim.moment)
        self.file = self.shop.folder / "shop.backup"

    @property
    def id(self) -> str:
        return load_settings(self.shop.paths.settings)[0].id

    def begin(self) -> None:
        """From now on the shim looks on."""
        self.disk = Disk(self.shop.folder, self.chance)
        self.settings = _settings(self.shop.paths)
        self.shop.preload = self.shim.env

    async def sell(self, rate: float, seconds: float, beside: Callable[[], Awaitable[None]] | None = None) -> None:
        """Have the program hear, and sell so long and for as long as `beside` takes; each sale is answered."""
        self.shop.keep()
        await until_heard(self.shop)
        sender = Sender(self.books, lambda: (self.shop.url,), self.chance)
        sending = asyncio.get_running_loop().create_task(sender.send(rate))
        await asyncio.gather(asyncio.sleep(seconds), beside() if beside else asyncio.sleep(0))
        sender.stop()
        await sending
        assert await self.shop.end() == 0, self.shop.said

    async def add_source(self) -> None:
        (added,) = await self._do("source", "source", "add", "paynow", "--secret-stdin", stdin=SECRET)
        self.shop.path = json.loads(added)["path"]

    async def set_address(self, url: str) -> None:
        await self._do("address", "tunnel", "own", url, what=url)

    async def back_up(self, *options: str) -> None:
        kind = "move" if "--move" in options else "backup"
        words = ("backup", str(self.file), "--with-secrets", *options)
        await self._do(kind, *words, stdin=PASSPHRASE, packed=frozenset(self.books.answered))

    async def restore(self) -> None:
        """What was backed up last, and the address of then."""
        number, backup = [(number, deed) for number, deed in enumerate(self.deeds) if deed.kind == "backup"][-1]
        address = [deed.what for deed in self.deeds[:number] if deed.kind == "address"][-1]
        await self._do("restore", "restore", str(self.file), what=address, packed=backup.packed)

    async def forget(self, number: int) -> None:
        email = f"maya{number}@example.com"
        program, self.program = self.program, (sys.executable, "-m", "tests.torture.forgets")
        await self._do("forget", email, what=email)
        self.program = program

    async def _do(
        self, kind: str, *words: str, stdin: str = "", what: str = "", packed: frozenset[int] = frozenset()
    ) -> list[str]:
        begun = self.shim.moment
        said = await self.shop.run(*self.program, *words, stdin=stdin)
        self.deeds.append(Deed(kind, begun, self.shim.moment, what, packed))
        return said.splitlines()


def _settings(paths: Paths) -> Settings | None:
    return load_settings(paths.settings)[0] if paths.settings.exists() else None


async def until_heard(shop: Shop) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not shop.hears:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


type Scene = Callable[[Stage], Awaitable[None]]


async def first_start(stage: Stage) -> None:
    stage.begin()
    await stage.add_source()
    await stage.sell(100, 2)


async def load(stage: Stage) -> None:
    await stage.shop.connect()
    stage.begin()
    await stage.sell(100, 3)


async def rush(stage: Stage) -> None:
    """So much that a process of its own books."""
    await stage.shop.connect()
    stage.begin()
    await stage.sell(450, 6)


async def checkpoint(stage: Stage) -> None:
    """Single sales, of which each commit moves the log on, until all of it was moved into the database a few times."""
    await stage.shop.connect()
    stage.begin()
    await stage.sell(100, 20)


async def migration(stage: Stage) -> None:
    """To the schema of a release to come."""
    await stage.shop.connect()
    await stage.sell(200, 2)
    stage.program = stage.shop.program = NEWER
    stage.begin()
    await stage.sell(50, 2)


async def backup(stage: Stage) -> None:
    """Twice into the same file while it sells."""
    await stage.shop.connect()
    stage.begin()

    async def twice() -> None:
        await stage.back_up()
        await stage.back_up()

    await stage.sell(50, 1, twice)


async def forget(stage: Stage) -> None:
    await stage.shop.connect()
    await stage.sell(200, 2)
    stage.begin()
    for number in (7, 30, 31):
        await stage.forget(number)
    await stage.sell(50, 1)


async def settings(stage: Stage) -> None:
    await stage.shop.connect()
    stage.begin()
    for number in range(5):
        await stage.set_address(f"https://shop{number}.example.com")


async def move(stage: Stage) -> None:
    await stage.shop.connect()
    stage.begin()
    await stage.sell(100, 2)
    await stage.back_up("--move")


async def restore(stage: Stage) -> None:
    """Over a shop that has sold more since."""
    await stage.shop.connect()
    await stage.set_address("https://before.example.com")
    await stage.sell(100, 2)
    await stage.back_up()
    await stage.set_address("https://after.example.com")
    await stage.sell(100, 1)
    stage.begin()
    await stage.restore()


async def failures(stage: Stage) -> None:
    """Syncs and writes fail while it sells, now and then, or for a while."""
    await stage.shop.connect()
    stage.begin()

    async def fail() -> None:
        for _ in range(20):
            await asyncio.sleep(stage.chance.uniform(0, 0.3))
            calls, error = stage.chance.choice(((SYNCS, BROKEN), (SYNCS, NO_ROOM), (WRITES, BROKEN), (WRITES, NO_ROOM)))
            stage.shim.fail(calls, error, spared=stage.chance.randrange(20), times=stage.chance.randrange(1, 4))
            await asyncio.sleep(stage.chance.uniform(0.1, 0.5))
            stage.shim.mend()

    await stage.sell(50, 1, fail)


SCENES: dict[str, Scene] = {
    "first start": first_start,
    "load": load,
    "rush": rush,
    "checkpoint": checkpoint,
    "migration": migration,
    "backup": backup,
    "forget": forget,
    "settings": settings,
    "move": move,
    "restore": restore,
    "failures": failures,
}
