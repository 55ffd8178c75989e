"""Rejected messages judged again, once their secret is mended."""

from collections.abc import Awaitable, Callable, Collection

from shopwatch.domain.delivery import Delivery, Headers, Request
from shopwatch.domain.facts import Outcome
from shopwatch.domain.source import Secrets
from shopwatch.domain.verdict import Accepted
from shopwatch.ledger import Ledger
from shopwatch.ledger.query import DeliveryRow
from shopwatch.providers import provider


async def recheck(
    ledger: Ledger, sources: Collection[str], secrets_of: Callable[[str], Awaitable[Secrets]]
) -> tuple[int, int]:
    """Judge every message in quarantine with the secrets of now, oldest first, as of the moment it arrived.

    What fits is booked at that moment; practice messages stay out, because their nonce was for one use, and so do those
    of sources that are gone. Gives how many were judged, and how many came in by it. Raises Outage if the password
    store or the ledger is away.
    """
    judged = fitting = 0
    for row in await _quarantine(ledger):
        known = provider(row.provider)
        whole = await ledger.delivery(row.id)
        if known is None or whole is None or whole.body is None or row.practice or row.source_id not in sources:
            continue
        judged += 1
        request = _request(whole, whole.body)
        verdict = known.judge(request, await secrets_of(row.source_id), row.received_at)
        if isinstance(verdict, Accepted):
            recorded = await ledger.record(Delivery(row.source_id, request, row.received_at), verdict)
            fitting += recorded.outcome is Outcome.ACCEPTED
    return judged, fitting


async def _quarantine(ledger: Ledger) -> list[DeliveryRow]:
    kept: list[DeliveryRow] = []
    after: int | None = None
    while rows := await ledger.deliveries(Outcome.REJECTED, after):
        kept += rows
        after = rows[-1].id
    return kept[::-1]


def _request(row: DeliveryRow, body: bytes) -> Request:
    lines = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in row.headers)
    return Request("POST", row.url, Headers(lines), body)
