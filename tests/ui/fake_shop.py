"""A shop made by hand: rows in a list, answers at once or when told."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from msgspec import structs

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.clock import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.closing import DayCheck
from shopwatch.domain.endpoint import Registered, Standing
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import (
    Bus,
    DayChecked,
    EndpointsChanged,
    LedgerChanged,
    Outcome,
    SaleRow,
    VaultChanged,
)
from shopwatch.domain.home import Home
from shopwatch.domain.job import Job
from shopwatch.domain.money import Money
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.sale import Item, Sale, SaleState
from shopwatch.domain.silence import Silence
from shopwatch.domain.source import Source
from shopwatch.ledger.query import DeliveryRow
from shopwatch.settings.settings import Settings
from tests.ui.fake_duties import FakeDuties
from tests.ui.fake_inbox import FakeInbox
from tests.ui.fake_parts import FakeReceiver, FakeSettings, FakeSources
from tests.ui.fake_people import FakePeople
from tests.ui.fake_sales import FakeSales
from tests.ui.fake_storefront import FakeStorefront

NOON: Instant = 1_795_521_600_000
"""2026-11-24 12:00 UTC."""

PAYNOW = Source("src-paynow", "paynow", "PayNow", "/in/abc", NOON - DAY)


def sale_row(nth: int, /, **changes: object) -> SaleRow:
    """A sale of $10.00 plus its number in cents, one minute after the one before; `changes` are fields of the sale."""
    sale = Sale(
        order_id=f"order-{nth}",
        number=f"PN-{nth}",
        state=SaleState.PAID,
        amount=Money(1000 + nth, "USD"),
        amount_text="",
        given_back=None,
        name=f"Customer {nth}",
        email=f"c{nth}@example.com",
        items=(Item("Peony bunch", 2, Money(500, "USD")),),
        paid_at=NOON + nth * MINUTE,
        practice=False,
        live=True,
    )
    return SaleRow(nth, PAYNOW.id, "paynow", structs.replace(sale, **changes), NOON + nth * MINUTE)


ANSWERS = Reach(ReachState.ANSWERS, NOON - 4 * HOUR)
ONLINE = TunnelStatus(TunnelKind.NGROK, TunnelState.ONLINE, "https://lilac-heron.ngrok-free.app", NOON - 4 * HOUR)


@dataclass
class _Parts(FakeSales, FakeInbox, FakePeople, FakeDuties, FakeStorefront):
    locale: str = "en_US"
    vault_problem: UserError | None = None
    ledger_problem: UserError | None = None
    allowance_problem: UserError | None = None
    vault_name: str = "GNOME Keyring"
    heard: dict[str, Instant] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)
    failure: UserError | None = None
    gate: asyncio.Event | None = None
    practised: list[str] = field(default_factory=list)
    caught_up: dict[str, CaughtUp] = field(default_factory=dict)
    endpoints: dict[str, Registered] = field(default_factory=dict)
    stale_sources: tuple[Source, ...] = ()
    silent_sources: dict[str, Silence] = field(default_factory=dict)
    looks_wanted: int = 0
    jobs_made: list[Job] = field(default_factory=list)
    vault_checks: int = 0
    checks: dict[date, tuple[DayCheck, ...]] = field(default_factory=dict)
    lists: dict[date, list[tuple[DayCheck, ...]]] = field(default_factory=dict)
    compared: list[tuple[date, bool]] = field(default_factory=list)


class FakeShop(_Parts):
    """Everything a screen asks for; `gate`, if set, keeps every page waiting until it is opened."""

    def __init__(
        self,
        *,
        sources: tuple[Source, ...] = (PAYNOW,),
        tunnel: TunnelStatus = ONLINE,
        reach: Reach = ANSWERS,
        clock_problem: UserError | None = None,
        listening_since: Instant | None = NOON - 4 * HOUR,
        **parts: Any,
    ) -> None:
        bus = Bus()
        self.settings = FakeSettings(Settings(id="0" * 16, shop_name="Bloom & Stem"), bus)
        self.sources = FakeSources(sources)
        self.receiver = FakeReceiver(bus)
        self.receiver.tunnel = tunnel
        self.receiver.reach = reach
        self.receiver.clock_problem = clock_problem
        self.receiver.since = listening_since
        super().__init__(bus=bus, settings=self.settings, receiver=self.receiver, **parts)

    def look_for_missed(self) -> None:
        self.looks_wanted += 1

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs_made if job.sale_id == sale_id)

    async def delivery(self, delivery_id: int) -> DeliveryRow | None:
        if delivery_id in self.inbox:
            return self.inbox[delivery_id]
        body = self.bodies.get(delivery_id, b'{\n  "event": "order.completed"\n}')
        return DeliveryRow(
            id=delivery_id,
            source_id=PAYNOW.id,
            provider="paynow",
            received_at=NOON,
            outcome=Outcome.ACCEPTED,
            reason="",
            detail="",
            event_id="evt",
            event_type="order.completed",
            url="https://shop.example/in/abc",
            headers=(),
            body=body,
            size=len(body),
            practice=False,
        )

    def address(self, source: Source) -> str:
        return self.receiver.tunnel.public_url + source.path

    async def practise(self, source_id: str, kind: Kind | None = None, count: int = 1) -> None:
        if self.failure is not None:
            raise self.failure
        self.practised.append(source_id)

    async def whole_address(self, source: Source) -> str:
        return self.address(source)

    async def address_told(self, source_id: str) -> None:
        self._may("address_told")
        self.stale_sources = tuple(each for each in self.stale_sources if each.id != source_id)
        self.bus.tell(EndpointsChanged((source_id,)))

    async def mend_endpoint(self, source_id: str) -> None:
        self._may("mend_endpoint")
        known = self.endpoints[source_id]
        mended = replace(known.endpoint, standing=Standing.ON, lacking=())
        self.tell_endpoint(replace(known, endpoint=mended, problem=""))

    def tell_endpoint(self, registered: Registered) -> None:
        self.endpoints[registered.source_id] = registered
        self.bus.tell(EndpointsChanged((registered.source_id,)))

    async def check_vault(self) -> UserError | None:
        self.vault_checks += 1
        self.vault_problem = None
        self.bus.tell(VaultChanged(None))
        return None

    async def check_day(
        self, day: date, source_ids: Collection[str] | None = None, *, count: bool = False
    ) -> tuple[DayCheck, ...]:
        """What `lists` hold for that day, one after the other."""
        self.compared.append((day, count))
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.checks[day] = self.lists[day].pop(0) if self.lists.get(day) else ()
        self.bus.tell(DayChecked(day))
        return self.checks[day]

    async def day_checks(self, day: date) -> tuple[DayCheck, ...]:
        return self.checks.get(day, ())

    async def work_here(self) -> None:
        self.settings.change(home=Home())

    def tell_vault(self, problem: UserError | None) -> None:
        self.vault_problem = problem
        self.bus.tell(VaultChanged(problem))

    def tell_ledger(self, problem: UserError | None) -> None:
        self.ledger_problem = problem
        self.bus.tell(LedgerChanged(problem))
