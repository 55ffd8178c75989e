"""The part of a made-up shop that sells: its rows, their pages and their sums."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shopwatch.domain.clock import HOUR, MINUTE, Instant
from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, Change, SaleChange, SaleRow, SalesChanged
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Part, RefundClaim, SaleClaim
from shopwatch.ledger.query import Cursor, Figures, Moment, SaleDetail, SalesPage, SalesQuery, Sort
from shopwatch.ui.sales.matching import fits


@dataclass(kw_only=True)
class FakeSales:
    """`gate`, if set, keeps every page waiting until it is opened."""

    bus: Bus
    failure: UserError | None = None
    gate: asyncio.Event | None = None
    rows: list[SaleRow] = field(default_factory=list)
    day: Callable[[Instant, Instant], Figures] | None = None
    asked: list[tuple[SalesQuery, Cursor | None]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    exported: list[tuple[Path, str]] = field(default_factory=list)

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

    async def mark_seen(self, up_to: int) -> None:
        self.seen.append(up_to)

    async def export(self, query: SalesQuery, file: Path, form: str, told: Callable[[int], None]) -> int:
        self.exported.append((file, form))
        told(len(self.rows) // 2)
        return len(self.rows)

    def arrive(self, *rows: SaleRow, change: Change = Change.NEW) -> None:
        """Keep these rows and tell of them."""
        kept = {row.id: row for row in self.rows}
        kept.update({row.id: row for row in rows})
        self.rows = list(kept.values())
        self.bus.tell(SalesChanged(tuple(SaleChange(row, change) for row in rows)))


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
