"""The closing-time check: a day's sales beside each provider's own list."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from shopwatch.domain.closing import DayCheck
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import Bus, DayChecked
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider
from shopwatch.settings.api_keys import ApiKeys
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.recovery.closing import Closing
    from shopwatch.recovery.closing_time import ClosingTime
    from shopwatch.recovery.courier import Courier


class DayChecks:
    """A part of the facade; `Shop` is the whole."""

    ledger: Ledger
    bus: Bus
    settings: SettingsStore
    sources: SourceRegistry
    _api_keys: ApiKeys
    _closing_time: "ClosingTime | None" = None
    _closing: "Closing | None" = None

    def _asks_by(self) -> "Courier":
        raise NotImplementedError

    async def check_day(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]:
        """Compare the sales of `day` with the list of each source's provider, of these sources or of all that sell.

        Of providers that cannot be asked it says so. With `count`, what is missing here and can be counted is counted
        first, once. Raises Outage.
        """
        asked = [each for each in self._compared(day) if source_ids is None or each.id in source_ids]
        found = [await self._checker().check(each, day, count=count) for each in asked]
        self.bus.tell(DayChecked(day))
        return tuple(found)

    async def day_checks(self, day: date) -> tuple[DayCheck, ...]:
        """How the last check of that day ended, source by source; nothing if there was none."""
        return await self.ledger.day_checks.of(day)

    def _compared(self, day: date) -> list[Source]:
        """The sources that sell, and were there on that day."""
        from shopwatch.recovery.closing import bounds

        ends = bounds(day)[1]
        return [each for each in self.sources.all if _sells(each) and each.created_at < ends]

    def _checker(self) -> "Closing":
        from shopwatch.recovery.asker import Asker
        from shopwatch.recovery.closing import Closing

        if self._closing is None:
            self._closing = Closing(self.ledger, Asker(self._api_keys, self._asks_by()))
        return self._closing

    def _start_closing_time(self) -> None:
        from shopwatch.recovery.closing_time import ClosingTime

        self._closing_time = ClosingTime(
            lambda: self.settings.latest().check_at,
            lambda day: [each.id for each in self._compared(day)],
            self.day_checks,
            self.check_day,
        )
        self._closing_time.start()

    async def _stop_checking(self) -> None:
        if self._closing_time is not None:
            await self._closing_time.stop()
            self._closing_time = None
        self._closing = None


def _sells(source: Source) -> bool:
    known = provider(source.provider)
    return known is not None and Kind.SALE in known.described(source.options).practises
