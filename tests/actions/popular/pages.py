"""A shop's page of popular items, and the little that a ledger tells for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, Change, PopularPageMade, SaleChange, SalesChanged, SettingsChanged
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.popular_page import PopularPage
from shopwatch.settings.settings import Settings, changed
from tests.ui.fake_shop import sale_row

NOON: Instant = 1_795_521_600_000
"""2026-11-24 12:00 UTC."""

ROSES = Popular("Roses", 64, (Money(348_800, "USD"),))
FERN = Popular("Fern in clay pot", 19, (Money(55_100, "USD"),))
GARLAND = Popular("Eucalyptus garland", 6, (Money(28_800, "EUR"),))


@dataclass
class Shelf:
    """What sold. `failure` is raised by whatever it is asked; while `ready` is clear, answers wait."""

    sold: Sequence[Popular] = (ROSES, FERN, GARLAND)
    failure: UserError | None = None
    asked: list[tuple[date, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.called = asyncio.Event()
        self.ready = asyncio.Event()
        self.ready.set()

    async def read(self, since: date, until: date) -> Sequence[Popular]:
        self.asked.append((since, until))
        self.called.set()
        sold = self.sold
        await self.ready.wait()
        if self.failure is not None:
            raise self.failure
        return sold


@dataclass
class Owner:
    """The owner's settings, and the bus on which their changes are told."""

    bus: Bus = field(default_factory=Bus)
    settings: Settings = field(
        default_factory=lambda: Settings(
            id="0" * 16, shop_name="Bloom & Stem", popular=PopularPage(on=True, begun=True)
        )
    )

    def __post_init__(self) -> None:
        self.made: asyncio.Queue[PopularPageMade] = asyncio.Queue()
        self.bus.listen(PopularPageMade, self.made.put_nowait)

    def now(self) -> Settings:
        return self.settings

    def change(self, page: PopularPage) -> None:
        before, self.settings = self.settings, replace(self.settings, popular=page)
        self.bus.tell(SettingsChanged(changed(before, self.settings)))

    def sell(self) -> None:
        self.bus.tell(SalesChanged((SaleChange(sale_row(1), Change.NEW),)))

    async def next_page(self) -> PopularPageMade:
        async with asyncio.timeout(30):
            return await self.made.get()
