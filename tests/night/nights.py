"""What happens in a night, and in what order: sales, messages tried again, and whatever keeps one from hearing them."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from pathlib import Path

from tests.night.computer import Computer, Sold
from tests.standin.hours import Hours
from tests.standin.senders import HOUR, MINUTE, Sender, Thing, six
from tests.standin.site import serving

type Work = Callable[[], Awaitable[None]]


@dataclass
class Night:
    """A computer, six providers, and what is still to happen, each at its time."""

    folder: Path
    hours: Hours
    chance: random.Random
    swallowed: float = 0
    """How many of our answers are lost on their way."""
    late: float = 8 * MINUTE
    """By how much a sale is written into a list later than it happened, at most."""
    sold: list[tuple[Sender, Thing]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.senders = six(lambda: self.hours.wall, self.chance)
        losing = random.Random(self.chance.getrandbits(64))
        self.computer = Computer(self.folder, self.hours, self.senders, lambda: losing.random() < self.swallowed)
        self._due: list[tuple[float, int, Work, bool]] = []
        self._number = 0
        self._held = AsyncExitStack()

    async def __aenter__(self) -> "Night":
        for sender in self.senders:
            await self._held.enter_async_context(serving(sender.site))
        await self.computer.install()
        await self.computer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.computer.close()
        await self._held.aclose()
        for road in (self.computer.front, *self.computer.roads.values()):
            await road.tear_down()

    def at(self, wall: float, work: Work, *, counts: bool = True) -> None:
        """Let this happen at its time, or as soon as it can. Unless it `counts`, this computer cannot notice it."""
        self._number += 1
        heappush(self._due, (wall, self._number, work, counts))

    async def passes(self, seconds: float) -> None:
        """Let so much time go by, with all that happens in it."""
        end = self.hours.wall + seconds
        while self._due and self._due[0][0] <= end:
            wall, _, work, _ = heappop(self._due)
            await self._until(wall)
            await work()
        await self._until(end)

    async def sell(self, sender: Sender) -> None:
        """Something is sold there, and its message is sent; in the list it may appear later."""
        thing = sender.sell()
        self.sold.append((sender, thing))

        async def written() -> None:
            sender.write_down(thing)

        self.at(self.hours.wall + self.chance.choice((0, 0, 1, self.chance.uniform(1, self.late))), written)
        await self._send(sender, thing)

    @property
    def next_at(self) -> float | None:
        """When the next thing happens that this computer may notice."""
        return min((wall for wall, _, _, counts in self._due if counts), default=None)

    async def amid(self, act: Callable[[], None]) -> None:
        """Let `act` come in between while sales are heard of and asked for."""
        acted = asyncio.Event()

        def strike() -> None:
            act()
            acted.set()

        self.hours.after(self.chance.randrange(250), strike)
        if self.computer.life is not None:
            self.computer.life.shop.catching_up.look()
        some = self.chance.sample(self.senders, self.chance.randrange(1, 4))
        await asyncio.gather(acted.wait(), *[self.sell(each) for each in some])

    async def tell_address(self) -> None:
        """The owner gives the present address to all providers, and says so if the program hears."""
        for sender in self.senders:
            sender.address = self.computer.front.origin
        await self.computer.say_told()

    def expected(self) -> Counter[Sold]:
        return Counter((sender.source.id, thing.order) for sender, thing in self.sold if sender.source)

    async def _send(self, sender: Sender, thing: Thing) -> None:
        again = await sender.send(thing)
        if again is not None:
            lost = sender.way.old_address and thing.address != self.computer.front.origin
            self.at(self.hours.wall + again, partial(self._send, sender, thing), counts=not lost)

    async def _until(self, wall: float) -> None:
        if self.computer.asleep:
            self.hours.jump(wall)
        elif (left := wall - self.hours.wall) > 0:
            await asyncio.sleep(left)


async def disturbed(night: Night) -> None:
    """Some hours in which everything that can come in between does, at random."""
    chance, computer = night.chance, night.computer
    for sender in night.senders:
        sender.ahead = chance.choice((0, chance.uniform(-100, 100)))
        sender.troubled = chance.choice((0, 0, 0.1, 0.4))
    night.swallowed = chance.choice((0, 0.1, 0.3))
    for _ in range(chance.randrange(3, 8)):
        await _busy_hours(night, chance.uniform(0.2, 8) * MINUTE)
        away = chance.choice((chance.uniform(5, 60), chance.uniform(1, 30) * MINUTE, chance.uniform(1, 9) * HOUR))
        match chance.choice(("sleep", "drop", "kill", "end", "move")):
            case "sleep":
                await night.amid(computer.fall_asleep)
                _busy(night, away)
                await night.passes(away)
                computer.wake()
            case "drop":
                away = min(away, 10 * MINUTE)
                await night.amid(computer.lose_network)
                _busy(night, away)
                await night.passes(away)
                computer.find_network()
            case "kill":
                await night.amid(computer.kill)
                _busy(night, away)
                await night.passes(away)
                await computer.start()
            case "end":
                await computer.close()
                _busy(night, away)
                await night.passes(away)
                await computer.start()
            case "move":
                await computer.move()
                night.at(night.hours.wall + chance.choice((0, away)), night.tell_address)
        if chance.random() < 0.5:  # of all times while it catches up
            await night.amid(computer.kill)
            await night.passes(chance.uniform(1, 60))
            await computer.start()
    await _busy_hours(night, chance.uniform(0.2, 8) * MINUTE)


async def _busy_hours(night: Night, span: float) -> None:
    _busy(night, span)
    await night.passes(span)


def _busy(night: Night, span: float) -> None:
    """Sales at random in what is to come."""
    for _ in range(night.chance.randrange(12 if span > HOUR else 6)):
        sender = night.chance.choice(night.senders)
        night.at(night.hours.wall + night.chance.uniform(0, span), partial(night.sell, sender))


async def calm(night: Night, most: float) -> Counter[Sold]:
    """All is well again. What is then missing; nothing, if that is so within the time."""
    for sender in night.senders:
        sender.troubled = 0
    night.swallowed = 0
    await night.tell_address()
    end = night.hours.wall + most
    while (missing := night.expected() - await night.computer.sales()) and night.hours.wall < end:
        await night.passes(MINUTE)
    return missing


async def outlast(night: Night) -> None:
    """Live through all that is still sent; the computer sleeps for most of it."""
    while (due := night.next_at) is not None:
        if (away := due - night.hours.wall - 10) > MINUTE:
            night.computer.fall_asleep()
            await night.passes(away)
            night.computer.wake()
        await night.passes(20)
