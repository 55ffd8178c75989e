"""One shop on one data folder: its parts, and their common beginning and end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from shopwatch.domain.connection.ownership import At
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus
from shopwatch.host.paths import Paths
from shopwatch.ledger.engine.opening import address_of
from shopwatch.ledger.ledger import Ledger, move_ledger
from shopwatch.ledger.moving import Moved
from shopwatch.secrets.vault import Vault
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.backups import Backups
from shopwatch.shop.checking.catching_up import CatchingUp
from shopwatch.shop.checking.day_checks import DayChecks
from shopwatch.shop.checking.silences import Silences
from shopwatch.shop.duties import Duties
from shopwatch.shop.instance_ownership import InstanceOwnership
from shopwatch.shop.outgoing.destinations import Targets
from shopwatch.shop.outgoing.exports import Exports
from shopwatch.shop.outgoing.mail import Mail
from shopwatch.shop.outgoing.popular import PopularItems
from shopwatch.shop.outgoing.rules import Rules
from shopwatch.shop.receiving.health import Health
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.shared_settings import SharedSettings
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.connections import Connections
from shopwatch.shop.sources.consents import Consents
from shopwatch.shop.sources.endpoints import Endpoints
from shopwatch.shop.sources.practice import Practice
from shopwatch.shop.sources.quarantine_review import QuarantineReview
from shopwatch.shop.sources.source_registry import SourceRegistry
from shopwatch.shop.work import Work


@dataclass(kw_only=True, eq=False)
class Shop:
    """Put together by `open_shop`; what is stored is read at the books of its `ledger`.

    Without `start` it reads and changes what is stored, as the commands beside a running receiver do; `start` makes it
    hear. All methods, those of its parts too, belong to the loop's thread, and none blocks it.

    `place` is where the ledger is; `notice` is what the owner should hear of how the shop was found, such as settings
    that could not be read.
    """

    paths: Paths
    bus: Bus
    locale: str
    place: str | Path
    ledger: Ledger
    vault: Vault
    settings: SettingsStore
    shared_settings: SharedSettings
    sources: SourceRegistry
    receiver: Receiver
    health: Health
    access: ApiAccess
    address: PublicAddress
    connections: Connections
    consents: Consents
    endpoints: Endpoints
    catching_up: CatchingUp
    silences: Silences
    day_checks: DayChecks
    practice: Practice
    review: QuarantineReview
    rules: Rules
    targets: Targets
    mail: Mail
    popular: PopularItems
    exports: Exports
    backups: Backups
    work: Work
    duties: Duties
    ownership: InstanceOwnership
    notice: UserError | None = None
    _started_with: dict[str, Any] = field(default_factory=dict)

    async def start(self, *, port: int | None = None, tunnel: TunnelKind | None = None) -> int:
        """Begin to do what is owed, and to hear: the listener, then the public address, and its watch. Gives the port.

        The address opens in its own time; `TunnelChanged` tells. Raises UserError if the port is taken or cannot be
        kept, and if the shop works in another copy.
        """
        self._started_with = {"port": port, "tunnel": tunnel}
        self.ownership.refuse_away()
        self.popular.start()
        settings = self.settings.current
        chosen = settings if tunnel is None else replace(settings, tunnel=tunnel)
        wanted = settings.port if port is None else port
        # Whoever brings an address of their own has told its proxy a port; only a tunnel of ours can follow another.
        movable = port is None and chosen.tunnel is not TunnelKind.OWN
        try:
            listening = await self.receiver.start(chosen, wanted, any_port=movable)
        except UserError:
            self.ownership.begin()  # what is owed is done, and providers are asked, although nothing is heard
            raise
        self.ownership.begin()
        if port is None and not self.settings.current.port:
            self.settings.change(port=listening)
        return listening

    async def stop(self) -> None:
        """Stop, in order: accept no more, answer what has come, close the public address, send no more."""
        await self.ownership.end_settling()
        await self.ownership.end_leaving()
        await self.work.stop_asking()
        await self.receiver.stop()
        await self.work.stop_sending()
        await self.access.close()

    async def close(self) -> None:
        """Stop, and close the ledger."""
        await self.stop()
        await self.shared_settings.close()
        await asyncio.to_thread(self.ledger.close)

    async def work_here(self) -> None:
        """The shop has come back to this copy; any other one steps back as soon as it hears of it. Raises UserError."""
        await self.ownership.end_leaving()
        self.ownership.take_over()
        await self.start(**self._started_with)

    async def move_ledger(self, place: str, told: Callable[[int], None]) -> Moved:
        """Take the ledger over to the empty database at `place`, where the shop is from the next start on.

        Whatever process receives goes on meanwhile; it hears in a sentence when it was moved. `told` hears, on another
        thread, of every so many rows. Raises UserError; the shop is then where it was.
        """
        target = address_of(place)
        moved = await asyncio.to_thread(move_ledger, self.place, target, told, backups=self.paths.backups)
        self.settings.change(ledger=place)
        return moved

    async def move_out(self, file: Path, passphrase: str) -> None:
        """Stop hearing and sending here, then put everything into `file`, for the computer that the shop goes to.

        Raises UserError if the file cannot be written. Then, and where it is called off, the shop works here as before;
        where it is cut off, from the next start on.
        """
        before = self.settings.current.home
        works = self.ownership.works
        self.settings.change(home=replace(before, at=At.MOVING_OUT))
        try:
            await self.ownership.depart()
            await self.backups.write(file, passphrase)
            self.settings.change(home=replace(before, at=At.AWAY))
        except BaseException:  # also where the owner has pressed Ctrl-C: there is no backup to bring the shop back from
            self.settings.change(home=before)
            if works:
                await self.start(**self._started_with)
            raise
