"""The ledger of a made-up shop: rows in lists, read at once or when told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from shopwatch.domain.connection.endpoint import Registered
from shopwatch.domain.facts import (
    Bus,
    Change,
    DeliveryKept,
    EndpointsChanged,
    JobsChanged,
    Outcome,
    PersonForgotten,
    RulesChanged,
    SaleChange,
    SaleRow,
    SalesChanged,
)
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import Rule, Trial, Trigger
from shopwatch.domain.sales.closing import DayCheck
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.sale import Part, RefundClaim, SaleClaim
from shopwatch.ledger.inbox.book import EVERY_DELIVERY, InboxBook
from shopwatch.ledger.inbox.query import DeliveryRow, InboxQuery, Result, Tally
from shopwatch.ledger.ledger import Ledger
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.ledger.outbox.rule_history import RuleHistory
from shopwatch.ledger.people.book import PeopleBook
from shopwatch.ledger.people.query import PeopleCursor, PeoplePage, PersonDetail, PersonMoment, PersonRow
from shopwatch.ledger.popular.book import PopularBook
from shopwatch.ledger.recovery.day_checks import DayCheckBook
from shopwatch.ledger.sales.book import SalesBook
from shopwatch.ledger.sales.query import Cursor, Figures, Moment, SaleDetail, SalesPage, SalesQuery, Sort
from shopwatch.ledger.sources.endpoints import EndpointBook
from shopwatch.presenting.sales.matching import fits

if TYPE_CHECKING:
    from tests.ui.fake_parts import Script

NOON: Instant = 1_795_521_600_000
"""2026-11-24 12:00 UTC."""


class FakeSales(SalesBook):
    """`day`, if set, gives the sums. A gate of the script's keeps every page waiting until it is opened."""

    def __init__(self, bus: Bus, script: "Script") -> None:
        self._bus = bus
        self._script = script
        self.rows: list[SaleRow] = []
        self.day: Callable[[Instant, Instant], Figures] | None = None
        self.asked: list[tuple[SalesQuery, Cursor | None]] = []
        self.seen: list[int] = []

    async def page(self, query: SalesQuery, after: Cursor | None = None, limit: int = 200) -> SalesPage:
        self.asked.append((query, after))
        if self._script.request_filter is not None:
            await self._script.request_filter.wait()
        self._script.read()
        rows = [row for row in self.rows if fits(query, row) and _says(row, query.text)]
        rows.sort(key=lambda row: _sort_key(row, query.sort), reverse=query.descending)
        if after is not None:
            known = (after.key, after.id)
            rows = [row for row in rows if (_sort_key(row, query.sort) < known) == query.descending]
            rows = [row for row in rows if row.id != after.id]
        page = tuple(rows[:limit])
        last = page[-1] if len(rows) > limit else None
        return SalesPage(page, Cursor(_sort_key(last, query.sort)[0], last.id) if last else None)

    async def get(self, sale_id: int) -> SaleDetail | None:
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

    async def mark_seen(self, up_to_id: int) -> None:
        self.seen.append(up_to_id)

    def arrive(self, *rows: SaleRow, change: Change = Change.NEW) -> None:
        """Keep these rows and tell of them."""
        kept = {row.id: row for row in self.rows}
        kept.update({row.id: row for row in rows})
        self.rows = list(kept.values())
        self._bus.tell(SalesChanged(tuple(SaleChange(row, change) for row in rows)))


class FakeInbox(InboxBook):
    """A delivery that it does not hold is one of PayNow's, with a body of `bodies` or a short one; none if `strict`."""

    def __init__(self, bus: Bus, script: "Script") -> None:
        self._bus = bus
        self._script = script
        self.rows: dict[int, DeliveryRow] = {}
        self.bodies: dict[int, bytes] = {}
        self.asked: list[tuple[InboxQuery, int | None]] = []
        self.seen = 0
        self.strict = False

    async def get(self, delivery_id: int) -> DeliveryRow | None:
        if delivery_id in self.rows or self.strict:
            return self.rows.get(delivery_id)
        body = self.bodies.get(delivery_id, b'{\n  "event": "order.completed"\n}')
        return DeliveryRow(
            id=delivery_id,
            source_id="src-paynow",
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

    async def page(
        self, query: InboxQuery = EVERY_DELIVERY, after: int | None = None, limit: int = 200
    ) -> tuple[DeliveryRow, ...]:
        self.asked.append((query, after))
        self._script.read()
        rows = [row for row in self.rows.values() if _lets_through(query, row)]
        rows.sort(key=lambda row: -row.id)
        return tuple(replace(row, body=None, place=row.id) for row in rows if after is None or row.id < after)[:limit]

    async def tally(self, sources: frozenset[str] = frozenset()) -> Tally:
        results = [row.result for row in self.rows.values()]
        bad = (Result.REJECTED, Result.SET_ASIDE)
        return Tally(
            results.count(Result.ACCEPTED),
            results.count(Result.REPEAT),
            results.count(Result.REJECTED),
            results.count(Result.SET_ASIDE),
            sum(row.result in bad and row.id > self.seen for row in self.rows.values()),
            max(self.rows, default=0),
        )

    async def mark_seen(self, up_to_id: int) -> None:
        self.seen = max(self.seen, up_to_id)

    def deliver(self, *rows: DeliveryRow) -> None:
        """Keep these deliveries and tell of them."""
        for row in rows:
            self.rows[row.id] = row
            self._bus.tell(DeliveryKept(row.source_id, row.outcome, row.received_at, row.reason, row.practice))


class FakePeople(PeopleBook):
    """`occasions` are what each of them has done."""

    def __init__(self, bus: Bus, script: "Script") -> None:
        self._bus = bus
        self._script = script
        self.persons: list[PersonRow] = []
        self.occasions: dict[int, tuple[PersonMoment, ...]] = {}
        self.asked: list[tuple[str, PeopleCursor | None]] = []

    async def page(self, search: str = "", after: PeopleCursor | None = None, limit: int = 100) -> PeoplePage:
        self.asked.append((search, after))
        self._script.read()
        found = sorted(self.persons, key=lambda row: (row.last_at, row.id), reverse=True)
        found = [row for row in found if search.lower() in f"{row.name} {row.emails} {row.phones}".lower()]
        if after is not None:
            found = [row for row in found if (row.last_at, row.id) < (after.last_at, after.id)]
        page = tuple(found[:limit])
        more = len(found) > limit
        return PeoplePage(page, PeopleCursor(page[-1].last_at, page[-1].id) if more else None)

    async def get(self, person_id: int) -> PersonDetail | None:
        row = next((row for row in self.persons if row.id == person_id), None)
        return PersonDetail(row, "", self.occasions.get(person_id, ())) if row else None

    async def forget(self, person_id: int) -> bool:
        self._script.read()
        self.persons = [row for row in self.persons if row.id != person_id]
        self._bus.tell(PersonForgotten(person_id))
        return True


class FakeOutbox(OutboxBook):
    """`made` are the jobs of sales, `kept` those of the outbox's list."""

    def __init__(self, bus: Bus, script: "Script") -> None:
        self._bus = bus
        self._script = script
        self.kept_rules: list[Rule] = []
        self.known: dict[int, RuleHistory] = {}
        self.trials: tuple[Trial, ...] = ()
        self.tried: list[Rule] = []
        self.made: list[Job] = []
        self.kept: list[Job] = []
        self.asked: list[tuple[tuple[JobState, ...], JobKey | None, int]] = []
        self.decided: list[tuple[JobKey, JobState, bool]] = []

    async def rules(self) -> tuple[Rule, ...]:
        self._script.called("rules")
        return tuple(self.kept_rules)

    async def put_rule(self, rule: Rule) -> Rule:
        self._script.called("put_rule")
        if not rule.id:
            rule = replace(rule, id=max((each.id for each in self.kept_rules), default=0) + 1)
            last = next((at for at, each in enumerate(self.kept_rules) if each.when is Trigger.ANYTHING), None)
            self.kept_rules.insert(len(self.kept_rules) if last is None else last, rule)
        else:
            self.kept_rules = [rule if each.id == rule.id else each for each in self.kept_rules]
        self.known.setdefault(rule.id, RuleHistory(0))
        self._bus.tell(RulesChanged())
        return rule

    async def drop_rule(self, rule_id: int) -> None:
        self._script.called("drop_rule")
        self.kept_rules = [each for each in self.kept_rules if each.id != rule_id]
        self._bus.tell(RulesChanged())

    async def arrange_rules(self, order: Sequence[int]) -> None:
        self._script.called("arrange_rules")
        self.kept_rules.sort(key=lambda rule: list(order).index(rule.id))
        self._bus.tell(RulesChanged())

    async def histories(self, since: Instant) -> dict[int, RuleHistory]:
        return {rule.id: self.known.get(rule.id, RuleHistory(0)) for rule in self.kept_rules}

    async def try_rule(self, rule: Rule, last: int = 50) -> tuple[Trial, ...]:
        self._script.called("try_rule")
        self.tried.append(rule)
        return self.trials[:last]

    async def jobs(
        self,
        states: Sequence[JobState] = (),
        after: JobKey | None = None,
        limit: int = 200,
        *,
        without: Sequence[str] = (),
    ) -> tuple[Job, ...]:
        self._script.called("jobs")
        self.asked.append((tuple(states), after, limit))
        found = [job for job in self.kept if job.action not in without and (not states or job.state in states)]
        found.sort(key=lambda job: job.key, reverse=True)
        return tuple(job for job in found if after is None or job.key < after)[:limit]

    async def jobs_of_sale(self, sale_id: int) -> tuple[Job, ...]:
        return tuple(job for job in self.made if job.sale_id == sale_id)

    async def counts(self, *, without: Sequence[str] = ()) -> dict[JobState, int]:
        open_states = set(JobState) - {JobState.DONE, JobState.CANCELLED}
        states = [job.state for job in self.kept if job.action not in without]
        return {state: states.count(state) for state in open_states}

    async def decide(self, key: JobKey, state: JobState, *, once_more: bool = False) -> None:
        self._script.called("decide")
        self.decided.append((key, state, once_more))
        self.kept = [replace(job, state=state) if job.key == key else job for job in self.kept]
        self._bus.tell(JobsChanged())


class FakePopularBook(PopularBook):
    """`sold` is told for whatever days; `counted` is told while they are counted."""

    def __init__(self, script: "Script") -> None:
        self._script = script
        self.sold: tuple[Popular, ...] = ()
        self.counted: tuple[tuple[int, int], ...] = ()
        self.asked: list[tuple[date, date]] = []

    async def read(
        self, since: date, until: date, on_counted: Callable[[int, int], None] = lambda _counted, _of: None
    ) -> tuple[Popular, ...]:
        self.asked.append((since, until))
        for counted, of in self.counted:
            on_counted(counted, of)
        self._script.read()
        return self.sold


class FakeEndpointBook(EndpointBook):
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.told: dict[str, Registered] = {}

    @property
    def registered(self) -> dict[str, Registered]:
        return self.told

    def tell(self, registered: Registered) -> None:
        self.told[registered.source_id] = registered
        self._bus.tell(EndpointsChanged((registered.source_id,)))


class FakeDayCheckBook(DayCheckBook):
    def __init__(self) -> None:
        self.checks: dict[date, tuple[DayCheck, ...]] = {}

    async def of(self, day: date) -> tuple[DayCheck, ...]:
        return self.checks.get(day, ())


class FakeLedger(Ledger):
    sales: FakeSales
    inbox: FakeInbox
    people: FakePeople
    outbox: FakeOutbox
    popular: FakePopularBook
    endpoints: FakeEndpointBook
    day_checks: FakeDayCheckBook

    def __init__(self, bus: Bus, script: "Script") -> None:
        self.sales = FakeSales(bus, script)
        self.inbox = FakeInbox(bus, script)
        self.people = FakePeople(bus, script)
        self.outbox = FakeOutbox(bus, script)
        self.popular = FakePopularBook(script)
        self.endpoints = FakeEndpointBook(bus)
        self.day_checks = FakeDayCheckBook()


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


def _lets_through(query: InboxQuery, row: DeliveryRow) -> bool:
    text = query.text.lower()
    return (
        query.result in (None, row.result)
        and (not query.sources or row.source_id in query.sources)
        and (not text or row.event_id.lower().startswith(text) or text in row.event_type.lower())
    )
