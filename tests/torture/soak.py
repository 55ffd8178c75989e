"""Hours in which everything happens to a shop that sells, in random order from a seed: `python -m tests.torture.soak`.

It ends with a report, and with 1 if a figure of it is not what it has to be.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.torture import leaks
from tests.torture.faults import FAULTS
from tests.torture.outcome import Outcome, outcome
from tests.torture.shop import SECRETS
from tests.torture.world import World, world

CALM = 45.0
"""Seconds between two faults, at most."""
_LOOK_EVERY = 15.0
_MB = 2**20


@dataclass(frozen=True)
class Look:
    """What the program that hears had at one time: MiB of memory and files, handles and threads."""

    at: float
    life: int
    memory: float
    handles: int
    threads: int
    ledger: float
    log: float
    words: float


@dataclass
class Soak:
    happened: Counter[str] = field(default_factory=Counter)
    looks: list[Look] = field(default_factory=list)


async def soak(world: World, seconds: float, rate: float) -> Soak:
    """Let it sell for so long while things happen, then have everything answered."""
    run = Soak()
    started = time.monotonic()
    until = started + seconds
    sending = asyncio.get_running_loop().create_task(world.sender.send(rate))
    looking = asyncio.get_running_loop().create_task(_look(world, run, started))
    while time.monotonic() < until:
        await asyncio.sleep(world.chance.uniform(0, CALM))
        fault = world.chance.choice(FAULTS)
        _say(f"{time.monotonic() - started:7.0f} s  {fault.name}; {len(world.books.answered)} answered")
        async with fault.spell(world):
            await asyncio.sleep(world.chance.uniform(fault.least, fault.most))
        run.happened[fault.name] += 1
    world.sender.stop()
    await sending
    looking.cancel()
    return run


async def _look(world: World, run: Soak, started: float) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        with suppress(psutil.Error, OSError, IndexError):
            first = (await asyncio.to_thread(world.shop.processes))[0]
            ledger = world.shop.paths.ledger
            run.looks.append(
                Look(
                    time.monotonic() - started,
                    first.pid,
                    first.memory_info().rss / _MB,
                    first.num_fds(),
                    first.num_threads(),
                    ledger.stat().st_size / _MB,
                    ledger.with_name(f"{ledger.name}-wal").stat().st_size / _MB,
                    sum(each.stat().st_size for each in world.shop.paths.logs.iterdir()) / _MB,
                )
            )


def report(world: World, run: Soak, *, seconds: float, seed: int, found: Outcome, leaked: list[str], code: int) -> int:
    """Say how it went; 0 if all is as it has to be."""
    _say(f"\n{seconds / 3600:.2f} h from seed {seed}, {sum(run.happened.values())} things happened:")
    for name, count in run.happened.most_common():
        _say(f"  {count:5} {name}")
    for line in found.lines:
        _say(line)
    starts = sorted(world.shop.starts)
    _say(f"starts {len(starts)}, until it heard: median {starts[len(starts) // 2]:.1f} s, longest {starts[-1]:.1f} s")
    for name in ("memory", "handles", "threads", "ledger", "log", "words"):
        values = [getattr(each, name) for each in run.looks]
        quarter = max(1, len(values) // 4)
        first, last = sorted(values[:quarter])[quarter // 2], sorted(values[-quarter:])[quarter // 2]
        _say(f"{name:8} first quarter {first:8.1f}, last quarter {last:8.1f}, most {max(values):8.1f}")
    _say(f"secrets in {len(leaks.forms(SECRETS[0]))} forms outside the password store and the backup: {len(leaked)}")
    for each in leaked:
        _say(f"  {each}")
    words = [each for each in world.shop.said.splitlines() if "Traceback" in each]
    _say(f"tracebacks on the terminal: {len(words)}; ended with {code}")
    return int(bool(found.wrong or leaked or words or code))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(hours: float, seed: int, rate: float, folder: Path) -> int:
    async with world(folder, seed) as made:
        run = await soak(made, hours * 3600, rate)
        await asyncio.sleep(min(120.0, 60 + hours * 60))  # what waits to be sent again has its time
        code = await made.shop.end()
        found = await outcome(made)
    but = [folder / "store", folder / "sealed.backup"]
    leaked = await asyncio.to_thread(leaks.leaks, SECRETS, folder, but)
    return report(made, run, seconds=hours * 3600, seed=seed, found=found, leaked=leaked, code=code)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=50.0, help="sales a second")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--folder", type=Path, help="where to keep what it leaves; nowhere by default")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the stand-ins do not like to be hung up on
    with tempfile.TemporaryDirectory(prefix="shopwatch-soak-") as folder:
        place = asked.folder or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_main(asked.hours, asked.seed, asked.rate, place))


if __name__ == "__main__":
    sys.exit(main())
