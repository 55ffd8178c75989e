"""A whole started shop compares each day by itself, at the hour that its owner chose."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.facts import DayChecked
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.closing import Difference, Differs, Sums
from shopwatch.domain.sales.money import Money
from shopwatch.host.paths import Paths
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.recovery.api_transport import ApiTransport
from shopwatch.secrets.vault import MemoryVault
from shopwatch.shop.opening import open_shop
from shopwatch.shop.shop import Shop
from tests.standin.hours import Hours
from tests.standin.senders import STRIPE_WAY, Sender, StripeEvents, Thing
from tests.standin.site import serving
from tests.standin.stripe import HOST

TUESDAY = date(2026, 11, 24)
WEDNESDAY = TUESDAY + timedelta(1)
CLOSING = 20 * 60
SOLD = 2_198


def at(day: date, hour: int, minute: int = 0) -> Instant:
    return round(datetime.combine(day, time(hour, minute)).timestamp() * 1000)


@dataclass
class Days:
    """A shop that sells at Stripe's, and what it has compared, through starts and ends."""

    folder: Path
    hours: Hours
    told: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.vault = MemoryVault()
        self.stripe = Sender(StripeEvents(), STRIPE_WAY, lambda: self.hours.wall, random.Random(1))

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["Days"]:
        async with serving(self.stripe.site):
            async with self._opened() as shop:
                self.stripe.source = source = await shop.connections.add("stripe")
                await shop.connections.set_secrets(source.id, (self.stripe.told,))
                await shop.connections.set_api_key(source.id, self.stripe.lists.key)
                shop.settings.change(check_at=CLOSING)
            yield self

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Shop]:
        async with self._opened() as shop:
            shop.bus.listen(DayChecked, lambda fact: self.told.append(fact.day))
            port = await shop.start(port=0, tunnel=TunnelKind.NONE)
            self.stripe.address = f"http://127.0.0.1:{port}"
            yield shop

    async def until(self, moment: Instant) -> None:
        await asyncio.sleep(moment / 1000 - self.hours.wall)

    async def sell(self) -> Thing:
        """Something is sold, and heard of."""
        sold = self.stripe.sell()
        self.stripe.write_down(sold)
        await self.stripe.send(sold)
        assert sold.heard
        return sold

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Shop]:
        transport = ApiTransport(stand_ins={HOST: self.stripe.site.origin})
        shop = await open_shop(Paths(self.folder), vault=self.vault, transport=transport)
        self.hours.works = lambda: not shop.ledger.outbox.at_rest
        yield shop
        await shop.close()
        await transport.close()


def test_a_day_is_compared_by_itself_then_and_when_it_is_over_and_what_differs_is_named_and_booked(
    tmp_path: Path,
) -> None:
    hours = Hours(at(TUESDAY, 9))

    async def live() -> None:
        async with Days(tmp_path, hours).connected() as days:
            hours.jump(at(TUESDAY, 10) / 1000)
            unheard = days.stripe.sell()
            hours.jump(at(TUESDAY, 19, 40) / 1000)
            async with days.started() as shop:
                await days.sell()
                await days.until(at(TUESDAY, 19, 58))
                days.stripe.write_down(unheard)  # hours later, so that no catching up comes upon it
                assert (days.told, await shop.ledger.day_checks.of(TUESDAY)) == ([], ())
                await days.until(at(TUESDAY, 20, 2))
                assert days.told == [TUESDAY]
                (check,) = await shop.ledger.day_checks.of(TUESDAY)
                assert at(TUESDAY, 20) <= check.checked_at <= at(TUESDAY, 20, 2)
                assert check.sums == (Sums("USD", 1, SOLD, 2, 2 * SOLD),)
                paid = at(TUESDAY, 10)
                assert check.differences == (
                    Difference(Differs.MISSING_HERE, unheard.order, paid, None, Money(SOLD, "USD"), countable=True),
                )
                await days.until(at(TUESDAY, 20, 40))
                assert await shop.ledger.sales.count(SalesQuery()) == 1

            async with days.started() as shop:
                await days.until(at(TUESDAY, 21, 10))
                assert (days.told, await shop.ledger.day_checks.of(TUESDAY)) == ([TUESDAY], (check,))
                for _ in range(2):
                    (counted,) = await shop.day_checks.check(TUESDAY, count=True)
                    assert (counted.agrees, counted.sums) == (True, (Sums("USD", 2, 2 * SOLD, 2, 2 * SOLD),))
                assert await shop.ledger.sales.count(SalesQuery()) == 2
                late = days.stripe.sell()

            days.told.clear()
            hours.jump(at(WEDNESDAY, 19, 50) / 1000)
            async with days.started() as shop:
                await days.until(at(WEDNESDAY, 19, 59))
                assert days.told == []
                days.stripe.write_down(late)
                await days.until(at(WEDNESDAY, 20, 20))
                assert days.told == [TUESDAY, WEDNESDAY]
                assert [each.agrees for each in await shop.ledger.day_checks.of(WEDNESDAY)] == [True]
                (again,) = await shop.ledger.day_checks.of(TUESDAY)
                assert [each.order for each in again.differences] == [late.order]
                assert await shop.ledger.sales.count(SalesQuery()) == 2

    hours.run(live)
