"""What can happen to a computer on which ShopWatch runs, each thing one declaration."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

import psutil
from secretstorage.exceptions import SecretStorageException

from tests.standin.agent import ask
from tests.torture.shim import BROKEN, NO_ROOM, SYNCS, WRITES
from tests.torture.shop import PASSPHRASE
from tests.torture.world import World

type Spell = Callable[[World], AbstractAsyncContextManager[None]]

_DAY = 86_400


@dataclass(frozen=True)
class Fault:
    """Holds as long as its `spell`, which takes between so many seconds."""

    name: str
    spell: Spell
    least: float = 0.0
    most: float = 0.0


@asynccontextmanager
async def _killed(world: World) -> AsyncIterator[None]:
    await kill_one(world)
    yield


@asynccontextmanager
async def _program_killed(world: World) -> AsyncIterator[None]:
    await _signal_program(world, signal.SIGKILL)
    yield


@asynccontextmanager
async def _ended(world: World) -> AsyncIterator[None]:
    await _signal_program(world, signal.SIGTERM)
    yield


async def _signal_program(world: World, which: signal.Signals) -> None:
    for first in (await asyncio.to_thread(world.shop.processes))[:1]:
        with suppress(psutil.NoSuchProcess):
            first.send_signal(which)


async def kill_one(world: World) -> str:
    """Kill any one process of the program; what it was, or nothing where there is none."""
    if not (processes := await asyncio.to_thread(world.shop.processes)):
        return ""
    number = world.chance.randrange(len(processes))
    if not world.shop.kill(processes[number]):
        return ""
    return "the program" if not number else "one of its own"


@asynccontextmanager
async def _locked(world: World) -> AsyncIterator[None]:
    with suppress(SecretStorageException):  # it is not there just now
        await asyncio.to_thread(world.store.lock)
    yield
    with suppress(SecretStorageException):
        await asyncio.to_thread(world.store.unlock)


@asynccontextmanager
async def _offline(world: World) -> AsyncIterator[None]:
    world.town.away = True
    world.shop.agent.fault("offline")
    with suppress(OSError):  # the agent is not there just now
        await ask(f"http://127.0.0.1:{world.shop.edge}", "drop")
    yield
    world.shop.agent.fault()
    world.town.away = False


@asynccontextmanager
async def _moved(world: World) -> AsyncIterator[None]:
    with suppress(OSError):
        await ask(f"http://127.0.0.1:{world.shop.edge}", "new-url")
    yield


@asynccontextmanager
async def _full(world: World) -> AsyncIterator[None]:
    world.shim.fail(WRITES, NO_ROOM)
    yield
    world.shim.mend()


@asynccontextmanager
async def _failing(world: World) -> AsyncIterator[None]:
    calls = world.chance.choice((WRITES, SYNCS))
    world.shim.fail(calls, BROKEN, spared=world.chance.randrange(20), times=world.chance.randrange(1, 4))
    yield
    world.shim.mend()


@asynccontextmanager
async def _wrong_clock(world: World) -> AsyncIterator[None]:
    await world.shop.until_it_hears()  # a clock that is wrong from the start is another case (docs/attacks.md, P12)
    world.shim.set_clock(world.chance.choice((-400 * _DAY, -_DAY, -3_600, -90, 90, 3_600, _DAY, 400 * _DAY)))
    yield
    world.shim.mend()


@asynccontextmanager
async def _backup(world: World) -> AsyncIterator[None]:
    await back_up(world)
    yield


async def back_up(world: World) -> None:
    """Write a backup with its secrets, over the one of before."""
    file = world.folder / "sealed.backup"
    await world.shop.ask("backup", str(file), "--with-secrets", stdin=PASSPHRASE)


FAULTS = (
    Fault("a process is killed", _killed),
    Fault("the program is killed", _program_killed),
    Fault("the program is ended", _ended),
    Fault("the password store is locked", _locked, 3, 20),
    Fault("the network is away", _offline, 3, 30),
    Fault("another public address", _moved),
    Fault("the disk is full", _full, 1, 15),
    Fault("writes or syncs fail", _failing, 0.5, 3),
    Fault("the clock is wrong", _wrong_clock, 5, 60),
    Fault("a backup is written over the last", _backup),
)
"""Those that a soak chooses from; one at a time, because the shim keeps one in mind."""
