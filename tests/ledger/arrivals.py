"""Deliveries and verdicts as a provider would have made them."""

import asyncio
import sys
from collections.abc import Sequence

from msgspec.structs import replace

from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Further, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, Item, RefundClaim, SaleClaim
from shopwatch.ledger import Ledger, Recorded
from shopwatch.ledger.writing.writer_process import WriterProcessConfig

NOON: Instant = 1_795_521_600_000
URL = "https://hooks.example.com/in/paynow/abc"

type Arrival = tuple[Delivery, Verdict]


def delivery(source_id: str, body: bytes = b"{}", *, at: Instant = NOON, nonce: str | None = None) -> Delivery:
    request = Request("POST", URL, Headers(((b"Content-Type", b"application/json"), (b"X-Odd", b"\xff\x00"))), body)
    return Delivery(source_id, request, at, nonce)


def told(
    source_id: str,
    event_id: str,
    claim: Claim | None,
    *,
    at: Instant = NOON,
    links: tuple[str, ...] = (),
    body: bytes = b"{}",
    nonce: str | None = None,
    live: bool = True,
    unreadable: str = "",
) -> Arrival:
    kinds: dict[type, Kind] = {SaleClaim: Kind.SALE, RefundClaim: Kind.REFUND, DisputeClaim: Kind.DISPUTE}
    kind = kinds.get(type(claim), Kind.OTHER)
    event = Event(event_id, f"order.{kind}", kind, at, claim, links=links, live=live, unreadable=unreadable)
    return delivery(source_id, body, at=at + 1, nonce=nonce), Accepted(event)


def together(first: Arrival, *others: Arrival, body: bytes | None = None) -> Arrival:
    """The first with all that the others tell as further events of the same message, which has this `body`."""
    found, verdict = first
    assert isinstance(verdict, Accepted)
    whole = found if body is None else replace(found, request=replace(found.request, body=body))
    more = tuple(Further(each.event, further.request.body) for further, each in others if isinstance(each, Accepted))
    return whole, Accepted(verdict.event, more=more, part=found.request.body)


def paid(
    order_id: str,
    minor: int | None = 4_200,
    *,
    currency: str = "USD",
    number: str = "",
    name: str = "Maya Lindqvist",
    email: str = "maya@example.com",
    items: tuple[str, ...] = ("Peony bunch",),
) -> SaleClaim:
    amount = None if minor is None else Money(minor, currency)
    return SaleClaim(order_id, amount, number, name, email, tuple(Item(item, 2) for item in items))


def back(order_id: str, minor: int = 1_000, *, refund_id: str = "re_1", currency: str = "USD") -> RefundClaim:
    return RefundClaim(order_id, Money(minor, currency), refund_id)


def disputed(order_id: str, state: DisputeState = DisputeState.OPEN) -> DisputeClaim:
    return DisputeClaim(order_id, Money(4_200, "USD"), "dp_1", state)


def story(source_id: str, order_id: str) -> list[Arrival]:
    """All that can happen to one order, in the order in which it happened."""
    claims: list[Claim] = [
        paid(order_id),
        back(order_id, 300, refund_id="re_1"),
        back(order_id, 200, refund_id="re_2"),
        disputed(order_id),
        disputed(order_id, DisputeState.WON),
    ]
    return [
        told(source_id, f"{order_id}-{place}", claim, at=NOON + place * MINUTE) for place, claim in enumerate(claims)
    ]


async def record_all(ledger: Ledger, arrivals: Sequence[Arrival], at_once: int = 64) -> list[Recorded]:
    """Record them as that many requests at a time would, and give the answers in the order of `arrivals`."""
    waiting = iter(enumerate(arrivals))
    answers: dict[int, Recorded] = {}

    async def one_connection() -> None:
        for place, arrival in waiting:
            answers[place] = await ledger.record(*arrival)

    await asyncio.gather(*[one_connection() for _ in range(at_once)])
    return [answers[place] for place in range(len(arrivals))]


async def written(ledger: Ledger) -> None:
    """Wait until what is written after its answer is written too."""
    await ledger.durability()


COMMAND = (sys.executable, "-m", "shopwatch", "write-down")
SOON = WriterProcessConfig(COMMAND, a_second=2)


async def rush(ledger: Ledger, patience: float = 20.0) -> None:
    """Have events that are no sales come until the other process books."""
    source = await ledger.sources.add("paynow", "In a rush", {})
    async with asyncio.timeout(patience):
        while not ledger.in_writer_process:
            await record_all(ledger, [told(source.id, "rush", None)] * 4)
    await ledger.sources.remove(source.id)
