"""Ledgers of any size, made through the ledger's own door.

`python -m benchmarks.seed FILE --sales N` makes the same sales every time: three sources, a year of days, mostly
dollars, with refunds, disputes, repeats and practice among them.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shopwatch.domain.instant import DAY, MINUTE, SECOND, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger

UNTIL: Instant = 1_795_500_000_000
"""The newest sale is about as old as this (2026-11-24)."""

_AT_ONCE = 500
_DAYS = 365
_FIRST = "Maya Ben Ida Noah Lena Omar Zoe Kai Aylin Hugo Sanna Piotr Chloé Mateus Yuki Ravi Nora Emil Tomás".split()
_LAST = "Lindqvist Carter Okoye Berg Haas Silva Núñez Kowalski Tanaka Patel Moreau Fischer Novak Rossi Jensen".split()
type Goods = tuple[tuple[str, int], ...]
"""Names, and what each costs in cents."""

GOODS: Goods = (
    ("Peony bunch", 34_00),
    ("Spring bouquet", 54_50),
    ("Thank-you card", 4_20),
    ("Stoneware vase", 79_00),
    ("Dried lavender", 12_00),
    ("Gift wrapping", 3_50),
    ("Olive tree, small", 48_00),
    ("Seed mix “Meadow”", 6_90),
)
_HEADERS = Headers.of(
    {
        "Host": "hooks.example.com",
        "User-Agent": "PayNow-Webhooks/1.0",
        "Content-Type": "application/json",
        "PayNow-Signature": "DFKvPHA5OJBUTIcp+UuYuuZEvvKc0Rebvg8vFdM3kyc=",
        "PayNow-Timestamp": "1795499998345",
        "X-Forwarded-Proto": "https",
    }
)
_SHAPES = {"paynow": "4114{:014d}", "stripe": "pi_3Q{:014d}Xk", "shopify": "5567{:09d}"}


@dataclass(frozen=True, slots=True)
class _Told:
    """One event of a made-up shop, and the source it comes from."""

    source: Source
    event: Event
    practice: bool = False


async def seed(ledger: Ledger, sales: int, *, until: Instant = UNTIL, goods: Goods = GOODS) -> int:
    """Record the events of `sales` sales of these goods and return how many deliveries that took. The ledger should be
    new."""
    sources = [
        await ledger.sources.add("paynow", "PayNow", {}),
        await ledger.sources.add("stripe", "Stripe", {}),
        await ledger.sources.add("shopify", "Shopify", {}),
    ]
    deliveries = 0
    waiting: list[_Told] = []
    for told in _events(random.Random(20), sources, sales, until, goods):
        waiting.append(told)
        if len(waiting) == _AT_ONCE:
            deliveries += await _record(ledger, waiting)
            waiting = []
    return deliveries + await _record(ledger, waiting)


async def _record(ledger: Ledger, told: list[_Told]) -> int:
    await asyncio.gather(*[ledger.record(*await _arrived(ledger, each)) for each in told])
    return len(told)


async def _arrived(ledger: Ledger, told: _Told) -> tuple[Delivery, Verdict]:
    nonce = (await ledger.sources.issue_practice(told.source.id, 1))[0] if told.practice else None
    request = Request("POST", f"https://hooks.example.com{told.source.path}", _HEADERS, _body(told.event))
    return Delivery(told.source.id, request, told.event.occurred_at + SECOND, nonce), Accepted(told.event)


def _body(event: Event) -> bytes:
    claim = event.claim
    told = {"event_id": event.id, "event_type": event.type, "occurred_at": event.occurred_at}
    if isinstance(claim, SaleClaim) and claim.amount is not None:
        lines = [{"product_name": item.name, "quantity": item.qty} for item in claim.items]
        told["body"] = {
            "id": claim.order_id,
            "billing_name": claim.name,
            "billing_email": claim.email,
            "total_amount": claim.amount.minor,
            "currency": claim.amount.currency,
            "lines": lines,
        }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _events(chance: random.Random, sources: list[Source], sales: int, until: Instant, goods: Goods) -> Iterator[_Told]:
    step = _DAYS * DAY // max(1, sales)
    start = until - sales * step
    for number in range(sales):
        source = chance.choices(sources, (7, 2, 1))[0]
        paid_at = start + number * step + chance.randrange(step + 1)
        claim = _sale(chance, source, number, goods)
        practice = chance.random() < 0.004
        yield _Told(source, _event(f"{claim.order_id}-paid", Kind.SALE, paid_at, claim), practice)
        luck = chance.random()
        if practice or claim.amount is None:
            continue
        if luck < 0.02:
            amount = claim.amount if luck < 0.012 else Money(claim.amount.minor // 2, claim.amount.currency)
            back = RefundClaim(claim.order_id, amount, f"re_{number}")
            yield _Told(source, _event(f"{claim.order_id}-back", Kind.REFUND, paid_at + 30 * MINUTE, back))
        elif luck < 0.024:
            dispute = DisputeClaim(claim.order_id, claim.amount, f"dp_{number}")
            yield _Told(source, _event(f"{claim.order_id}-dispute", Kind.DISPUTE, paid_at + DAY, dispute))
            if luck < 0.022:
                state = DisputeState.LOST if luck < 0.021 else DisputeState.WON
                dispute = DisputeClaim(claim.order_id, claim.amount, f"dp_{number}", state)
                yield _Told(source, _event(f"{claim.order_id}-decided", Kind.DISPUTE, paid_at + 9 * DAY, dispute))
        elif luck < 0.029:
            yield _Told(source, _event(f"{claim.order_id}-paid", Kind.SALE, paid_at, claim))


def _sale(chance: random.Random, source: Source, number: int, goods: Goods) -> SaleClaim:
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    currency = "USD" if chance.random() < 0.93 else "EUR"
    bought = chance.sample(goods, chance.choices((1, 2, 3), (6, 3, 1))[0])
    items = tuple(Item(what, chance.choices((1, 2, 3), (8, 2, 1))[0], Money(price, currency)) for what, price in bought)
    total = sum(item.qty * item.unit.minor for item in items if item.unit)
    order_id = _SHAPES[source.provider].format(number)
    return SaleClaim(
        order_id=order_id,
        amount=Money(total, currency),
        number=f"#{1001 + number}" if source.provider == "shopify" else "",
        name=name,
        email=f"{name.lower().replace(' ', '.')}{chance.randrange(4000)}@example.com",
        items=items,
    )


def _event(event_id: str, kind: Kind, at: Instant, claim: Claim) -> Event:
    return Event(id=event_id, type=f"order.{kind}", kind=kind, occurred_at=at, claim=claim)


async def _main(file: Path, sales: int) -> None:
    ledger = Ledger.open(f"sqlite:///{file}")
    started = time.monotonic()
    try:
        deliveries = await seed(ledger, sales)
    finally:
        ledger.close()
    took = time.monotonic() - started
    print(f"{deliveries:,} deliveries in {took:.1f} s, {deliveries / took:,.0f} a second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seed")
    parser.add_argument("file", type=Path)
    parser.add_argument("--sales", type=int, default=10_000)
    chosen = parser.parse_args()
    asyncio.run(_main(chosen.file, chosen.sales))
