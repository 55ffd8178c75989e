"""Hours in which everything happens to a shop that sells, in random order from a seed: `python -m tests.torture.soak`.

It ends with a report, and with 1 if a figure of it is not what it has to be.
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import psutil
from secretstorage.exceptions import SecretStorageException

from tests.secrets import password_store
from tests.torture import leaks, shim
from tests.torture.faults import FAULTS, Fault
from tests.torture.outcome import Outcome, outcome
from tests.torture.shop import SECRETS, Shop
from tests.torture.world import World, world

CALM = 25.0
"""Seconds between two faults, at most."""
_LOOK_EVERY = 15.0
_SETTLES = 120.0
"""Seconds in the end in which what waits to be sent again has its time."""
_SPOILT = 0.015
"""Few enough that letters keep pace: each one that hangs holds up those behind it."""
_AT_ONCE = 10**9
"""Nanoseconds before something happens in which the last answer before it comes."""
_ENDS = (0, 3, -signal.SIGKILL, -signal.SIGTERM)
"""How the program may end: with 3 where what it needs fails as it starts, by SIGTERM itself before it has begun."""
_MB = 2**20


@dataclass(frozen=True)
class Look:
    """What the program had at one time: MiB of memory and files, handles and threads; `life` is the process that hears,
    and `memory_beside` what all that it started have."""

    life: int
    memory: float
    memory_beside: float
    handles: int
    threads: int
    ledger: float
    log: float
    words: float


@dataclass
class Soak:
    happened: list[tuple[int, str]] = field(default_factory=list)
    """When by the clock of the books, and what."""
    looks: list[Look] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What could not be done, as a backup while there is no password store."""


async def soak(world: World, seconds: float, rate: float, faults: Sequence[Fault] = FAULTS, calm: float = CALM) -> Soak:
    """Let it sell for so long while things happen, then have everything answered."""
    run = Soak()
    await world.shop.until_it_hears()
    started = time.monotonic()
    sending = asyncio.get_running_loop().create_task(world.sender.send(rate))
    looking = asyncio.get_running_loop().create_task(_look(world, run))
    while time.monotonic() < started + seconds:
        await asyncio.sleep(world.chance.uniform(0, calm))
        fault = world.chance.choice(faults)
        _say(f"{time.monotonic() - started:7.0f} s  {fault.name}; {len(world.books.answered)} answered")
        run.happened.append((world.books.moment(), fault.name))
        try:
            async with fault.spell(world):
                await asyncio.sleep(world.chance.uniform(fault.least, fault.most))
        except (AssertionError, SecretStorageException) as failure:  # what the shop was asked to do it did not
            run.refused.append(f"{fault.name}: {failure}")
    world.sender.stop()
    await sending
    looking.cancel()
    return run


async def _look(world: World, run: Soak) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        with suppress(psutil.Error, OSError, IndexError):
            first, *others = await asyncio.to_thread(world.shop.processes)
            ledger = world.shop.paths.ledger
            run.looks.append(
                Look(
                    first.pid,
                    first.memory_info().rss / _MB,
                    sum(each.memory_info().rss for each in others) / _MB,
                    first.num_fds(),
                    first.num_threads(),
                    ledger.stat().st_size / _MB,
                    ledger.with_name(f"{ledger.name}-wal").stat().st_size / _MB,
                    sum(each.stat().st_size for each in world.shop.paths.logs.iterdir()) / _MB,
                )
            )


def report(world: World, run: Soak, *, seconds: float, seed: int, found: Outcome, leaked: list[str], code: int) -> int:
    """Say how it went; 0 if all is as it has to be."""
    _say(f"\n{seconds / 3600:.2f} h from seed {seed}, {len(run.happened)} things happened")
    for name, times in sorted(Counter(name for _, name in run.happened).items()):
        _say(f"  {times:5} {name}")
    for each in run.refused:
        _say(f"  not done: {each}")
    here = world.books.heard.get(world.shop.url, [])
    outside = [moment for url, moments in world.books.heard.items() if url != world.shop.url for moment in moments]
    for way, moments in (("the port", here), ("the public address", outside)):
        waits = longest_waits(sorted(moments), run.happened)
        _say(f"longest without an answer at {way}, after")
        for name, longest in sorted(waits.items(), key=lambda each: -each[1]):
            _say(f"  {longest:7.1f} s {name}")
    for line in found.lines:
        _say(line)
    starts = sorted(world.shop.starts)
    _say(f"starts {len(starts)}, until it heard: median {starts[len(starts) // 2]:.1f} s, longest {starts[-1]:.1f} s")
    for line in _told(run.looks):
        _say(line)
    _say(f"secrets in {len(leaks.forms(SECRETS[0]))} forms outside the password store and the backup: {len(leaked)}")
    for each in leaked:
        _say(f"  {each}")
    _say(f"ends by exit code: {dict(world.shop.ends)}")
    code |= any(each not in _ENDS for each in world.shop.ends)
    defects = _defects(world.shop)
    _say(f"tracebacks on the terminal and errors in the log: {len(defects)}; ended with {code}")
    for each in defects[:20]:
        _say(f"  {each}")
    return int(bool(found.wrong or leaked or defects or code))


def _defects(shop: Shop) -> list[str]:
    logged = [line for file in shop.paths.logs.iterdir() for line in file.read_text(errors="replace").splitlines()]
    return [line for line in [*shop.said.splitlines(), *logged] if "Traceback" in line or '"level": "error"' in line]


def longest_waits(answers: Sequence[int], happened: Sequence[tuple[int, str]]) -> dict[str, float]:
    """By what happened last before it, the longest time in seconds between two answers; `answers` are in order."""
    found: dict[str, float] = {}
    for before, after in pairwise(answers):
        last = bisect(happened, before + _AT_ONCE, key=itemgetter(0)) - 1
        name = happened[last][1] if last >= 0 else "nothing yet"
        found[name] = max(found.get(name, 0), (after - before) / 1e9)
    return found


def _told(looks: Sequence[Look]) -> Iterator[str]:
    """What it had in the beginning and in the end, of all, and of the life that was looked at most often."""
    lives = Counter(each.life for each in looks)
    for life, count in [(0, len(looks)), *lives.most_common(1)]:
        within = [each for each in looks if life in (0, each.life)]
        yield f"{'one life' if life else f'{len(lives)} lives'}, looked at {count} times:"
        for name in ("memory", "memory_beside", "handles", "threads", "ledger", "log", "words"):
            values = [float(getattr(each, name)) for each in within]
            yield f"  {name:13} first {values[0]:8.1f}, last {values[-1]:8.1f}, most {max(values):8.1f}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(asked: argparse.Namespace, folder: Path) -> int:
    seconds = asked.hours * 3600
    faults = [each for each in FAULTS if asked.only in each.name]
    async with world(folder, asked.seed, windows=True) as made:
        made.town.spoilt = _SPOILT
        run = await soak(made, seconds, asked.rate, faults, asked.calm)
        await asyncio.sleep(min(_SETTLES, 60 + seconds / 60))
        code = await made.shop.end()
        found = await outcome(made)
    but = [folder / "store", folder / "sealed.backup"]
    leaked = await asyncio.to_thread(leaks.leaks, SECRETS, folder, but)
    return report(made, run, seconds=seconds, seed=asked.seed, found=found, leaked=leaked, code=code)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=20.0, help="sales a second")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--calm", type=float, default=CALM, help="seconds between two things that happen, at most")
    parser.add_argument("--only", default="", help="what may happen: whatever has these words in its name")
    parser.add_argument("--folder", type=Path, help="where to keep what it leaves; nowhere by default")
    asked = parser.parse_args()
    if why := shim.missing() or " and ".join(password_store.missing_programs()):
        parser.exit(2, f"This cannot be done here: {why}.\n")
    logging.disable(logging.CRITICAL)  # the stand-ins do not like to be hung up on
    with tempfile.TemporaryDirectory(prefix="shopwatch-soak-") as folder:
        place = asked.folder or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_main(asked, place))


if __name__ == "__main__":
    sys.exit(main())
