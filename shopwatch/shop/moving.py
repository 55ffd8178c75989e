"""Moving house: the shop goes to another computer, and of two copies of it one works."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopwatch.domain.clock import Instant, now
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, Ears, ReachChanged, TunnelChanged
from shopwatch.domain.home import At, Home
from shopwatch.domain.reach import ReachState, TunnelKind
from shopwatch.domain.tasks import call_off, report, spawn
from shopwatch.domain.words import say
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiver import Receiver
from shopwatch.shop.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.shop.copies import Copies

_MOST_ADDRESSES = 8
_SOMEBODY_ELSE = frozenset({"address-elsewhere", "ngrok-334", "ngrok-108"})
"""Problems of the public address behind which another copy of this shop may be."""


class Moving:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    receiver: Receiver
    settings: SettingsStore
    paths: Paths
    sources: SourceRegistry
    bus: Bus
    _secrets: SecretStore
    _api_keys: ApiKeys
    _copies: "Copies | None" = None
    _settling: "asyncio.Task[None] | None" = None
    _leaving: "asyncio.Task[None] | None" = None
    _looking: "asyncio.Task[None] | None" = None
    _started_with: dict[str, Any]
    _ears: Ears | None = None

    async def start(self, *, port: int | None = None, tunnel: TunnelKind | None = None) -> int:
        raise NotImplementedError

    def _start_work(self) -> None:
        raise NotImplementedError

    async def _stop_work(self) -> None:
        raise NotImplementedError

    async def backup(self, file: Path, passphrase: str = "") -> None:
        """Ledger and settings into one file; with a passphrase, the secrets too, encrypted. Raises UserError."""
        from shopwatch.settings.archive import backup

        ids = tuple(each.id for each in self.sources.all)
        places = tuple(each.id for each in self.settings.current.targets)
        held = None
        if passphrase:
            held = await self._secrets.copy_out(ids, places) | await self._api_keys.copy_out(ids)
        loop = asyncio.get_running_loop()

        def copy_ledger(to: Path) -> None:
            asyncio.run_coroutine_threadsafe(self.ledger.backup_to(to), loop).result()

        await asyncio.to_thread(backup, file, self.paths, copy_ledger, held, passphrase or None)

    async def work_here(self) -> None:
        """The shop has come back to this copy; any other one steps back as soon as it hears of it. Raises UserError."""
        await self._end_leaving()
        self.take_over()
        await self.start(**self._started_with)

    def take_over(self) -> None:
        """From the next start on this copy has the shop. Raises UserError."""
        self.settings.change(home=Home(At.MOVING_IN, later_than(self.settings.current.home), secrets.token_hex(8)))

    async def move_out(self, file: Path, passphrase: str) -> None:
        """Stop hearing and sending here, then put everything into `file`, for the computer that the shop goes to.

        Raises UserError if the file cannot be written. Then, and where it is called off, the shop works here as before;
        where it is cut off, from the next start on.
        """
        before = self.settings.current.home
        works = self._copies is not None
        self.settings.change(home=replace(before, at=At.MOVING_OUT))
        try:
            await self._depart()
            await self.backup(file, passphrase)
            self.settings.change(home=replace(before, at=At.AWAY))
        except BaseException:  # also where the owner has pressed Ctrl-C: there is no backup to bring the shop back from
            self.settings.change(home=before)
            if works:
                await self.start(**self._started_with)
            raise

    def _refuse_away(self) -> None:
        """Raises UserError if the shop works in another copy; one whose move was cut off is taken back."""
        if self.settings.current.home.at is At.MOVING_OUT:
            self.settings.change(home=replace(self.settings.current.home, at=At.MOVING_IN))
        if self.settings.current.home.at is At.AWAY:
            raise away()

    def _made_copies(self) -> "Copies":
        from shopwatch.shop.copies import Copies
        from shopwatch.tunnel.copies import ask_copy

        self._copies = Copies(self.settings, ask=ask_copy, leave=self._leave)
        return self._copies

    def _begin_work(self) -> None:
        """Begin to send and to ask: at once, unless another copy may still do so, or the shop is only just brought
        here."""
        self._ears = Ears(self.bus)
        self._ears.listen(ReachChanged, lambda fact: self._suspect(fact.reach.problem))
        self._ears.listen(TunnelChanged, lambda fact: self._suspect(fact.status.problem))
        if self.settings.current.home.at is At.HERE and not self._addresses_of_copies():
            self._start_work()
        else:
            self._settling = spawn(self._settle(), "settle in")

    async def _settle(self) -> None:
        if self._copies is None or not await self._copies.alone(self._addresses_of_copies()):
            return
        if self.settings.current.home.at is At.MOVING_IN:
            await self._heard()
            try:
                self.settings.change(home=replace(self.settings.current.home, at=At.HERE))
            except UserError as problem:  # the next start makes sure of it once more
                report(problem, "noting that the shop works here")
        self._start_work()

    async def _heard(self) -> None:
        """Return once the public address leads here; where there is none, nobody has to be waited for."""
        answers = asyncio.Event()

        def look(_: object) -> None:
            if self.receiver.tunnel.kind is TunnelKind.NONE or self.receiver.reach.state is ReachState.ANSWERS:
                answers.set()

        ears = Ears(self.bus)
        ears.listen(ReachChanged, look)
        ears.listen(TunnelChanged, look)
        try:
            if self.receiver.tunnel.problem is not None:
                await self.receiver.reopen()  # the other copy had it until now
            look(None)
            await answers.wait()
        finally:
            ears.close()

    def _suspect(self, problem: UserError | None) -> None:
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
        chosen = self.settings.current
        own = (chosen.own_url,) if chosen.tunnel is TunnelKind.OWN else ()
        known = (*own, chosen.known_url, *self.ledger.endpoints.addresses.values())
        return tuple(dict.fromkeys(each.rstrip("/") for each in known if each))[:_MOST_ADDRESSES]

    def _leave(self) -> None:
        if self._leaving is None:
            self._leaving = spawn(self._step_back(), "step back")

    async def _step_back(self) -> None:
        with suppress(UserError):  # this process has left all the same
            self.settings.change(home=replace(self.settings.current.home, at=At.AWAY))
        await self._depart()

    async def _depart(self) -> None:
        await self._end_settling()
        await self._stop_work()
        if self._copies is not None:
            self._copies.has_left = True
        await self.receiver.stop()
        self._copies = None
        self.bus.tell(TunnelChanged(self.receiver.tunnel))

    async def _end_settling(self) -> None:
        if self._ears is not None:
            self._ears.close()
        others = (each for each in (self._settling, self._looking) if each is not asyncio.current_task())
        await call_off(*others)
        self._settling = self._looking = None

    async def _end_leaving(self) -> None:
        if self._leaving is not None:
            await self._leaving  # until it is over the other copy goes on asking, and it must not begin again
            self._leaving = None


def later_than(home: Home) -> Instant:
    """Now; where a clock that was ahead wrote down when the shop came there, just after that."""
    return max(now(), home.since + 1)


def away() -> UserError:
    return UserError(
        say("This shop works on another computer now."),
        say("Nothing is heard or sent here, so that no customer is written to twice."),
        code="shop-away",
    )
