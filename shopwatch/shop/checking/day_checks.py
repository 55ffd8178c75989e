"""The closing-time check: a day's sales beside each provider's own list."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from shopwatch.domain.facts import Bus, DayChecked
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.domain.source import Source
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers import provider
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.sources.api_access import ApiAccess
from shopwatch.shop.sources.source_registry import SourceRegistry

if TYPE_CHECKING:
    from shopwatch.recovery.closing import Closing
    from shopwatch.recovery.closing_time import ClosingTime


class DayChecks:
    """Compares when told to; from `start` to `stop` also each day at the time that the owner has chosen."""

    def __init__(
        self, ledger: Ledger, bus: Bus, settings: SettingsStore, *, sources: SourceRegistry, access: ApiAccess
    ) -> None:
        self._ledger = ledger
        self._bus = bus
        self._settings = settings
        self._sources = sources
        self._access = access
        self._closing_time: ClosingTime | None = None
        self._closing: Closing | None = None

    async def check(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]:
        """Compare the sales of `day` with the list of each source's provider, of these sources or of all that sell.

        Of providers that cannot be asked it says so. With `count`, what is missing here and can be counted is counted
        first, once. Raises Outage.
        """
        asked = [each for each in self._compare_day(day) if source_ids is None or each.id in source_ids]
        found = [await self._make_checker().check(each, day, count=count) for each in asked]
        self._bus.tell(DayChecked(day))
        return tuple(found)

    def _compare_day(self, day: date) -> list[Source]:
        """The sources that sell, and were there on that day."""
        from shopwatch.recovery.closing import bounds

        ends = bounds(day)[1]
        return [each for each in self._sources.all if _is_selling(each) and each.created_at < ends]

    def _make_checker(self) -> "Closing":
        from shopwatch.recovery.closing import Closing

        if self._closing is None:
            self._closing = Closing(self._ledger, self._access.api_client())
        return self._closing

    def start(self) -> None:
        from shopwatch.recovery.closing_time import ClosingTime

        self._closing_time = ClosingTime(
            lambda: self._settings.latest().check_at,
            lambda day: [each.id for each in self._compare_day(day)],
            self._ledger.day_checks.of,
            self.check,
        )
        self._closing_time.start()

    async def stop(self) -> None:
        if self._closing_time is not None:
            await self._closing_time.stop()
            self._closing_time = None
        self._closing = None


def _is_selling(source: Source) -> bool:
    known = provider(source.provider)
    return known is not None and Kind.SALE in known.described(source.options).practises
