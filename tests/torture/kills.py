"""A shop that sells and acts while any of its processes is killed, or its disk fails, at any moment."""

import asyncio
import time
from collections import Counter

from tests.torture.faults import kill_one
from tests.torture.shim import BROKEN, NO_ROOM, SYNCS, WRITES
from tests.torture.world import World

RUSH = 260.0
"""Sales a second of which a process of its own is begun."""
_FAILURES = {
    "failed syncs": (SYNCS, BROKEN),
    "syncs without room": (SYNCS, NO_ROOM),
    "failed writes": (WRITES, BROKEN),
    "writes without room": (WRITES, NO_ROOM),
}


async def kill(world: World, count: int) -> Counter[str]:
    """So many kills, half of them while it starts; of which process each was."""
    killed: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(world.sender.send(RUSH))
        while killed.total() < count:
            await _until_heard(world, world.chance.choice((0, 10)))
            await asyncio.sleep(world.chance.uniform(0, 1.5))
            if process := await kill_one(world):
                killed[process] += 1
        world.sender.stop()
    return killed


async def fail(world: World, count: int) -> Counter[str]:
    """So many calls to the disk fail, a few in a row; which they were."""
    failed: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(world.sender.send(RUSH / 4))
        while failed.total() < count:
            name = world.chance.choice([*_FAILURES])
            calls, error = _FAILURES[name]
            times = world.chance.randrange(1, 4)
            world.shim.fail(calls, error, spared=world.chance.randrange(30), times=times)
            await asyncio.sleep(world.chance.uniform(0.2, 1))
            if world.shim.failed():
                failed[name] += times
            world.shim.mend()
        world.sender.stop()
    return failed


async def _until_heard(world: World, most: float) -> None:
    until = time.monotonic() + most
    while not world.shop.hears and time.monotonic() < until:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.02)
