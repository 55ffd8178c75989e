"""Of several copies of one shop one works: whichever was brought to its place later.

The shop can go to another computer and come back, and copies notice each other at the public address.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from shopwatch.domain.connection.ownership import At, Home, HomeClaim, read_claim
from shopwatch.domain.connection.reach import ReachState, TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, ReachChanged, Subscriptions, TunnelChanged
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.ledger.sources.endpoints import EndpointBook
from shopwatch.runtime.clock import now
from shopwatch.runtime.tasks import call_off, report, spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.work import Work

_MOST_ADDRESSES = 8
_SOMEBODY_ELSE = frozenset({"address-elsewhere", "ngrok-334", "ngrok-108"})
"""Problems of the public address behind which another copy of this shop may be."""

_PATIENCE = 5.0
_AGAIN = 0.3
_RARELY = 10.0
_OFTEN = 60
"""How often a copy that has to leave is asked in short pauses whether it has."""

type Ask = Callable[[str, str, float], Awaitable[str | None]]
"""What is answered at an address to what is said there, within so many seconds; None if nobody answers."""


class InstanceOwnership:
    """Begins `work` once this copy has the shop, and steps back where another has it.

    Others are looked for at the address of now and at those of `book`, which providers have been told.
    """

    def __init__(
        self, settings: SettingsStore, receiver: Receiver, book: EndpointBook, *, work: Work, bus: Bus
    ) -> None:
        self._settings = settings
        self._receiver = receiver
        self._book = book
        self._work = work
        self._bus = bus
        self._copies: Copies | None = None
        self._settling: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._subscriptions: Subscriptions | None = None

    def take_over(self) -> None:
        """From the next start on this copy has the shop. Raises UserError."""
        self._settings.change(home=Home(At.MOVING_IN, later_than(self._settings.current.home), secrets.token_hex(8)))

    def refuse_away(self) -> None:
        """Raises UserError if the shop works in another copy; one whose move was cut off is taken back."""
        if self._settings.current.home.at is At.MOVING_OUT:
            self._settings.change(home=replace(self._settings.current.home, at=At.MOVING_IN))
        if self._settings.current.home.at is At.AWAY:
            raise away()

    @property
    def works(self) -> bool:
        """Whether this copy is at work, or waits for its turn."""
        return self._copies is not None

    def arrive(self) -> Callable[[str], str | None]:
        """Take part from now on: gives what answers other copies."""
        from shopwatch.tunnel.copies import ask_copy

        self._copies = Copies(self._settings, ask=ask_copy, leave=self._leave_shop)
        return self._copies.answer

    def begin(self) -> None:
        """Begin to send and to ask: at once, unless another copy may still do so, or the shop is only just brought
        here."""
        self._subscriptions = Subscriptions(self._bus)
        self._subscriptions.listen(ReachChanged, lambda fact: self._suspect_copy(fact.reach.problem))
        self._subscriptions.listen(TunnelChanged, lambda fact: self._suspect_copy(fact.status.problem))
        if self._settings.current.home.at is At.HERE and not self._addresses_of_copies():
            self._work.start()
        else:
            self._settling = spawn(self._settle_claim(), "settle in")

    async def _settle_claim(self) -> None:
        if self._copies is None or not await self._copies.alone(self._addresses_of_copies()):
            return
        if self._settings.current.home.at is At.MOVING_IN:
            await self._heard_copy()
            try:
                self._settings.change(home=replace(self._settings.current.home, at=At.HERE))
            except UserError as problem:  # the next start makes sure of it once more
                report(problem, "noting that the shop works here")
        self._work.start()

    async def _heard_copy(self) -> None:
        """Return once the public address leads here; where there is none, nobody has to be waited for."""
        answers = asyncio.Event()

        def look(_: object) -> None:
            if self._receiver.tunnel.kind is TunnelKind.NONE or self._receiver.reach.state is ReachState.ANSWERS:
                answers.set()

        subscriptions = Subscriptions(self._bus)
        subscriptions.listen(ReachChanged, look)
        subscriptions.listen(TunnelChanged, look)
        try:
            if self._receiver.tunnel.problem is not None:
                await self._receiver.reopen()  # the other copy had it until now
            look(None)
            await answers.wait()
        finally:
            subscriptions.close()

    def _suspect_copy(self, problem: UserError | None) -> None:
        if problem is not None and problem.code in _SOMEBODY_ELSE and self._looking is None:
            self._looking = spawn(self._look_for_copies(), "look for another copy")

    async def _look_for_copies(self) -> None:
        try:
            if self._copies is not None:
                await self._copies.alone(self._addresses_of_copies())
        finally:
            self._looking = None

    def _addresses_of_copies(self) -> tuple[str, ...]:
        """Every public address that providers have been told, or that is the owner's."""
        chosen = self._settings.current
        own = (chosen.own_url,) if chosen.tunnel is TunnelKind.OWN else ()
        known = (*own, chosen.known_url, *self._book.addresses.values())
        return tuple(dict.fromkeys(each.rstrip("/") for each in known if each))[:_MOST_ADDRESSES]

    def _leave_shop(self) -> None:
        if self._leaving is None:
            self._leaving = spawn(self._step_back(), "step back")

    async def _step_back(self) -> None:
        with suppress(UserError):  # this process has left all the same
            self._settings.change(home=replace(self._settings.current.home, at=At.AWAY))
        await self.depart()

    async def depart(self) -> None:
        """Send and hear nothing any more, and say so to other copies."""
        await self.end_settling()
        await self._work.stop()
        if self._copies is not None:
            self._copies.has_left = True
        await self._receiver.stop()
        self._copies = None
        self._bus.tell(TunnelChanged(self._receiver.tunnel))

    async def end_settling(self) -> None:
        """Look for no other copies any more."""
        if self._subscriptions is not None:
            self._subscriptions.close()
        others = (each for each in (self._settling, self._looking) if each is not asyncio.current_task())
        await call_off(*others)
        self._settling = self._looking = None

    async def end_leaving(self) -> None:
        """Return once stepping back has ended, where it has begun."""
        if self._leaving is not None:
            await self._leaving  # until it is over the other copy goes on asking, and it must not begin again
            self._leaving = None


class Copies:
    """What one process says to other copies of its shop, and what it makes of what they say.

    `leave` is called when another copy has the shop; `has_left` is to be set once nothing is sent here any more.
    """

    def __init__(self, settings: SettingsStore, *, ask: Ask, leave: Callable[[], None]) -> None:
        self._settings = settings
        self._ask = ask
        self._leave = leave
        self._run = secrets.token_hex(8)
        self._started = now()
        self.has_left = False

    def answer(self, said: str) -> str | None:
        """What to say to another copy; None if that is none of this shop."""
        other = read_claim(said, self._settings.current.id)
        if other is None:
            return None
        if self._has_the_shop(other):
            self._leave()
        return self._make_claim.written(self._settings.current.id)

    async def alone(self, addresses: Iterable[str]) -> bool:
        """Whether this copy has the shop and no other one sends anything any more, as far as any answers at these
        addresses.

        One that has to leave is waited for, however long it takes: it says that it has left, or answers no more, and
        that only once it sends nothing.
        """
        for address in addresses:
            tries = 0
            while (other := await self._ask_at(address)) is not None:
                if self._has_the_shop(other):
                    self._leave()
                    return False
                tries += 1
                await asyncio.sleep(_AGAIN if tries < _OFTEN else _RARELY)
        return True

    async def _ask_at(self, address: str) -> HomeClaim | None:
        """The other copy that works there, if there is one."""
        answer = await self._ask(address, self._make_claim.written(self._settings.current.id), _PATIENCE)
        other = read_claim(answer, self._settings.current.id) if answer else None
        return None if other is None or other.run == self._run or other.away else other

    @property
    def _make_claim(self) -> HomeClaim:
        home = self._settings.current.home
        return HomeClaim(home.since, home.copy, self._started, self._run, self.has_left)

    def _has_the_shop(self, other: HomeClaim) -> bool:
        return other.run != self._run and not other.away and other > self._make_claim


def later_than(home: Home) -> Instant:
    """Now; where a clock that was ahead wrote down when the shop came there, just after that."""
    return max(now(), home.since + 1)


def away() -> UserError:
    return UserError(
        say("This shop works on another computer now."),
        say("Nothing is heard or sent here, so that no customer is written to twice."),
        code="shop-away",
    )
