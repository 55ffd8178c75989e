"""Asking providers for what was missed."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.facts import Bus
from shopwatch.ledger.ledger import Ledger
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.recovery.catchup import CatchUp
    from shopwatch.recovery.catchup_scheduler import CatchUpScheduler


class CatchingUp:
    """Asks by itself from `start` to `stop`, and at any time when it is told to."""

    def __init__(
        self,
        ledger: Ledger,
        bus: Bus,
        *,
        sources: SourceRegistry,
        receiver: Receiver,
        address: PublicAddress,
        access: ApiAccess,
    ) -> None:
        self._ledger = ledger
        self._bus = bus
        self._sources = sources
        self._receiver = receiver
        self._address = address
        self._access = access
        self._catcher: CatchUp | None = None
        self._scheduler: CatchUpScheduler | None = None

    async def now(self, source_ids: Collection[str] | None = None) -> tuple[CaughtUp, ...]:
        """Ask for what was missed now, of these sources or of all, and wait for what comes of it.

        Nothing is told of sources that cannot be asked. Raises Outage.
        """
        asked = [each for each in self._sources.all if source_ids is None or each.id in source_ids]
        found = await asyncio.gather(*[self._catch_up().look_at(each) for each in asked])
        return tuple(each for each in found if each is not None)

    def look(self, source_ids: Collection[str] | None = None) -> None:
        """Something may have been missed: ask in the background. Nothing is done before `start`."""
        if self._scheduler is not None:
            self._scheduler.look(source_ids)

    @property
    def results(self) -> dict[str, CaughtUp]:
        """How asking went the last time, by source id."""
        return dict(self._catcher.results) if self._catcher is not None else {}

    def _catch_up(self) -> "CatchUp":
        from shopwatch.recovery.catchup import CatchUp

        if self._catcher is None:
            self._catcher = CatchUp(self._ledger, self._access.api_client(), self._bus)
        return self._catcher

    def start(self) -> None:
        """Ask now and then, on the running loop."""
        from shopwatch.providers.apis import api_of
        from shopwatch.recovery.catchup_scheduler import CatchUpScheduler
        from shopwatch.recovery.long_poll import LongPoll

        look_at = self._catch_up().look_at
        waiting = LongPoll(self._ledger.catchup, self._access.transport(), find_api=api_of)
        self._scheduler = CatchUpScheduler(
            self._ledger.sources.all,
            look_at,
            self._bus,
            find_api=api_of,
            until_told=waiting.until_told,
            unheard=lambda source: source in self._address.stale,
        )
        self._scheduler.start(self._receiver.tunnel.public_url)

    async def stop(self) -> None:
        if self._scheduler is not None:
            await self._scheduler.stop()
            self._scheduler = None
        if self._catcher is not None:
            await self._catcher.stop()
            self._catcher = None
