"""What comparing a day asks of the shop."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from shopwatch.domain.closing import DayCheck
from shopwatch.shop.source_registry import SourceRegistry


class DayCheckDoor(Protocol):
    """`shopwatch.shop.Shop` is one; tests bring their own."""

    @property
    def locale(self) -> str: ...
    @property
    def sources(self) -> SourceRegistry: ...
    async def check_day(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]: ...
    async def day_checks(self, day: date) -> tuple[DayCheck, ...]: ...
