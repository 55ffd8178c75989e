"""Asking providers for what was missed."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.facts import Bus
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.shop.receiver import Receiver
from shopwatch.shop.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.recovery.catchup import CatchUp
    from shopwatch.recovery.courier import Courier
    from shopwatch.recovery.lookout import Lookout


class CatchingUp:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    receiver: Receiver
    bus: Bus
    sources: SourceRegistry
    _api_keys: ApiKeys
    _courier: "Courier | None"
    _catcher: "CatchUp | None" = None
    _own_courier: "Courier | None" = None
    _lookout: "Lookout | None" = None

    @property
    def stale_sources(self) -> tuple[Source, ...]:
        raise NotImplementedError

    async def catch_up(self, source_ids: Collection[str] | None = None) -> tuple[CaughtUp, ...]:
        """Ask for what was missed now, of these sources or of all, and wait for what comes of it.

        Nothing is told of sources that cannot be asked. Raises Outage.
        """
        asked = [each for each in self.sources.all if source_ids is None or each.id in source_ids]
        found = await asyncio.gather(*[self._catch_up().look_at(each) for each in asked])
        return tuple(each for each in found if each is not None)

    def look_for_missed(self, source_ids: Collection[str] | None = None) -> None:
        """Something may have been missed: ask in the background. Nothing is done before `start`."""
        if self._lookout is not None:
            self._lookout.look(source_ids)

    @property
    def caught_up(self) -> dict[str, CaughtUp]:
        """How asking went the last time, by source id."""
        return dict(self._catcher.results) if self._catcher is not None else {}

    def _asks_by(self) -> "Courier":
        """The one who asks providers for this shop, whatever is asked; `_let_go` lets go of its connections."""
        from shopwatch.recovery.courier import Courier

        if self._own_courier is None:
            self._own_courier = self._courier or Courier()
        return self._own_courier

    def _catch_up(self) -> "CatchUp":
        from shopwatch.recovery.asker import Asker
        from shopwatch.recovery.catchup import CatchUp

        if self._catcher is None:
            self._catcher = CatchUp(self.ledger, Asker(self._api_keys, self._asks_by()), self.bus)
        return self._catcher

    def _start_lookout(self) -> None:
        from shopwatch.providers.apis import api_of
        from shopwatch.recovery.lookout import Lookout
        from shopwatch.recovery.waiting import Waiting

        look_at = self._catch_up().look_at
        waiting = Waiting(self.ledger.catchup, self._asks_by(), find_api=api_of)
        self._lookout = Lookout(
            self.ledger.sources.all,
            look_at,
            self.bus,
            find_api=api_of,
            until_told=waiting.until_told,
            unheard=lambda source: source in self.stale_sources,
        )
        self._lookout.start(self.receiver.tunnel.public_url)

    async def _let_go(self) -> None:
        courier, self._own_courier = self._own_courier, None
        if courier is not None:
            await courier.close()

    async def _stop_catching_up(self) -> None:
        if self._lookout is not None:
            await self._lookout.stop()
            self._lookout = None
        if self._catcher is not None:
            await self._catcher.stop()
            self._catcher = None
