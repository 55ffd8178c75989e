"""Rejected messages judged again, once their secret is mended."""

from typing import TYPE_CHECKING

from shopwatch.domain.delivery import Delivery, Headers, Request
from shopwatch.domain.facts import Outcome
from shopwatch.domain.verdict import Accepted
from shopwatch.ledger.query import DeliveryRow
from shopwatch.providers import provider

if TYPE_CHECKING:
    from shopwatch.shop.shop import Shop


async def recheck(shop: "Shop") -> tuple[int, int]:
    """Judge every message in quarantine with the secrets of now, oldest first, as of the moment it arrived.

    What fits is booked at that moment; practice messages stay out, because their nonce was for one use.
    Gives how many were judged, and how many now fit. Raises Outage if the password store or the ledger is away.
    """
    kept = [row async for row in shop.all_deliveries(Outcome.REJECTED)]
    judged = fitting = 0
    for row in reversed(kept):
        known = provider(row.provider)
        if known is None or row.practice or row.source_id not in shop.source_names:
            continue
        whole = await shop.delivery(row.id)
        if whole is None or whole.body is None:
            continue
        judged += 1
        request = _request(whole, whole.body)
        verdict = known.judge(request, await shop.secrets_of(row.source_id), row.received_at)
        if isinstance(verdict, Accepted):
            await shop.ledger.record(Delivery(row.source_id, request, row.received_at), verdict)
            fitting += 1
    return judged, fitting


def _request(row: DeliveryRow, body: bytes) -> Request:
    lines = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in row.headers)
    return Request("POST", row.url, Headers(lines), body)
