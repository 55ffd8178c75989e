"""Power cuts, kills and failing disks, by the hundred: `python -m tests.torture`.

It ends with a report, and with 1 if anything was lost, done twice, or not as it has to be; it is that also where a
program that does not sync its commits loses nothing, because then nothing is proved.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.secrets import password_store
from tests.secrets.password_store import PasswordStore
from tests.torture import kills, shim
from tests.torture.cuts import cuts, judged
from tests.torture.outcome import outcome
from tests.torture.power import LAX, SCENES, Stage, load
from tests.torture.shop import orders
from tests.torture.world import World, world

_RESTS = 60.0
"""Seconds in which what waits to be done again has its time."""


async def cut(folder: Path, store: PasswordStore, seed: int, count: int) -> list[str]:
    """So many power cuts, over all scenes; what was wrong."""
    wrong: list[str] = []
    each = -(-count // len(SCENES))
    for name, scene in SCENES.items():
        stage = Stage(folder / name.replace(" ", "-"), store, random.Random(seed))
        await scene(stage)
        lucks: Counter[str] = Counter()
        unsound = 0
        for found in cuts(stage, each):
            lucks[found.luck.name.lower()] += 1
            if problems := await judged(stage, found):
                unsound += 1
                wrong += [f"{name}, cut at {found.at}, {found.luck.name}: {problem}" for problem in problems]
        answered = len(stage.books.answered)
        said = ", ".join(f"{count} {luck}" for luck, count in sorted(lucks.items()))
        _say(f"cuts  {name:12} {lucks.total():4} disks ({said}), {answered} sales answered, unsound: {unsound}")
    return wrong


async def control(folder: Path, store: PasswordStore, seed: int, count: int) -> list[str]:
    """A program that does not sync its commits has to lose some."""
    stage = Stage(folder / "lax", store, random.Random(seed), LAX)
    await load(stage)
    lost = 0
    for found in cuts(stage, count):
        lost += bool(stage.books.missing(await orders(found.folder / "data" / "ledger.sqlite3"), found.at))
    _say(f"cuts  not synced   {count:4} disks, sales lost on {lost}")
    return [] if lost else ["nothing is lost where commits are not synced"]


async def kill(folder: Path, seed: int, count: int) -> list[str]:
    async with world(folder, seed, public=False, warm=True) as made:
        return await _told("kills", made, await kills.kill(made, count))


async def fail(folder: Path, seed: int, count: int) -> list[str]:
    async with world(folder, seed, public=False) as made:
        return await _told("fails", made, await kills.fail(made, count))


async def _told(what: str, made: World, done: Counter[str]) -> list[str]:
    await asyncio.sleep(_RESTS)
    code = await made.shop.end()
    found = await outcome(made)
    _say(f"{what} {done.total()}: " + ", ".join(f"{count} {name}" for name, count in done.most_common()))
    for line in found.lines:
        _say(f"      {line}")
    wrong = [f"{what}: {each}" for each in found.wrong]
    return wrong + ([f"{what}: ended with {code}"] if code else [])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(asked: argparse.Namespace, folder: Path) -> int:
    begun = time.monotonic()
    _say(f"seed {asked.seed}")
    wrong: list[str] = []
    for name in ("store", "kills", "fails"):
        (folder / name).mkdir()
    if asked.cuts:
        with password_store.running_store(folder / "store") as store:
            wrong += await cut(folder, store, asked.seed, asked.cuts)
            wrong += await control(folder, store, asked.seed, 20)
    if asked.kills:
        wrong += await kill(folder / "kills", asked.seed, asked.kills)
    if asked.fails:
        wrong += await fail(folder / "fails", asked.seed, asked.fails)
    _say(f"\n{(time.monotonic() - begun) / 60:.0f} min, wrong: {len(wrong)}")
    for each in wrong:
        _say(f"  {each}")
    return int(bool(wrong))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--fails", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    asked = parser.parse_args()
    if reason := shim.missing():
        _say(reason)
        return 1
    logging.disable(logging.CRITICAL)  # the stand-ins do not like to be hung up on
    with tempfile.TemporaryDirectory(prefix="shopwatch-torture-") as folder:
        return asyncio.run(_main(asked, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
