"""The part of a made-up shop that is heard of: its deliveries, and what a doctor says of them."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Kind
from shopwatch.domain.facts import Bus, DeliveryKept, Outcome
from shopwatch.ledger.query import DeliveryRow, InboxQuery, Result, Tally
from shopwatch.providers.diagnosis import Diagnosis


@dataclass(kw_only=True)
class FakeInbox:
    """`fitting` are the deliveries that fit when they are judged again."""

    bus: Bus
    failure: UserError | None = None
    vault_problem: UserError | None = None
    inbox: dict[int, DeliveryRow] = field(default_factory=dict)
    inbox_asked: list[tuple[InboxQuery, int | None]] = field(default_factory=list)
    inbox_seen: int = 0
    diagnoses: dict[int, Diagnosis] = field(default_factory=dict)
    rechecked: list[int] = field(default_factory=list)
    fitting: set[int] = field(default_factory=set)
    mended: list[int] = field(default_factory=list)
    saved: dict[Path, bytes] = field(default_factory=dict)

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

    def deliver(self, *rows: DeliveryRow) -> None:
        """Keep these deliveries and tell of them."""
        for row in rows:
            self.inbox[row.id] = row
            self.bus.tell(DeliveryKept(row.source_id, row.outcome, row.received_at, row.reason, row.practice))


def _lets_through(query: InboxQuery, row: DeliveryRow) -> bool:
    text = query.text.lower()
    return (
        query.result in (None, row.result)
        and (not query.sources or row.source_id in query.sources)
        and (not text or row.event_id.lower().startswith(text) or text in row.event_type.lower())
    )
