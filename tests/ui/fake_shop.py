"""A shop made by hand: rows in a list, answers at once or when told."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from msgspec import structs

from shopwatch.domain.catchup import CaughtUp
from shopwatch.domain.clock import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.closing import DayCheck
from shopwatch.domain.endpoint import Registered, Standing
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import (
    Bus,
    Change,
    DayChecked,
    DeliveryKept,
    EndpointsChanged,
    LedgerChanged,
    Outcome,
    PersonForgotten,
    ReachChanged,
    SaleChange,
    SaleRow,
    SalesChanged,
    SettingsChanged,
    TunnelChanged,
    VaultChanged,
)
from shopwatch.domain.home import Home
from shopwatch.domain.job import Job
from shopwatch.domain.money import Money
from shopwatch.domain.reach import Reach, ReachState, TunnelKind, TunnelState, TunnelStatus
from shopwatch.domain.sale import Item, Part, RefundClaim, Sale, SaleClaim, SaleState
from shopwatch.domain.silence import Silence
from shopwatch.domain.source import Source
from shopwatch.ledger.people_query import Occasion, PeopleCursor, PeoplePage, PersonDetail, PersonRow
from shopwatch.ledger.query import (
    Cursor,
    DeliveryRow,
    Figures,
    InboxQuery,
    Moment,
    Result,
    SaleDetail,
    SalesPage,
    SalesQuery,
    Sort,
    Tally,
)
from shopwatch.providers.diagnosis import Diagnosis
from shopwatch.settings.settings import Settings, changed
from shopwatch.ui.sales.matching import fits
from tests.ui.fake_duties import FakeDuties
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


@dataclass
class FakeShop(FakeDuties, FakeStorefront):
    """Everything a screen asks for; `gate`, if set, keeps every page waiting until it is opened."""

    rows: list[SaleRow] = field(default_factory=list)
    settings: Settings = field(default_factory=lambda: Settings(id="0" * 16, shop_name="Bloom & Stem"))
    locale: str = "en_US"
    bus: Bus = field(default_factory=Bus)
    tunnel: TunnelStatus = field(
        default_factory=lambda: TunnelStatus(
            TunnelKind.NGROK, TunnelState.ONLINE, "https://lilac-heron.ngrok-free.app", NOON - 4 * HOUR
        )
    )
    reach: Reach = field(default_factory=lambda: Reach(ReachState.ANSWERS, NOON - 4 * HOUR))
    vault_problem: UserError | None = None
    ledger_problem: UserError | None = None
    clock_problem: UserError | None = None
    vault_name: str = "GNOME Keyring"
    listening_since: Instant | None = NOON - 4 * HOUR
    heard: dict[str, Instant] = field(default_factory=dict)
    sources: tuple[Source, ...] = (PAYNOW,)
    bodies: dict[int, bytes] = field(default_factory=dict)
    day: Callable[[Instant, Instant], Figures] | None = None
    failure: UserError | None = None
    gate: asyncio.Event | None = None
    asked: list[tuple[SalesQuery, Cursor | None]] = field(default_factory=list)
    persons: list[PersonRow] = field(default_factory=list)
    occasions: dict[int, tuple[Occasion, ...]] = field(default_factory=dict)
    people_asked: list[tuple[str, PeopleCursor | None]] = field(default_factory=list)
    practised: list[str] = field(default_factory=list)
    caught_up: dict[str, CaughtUp] = field(default_factory=dict)
    endpoints: dict[str, Registered] = field(default_factory=dict)
    stale_sources: tuple[Source, ...] = ()
    silent_sources: dict[str, Silence] = field(default_factory=dict)
    looks_wanted: int = 0
    seen: list[int] = field(default_factory=list)
    exported: list[tuple[Path, str]] = field(default_factory=list)
    inbox: dict[int, DeliveryRow] = field(default_factory=dict)
    inbox_asked: list[tuple[InboxQuery, int | None]] = field(default_factory=list)
    inbox_seen: int = 0
    diagnoses: dict[int, Diagnosis] = field(default_factory=dict)
    rechecked: list[int] = field(default_factory=list)
    fitting: set[int] = field(default_factory=set)
    mended: list[int] = field(default_factory=list)
    saved: dict[Path, bytes] = field(default_factory=dict)
    jobs_made: list[Job] = field(default_factory=list)
    reopened: int = 0
    vault_checks: int = 0
    checks: dict[date, tuple[DayCheck, ...]] = field(default_factory=dict)
    lists: dict[date, list[tuple[DayCheck, ...]]] = field(default_factory=dict)
    compared: list[tuple[date, bool]] = field(default_factory=list)

    def look_for_missed(self) -> None:
        self.looks_wanted += 1

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 100) -> SalesPage:
        self.asked.append((query, after))
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        rows = [row for row in self.rows if fits(query, row) and _says(row, query.text)]
        rows.sort(key=lambda row: _sort_key(row, query.sort), reverse=query.descending)
        if after is not None:
            known = (after.key, after.id)
            rows = [row for row in rows if (_sort_key(row, query.sort) < known) == query.descending]
            rows = [row for row in rows if row.id != after.id]
        page = tuple(rows[:limit])
        last = page[-1] if len(rows) > limit else None
        return SalesPage(page, Cursor(_sort_key(last, query.sort)[0], last.id) if last else None)

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs_made if job.sale_id == sale_id)

    async def sale(self, sale_id: int) -> SaleDetail | None:
        row = next((row for row in self.rows if row.id == sale_id), None)
        return SaleDetail(row, self.moments(row), 4) if row else None

    def moments(self, row: SaleRow) -> tuple[Moment, ...]:
        sale = row.sale
        paid = SaleClaim(sale.order_id, sale.amount, sale.number, sale.name, sale.email, sale.items)
        parts = [Part(f"evt-{row.id}", "order.completed", sale.paid_at, paid, sale.practice, sale.live)]
        if sale.given_back is not None:
            back = RefundClaim(sale.order_id, sale.given_back, f"re-{row.id}")
            parts.append(Part(f"evt-{row.id}-r", "refund.completed", sale.paid_at + 29 * MINUTE, back))
        return tuple(Moment(part, part.occurred_at, row.id * 10 + at) for at, part in enumerate(parts))

    async def figures(self, since: Instant, until: Instant) -> Figures:
        if self.day is not None:
            return self.day(since, until)
        totals: dict[str, int] = {}
        counts: dict[str, int] = {}
        hourly = [0] * 24
        for row in self.rows:
            kept = row.sale.kept
            if kept is not None and since <= row.sale.paid_at < until:
                totals[kept.currency] = totals.get(kept.currency, 0) + kept.minor
                counts[kept.currency] = counts.get(kept.currency, 0) + 1
        order = sorted(totals, key=lambda code: -counts[code])
        for row in self.rows:
            kept = row.sale.kept
            if kept is not None and since <= row.sale.paid_at < until and kept.currency == order[0]:
                hourly[(row.sale.paid_at - since) // HOUR % 24] += kept.minor
        return Figures(
            tuple(Money(totals[code], code) for code in order),
            tuple(counts[code] for code in order),
            sum(counts.values()),
            tuple(hourly),
        )

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

    async def deliveries(
        self, query: InboxQuery, after: int | None = None, limit: int = 100
    ) -> tuple[DeliveryRow, ...]:
        self.inbox_asked.append((query, after))
        if self.failure is not None:
            raise self.failure
        rows = [row for row in self.inbox.values() if _lets_through(query, row)]
        rows.sort(key=lambda row: -row.id)
        return tuple(replace(row, body=None, place=row.id) for row in rows if after is None or row.id < after)[:limit]

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        results = [row.result for row in self.inbox.values()]
        bad = (Result.REJECTED, Result.SET_ASIDE)
        return Tally(
            results.count(Result.ACCEPTED),
            results.count(Result.REPEAT),
            results.count(Result.REJECTED),
            results.count(Result.SET_ASIDE),
            sum(row.result in bad and row.id > self.inbox_seen for row in self.inbox.values()),
            max(self.inbox, default=0),
        )

    async def mark_inbox_seen(self, up_to: int) -> None:
        self.inbox_seen = max(self.inbox_seen, up_to)

    async def diagnose(self, delivery_id: int) -> Diagnosis | None:
        if self.vault_problem is not None:
            raise self.vault_problem
        return self.diagnoses.get(delivery_id)

    async def fits_now(self, delivery_id: int) -> bool:
        self.rechecked.append(delivery_id)
        return delivery_id in self.fitting

    async def count_now(self, delivery_id: int) -> bool:
        self.inbox[delivery_id] = replace(
            self.inbox[delivery_id], outcome=Outcome.ACCEPTED, reason="", event_id="evt", kind=Kind.SALE
        )
        return True

    async def mend(self, delivery_id: int) -> None:
        self.mended.append(delivery_id)
        self.fitting.add(delivery_id)

    async def save_message(self, delivery_id: int, file: Path) -> None:
        self.saved[file] = self.inbox[delivery_id].body or b""

    def address(self, source: Source) -> str:
        return self.tunnel.public_url + source.path

    def deliver(self, *rows: DeliveryRow) -> None:
        """Keep these deliveries and tell of them."""
        for row in rows:
            self.inbox[row.id] = row
            self.bus.tell(DeliveryKept(row.source_id, row.outcome, row.received_at, row.reason, row.practice))

    async def people(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        self.people_asked.append((search, after))
        if self.failure is not None:
            raise self.failure
        found = sorted(self.persons, key=lambda row: (row.last_at, row.id), reverse=True)
        found = [row for row in found if search.lower() in f"{row.name} {row.emails} {row.phones}".lower()]
        if after is not None:
            found = [row for row in found if (row.last_at, row.id) < (after.last_at, after.id)]
        page = tuple(found[:limit])
        more = len(found) > limit
        return PeoplePage(page, PeopleCursor(page[-1].last_at, page[-1].id) if more else None)

    async def person(self, person_id: int) -> PersonDetail | None:
        row = next((row for row in self.persons if row.id == person_id), None)
        return PersonDetail(row, "", self.occasions.get(person_id, ())) if row else None

    async def forget_person(self, person_id: int) -> bool:
        if self.failure is not None:
            raise self.failure
        self.persons = [row for row in self.persons if row.id != person_id]
        self.bus.tell(PersonForgotten(person_id))
        return True

    async def mark_seen(self, up_to: int) -> None:
        self.seen.append(up_to)

    async def export(self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None]) -> int:
        self.exported.append((file, form))
        told(len(self.rows) // 2)
        return len(self.rows)

    def change_settings(self, **changes: object) -> None:
        before = self.settings
        self.settings = replace(before, **changes)  # type: ignore[arg-type]
        self.bus.tell(SettingsChanged(changed(before, self.settings)))

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
        self.change_settings(home=Home())

    async def reopen_address(self) -> None:
        self.reopened += 1

    def arrive(self, *rows: SaleRow, change: Change = Change.NEW) -> None:
        """Keep these rows and tell of them."""
        kept = {row.id: row for row in self.rows}
        kept.update({row.id: row for row in rows})
        self.rows = list(kept.values())
        self.bus.tell(SalesChanged(tuple(SaleChange(row, change) for row in rows)))

    def tell_tunnel(self, status: TunnelStatus) -> None:
        self.tunnel = status
        self.bus.tell(TunnelChanged(status))

    def tell_reach(self, reach: Reach) -> None:
        self.reach = reach
        self.bus.tell(ReachChanged(reach))

    def tell_vault(self, problem: UserError | None) -> None:
        self.vault_problem = problem
        self.bus.tell(VaultChanged(problem))

    def tell_ledger(self, problem: UserError | None) -> None:
        self.ledger_problem = problem
        self.bus.tell(LedgerChanged(problem))


def _lets_through(query: InboxQuery, row: DeliveryRow) -> bool:
    text = query.text.lower()
    return (
        query.result in (None, row.result)
        and (not query.sources or row.source_id in query.sources)
        and (not text or row.event_id.lower().startswith(text) or text in row.event_type.lower())
    )


def _says(row: SaleRow, text: str) -> bool:
    said = (
        f"{row.sale.number} {row.sale.name} {row.sale.email} {' '.join(item.name for item in row.sale.items)}".lower()
    )
    return all(word in said for word in text.lower().split())


def _sort_key(row: SaleRow, sort: Sort) -> tuple[str | int, int]:
    sale = row.sale
    key: str | int
    match sort:
        case Sort.TIME:
            key = sale.paid_at
        case Sort.AMOUNT:
            key = sale.amount.minor if sale.amount else 0
        case Sort.ORDER:
            key = sale.number
        case Sort.CUSTOMER:
            key = sale.name
        case Sort.FROM:
            key = row.source_id
        case Sort.STATE:
            key = sale.state
    return key, row.id
