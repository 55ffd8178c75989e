"""Power cuts at any moment of what was done with a shop, and what must hold on the disks that they leave."""

import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import aiohttp

from shopwatch.domain.connection.ownership import At
from shopwatch.domain.errors import UserError
from shopwatch.host.lock import DataFolderLock, Role
from shopwatch.settings import archive
from shopwatch.settings.settings import Settings, load
from tests.ledger import next_schema
from tests.torture.books import message, order_of
from tests.torture.disks import Entry, Luck, read
from tests.torture.power import NEWER, Deed, Stage, until_heard
from tests.torture.shop import PASSPHRASE, PROGRAM, Shop, orders

_AGAIN = 1
"""Sales that are sent once more to what starts after a cut."""
_LUCK = (Luck.NONE, Luck.NONE, Luck.ALL, Luck.SOME, Luck.SOME, Luck.SOME)


@dataclass(frozen=True)
class Cut:
    """What `folder` holds is what a cut at this place of the journal left."""

    folder: Path
    at: int
    luck: Luck


def cuts(stage: Stage, count: int) -> Iterator[Cut]:
    """So many of all there could be; what each left is gone when the next is asked for."""
    entries = read(stage.shim.journal)
    places = sorted(_places(stage, entries, count))
    for entry in entries:
        stage.disk.follow(entry)
        while places and places[0] == entry.end:
            luck = stage.chance.choice(_LUCK)
            with tempfile.TemporaryDirectory(prefix="shopwatch-cut-") as name:
                stage.disk.leave(Path(name), luck)
                yield Cut(Path(name), places.pop(0), luck)


def _places(stage: Stage, entries: Sequence[Entry], count: int) -> Iterator[int]:
    """Half of them anywhere, half of them where one thing ends and another begins."""
    anywhere = [entry.end for entry in entries]
    between = [
        one.end for one, two in pairwise(entries) if one.kind != "w" or (one.kind, one.inode) != (two.kind, two.inode)
    ]
    for number in range(count):
        yield stage.chance.choice(between if number % 2 else anywhere)


async def judged(stage: Stage, cut: Cut) -> list[str]:
    """What is wrong after a cut, all of which was promised not to be, once the program has been started there."""
    judgement = _Judgement(stage, cut)
    with next_schema.known() if stage.program == NEWER else nullcontext():
        await judgement.judge()
    return judgement.wrong


@dataclass
class _Judgement:
    stage: Stage
    cut: Cut
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        program, options = self.stage.program, self.stage.shop.options
        warm = program == PROGRAM
        self.shop = Shop(self.cut.folder, self.stage.store.env, program=program, options=options, warm=warm)
        self.shop.path = self.stage.shop.path
        self.begun = [deed for deed in self.stage.deeds if deed.begun < self.cut.at]
        self.done = [deed for deed in self.begun if deed.done <= self.cut.at]
        self.due = {number for number, at in self.stage.books.answered.items() if at <= self.cut.at}

    async def judge(self) -> None:
        whole = await self._look_at_backup()
        settings = self._look_at_settings()
        if settings is not None and settings.home.at is At.AWAY:
            self._must("move" in _kinds(self.begun) and whole, "away, and there is no backup")
        else:
            self._must("move" not in _kinds(self.done), "not away after a move")
            await self._start()
        await self._look_at_sales(self.shop.paths.ledger, self._due(settings), "")
        self._look_for_forgotten()

    def _must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    async def _look_at_backup(self) -> bool:
        """Whether there is one, which then has to be whole."""
        file = self.cut.folder / self.stage.file.name
        made = [deed for deed in self.done if deed.kind in ("backup", "move")]
        if not _is_there(file):
            self._must(not made, "a backup is gone")
            return False
        try:
            archive.check(file, PASSPHRASE)
            with tempfile.TemporaryDirectory(prefix="shopwatch-cut-") as name, zipfile.ZipFile(file) as packed:
                ledger = packed.extract("ledger.sqlite3", name)
                await self._look_at_sales(Path(ledger), {*made[-1].packed} if made else set(), " in a backup")
        except UserError as problem:
            self.wrong.append(f"a backup is not whole: {problem}")
        return True

    def _look_at_settings(self) -> Settings | None:
        """Those that are there once the program has taken the folder."""
        paths = self.shop.paths
        before = self.stage.settings
        if paths.data_dir.exists():
            DataFolderLock(paths).acquire(Role.SERVE).release()  # goes on with a restore that was cut off
        if not paths.settings.exists():
            self._must(before is None and not self.done, "the settings are gone")
            return None
        settings, notice = load(paths.settings)
        self._must(notice is None, f"the settings are not whole: {notice}")
        if before is not None or self.done:
            self._must(settings.id == self.stage.id, "the settings have another id")
        known = [before.own_url if before else "", *_addresses(self.done)][-1]
        allowed = [known, *_addresses(self.begun[len(self.done) :])]
        self._must(settings.own_url in allowed, f"the settings are others: {settings.own_url!r}, not {allowed}")
        return settings

    def _due(self, settings: Settings | None) -> set[int]:
        """The sales that must be there."""
        back = [deed for deed in self.begun if deed.kind == "restore"]
        return {*back[-1].packed} if back and settings and settings.own_url == back[-1].what else self.due

    async def _start(self) -> None:
        shop = self.shop
        shop.keep()
        try:
            await until_heard(shop)
            known = sorted(self.due)[-_AGAIN:]
            self._must(not known or await self._sent(known) == {200}, "what was stored before is not answered")
        except (TimeoutError, aiohttp.ClientError) as problem:
            self.wrong.append(f"the program is not heard of: {problem!r}")
        self._must(await shop.end() == 0, "the program does not end in order")
        words = [line for line in shop.said.splitlines() if not line.startswith('{"ready"')]
        self._must(not words, f"it says: {words}")

    async def _sent(self, numbers: Sequence[int]) -> set[int]:
        async with aiohttp.ClientSession() as session:
            answers = set()
            for number in numbers:
                body, headers = message(number, time.time())
                async with session.post(self.shop.url, data=body, headers=headers) as answer:
                    answers.add(answer.status)
            return answers

    async def _look_at_sales(self, ledger: Path, due: set[int], where: str) -> None:
        try:
            found = Counter(await orders(ledger)) if _is_there(ledger) else Counter()
        except (UserError, AssertionError) as problem:
            self.wrong.append(f"the ledger{where} is not sound: {problem}")
            return
        missing = {order_of(number) for number in due} - found.keys()
        twice = [order for order, count in found.items() if count > 1]
        self._must(not missing, f"{len(missing)} of {len(due)} sales are missing{where}: {min(missing, default='')}")
        self._must(not twice, f"{len(twice)} sales are there twice{where}")

    def _look_for_forgotten(self) -> None:
        for deed in self.done:
            if deed.kind == "forget":
                files = [each for each in self.shop.paths.data_dir.rglob("*") if each.is_file()]
                held = [each.name for each in files if deed.what.encode() in each.read_bytes()]
                self._must(not held, f"{deed.what} has come back in {held}")


def _kinds(deeds: Sequence[Deed]) -> set[str]:
    return {deed.kind for deed in deeds}


def _addresses(deeds: Sequence[Deed]) -> list[str]:
    return [deed.what for deed in deeds if deed.kind in ("address", "restore")]


def _is_there(file: Path) -> bool:
    return file.exists()
