"""Practice nonces: how ShopWatch knows its own rehearsals from a sender's claims."""

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Delivery
from shopwatch.domain.messages.verdict import Accepted, Verdict
from shopwatch.ledger.schema import nonces
from shopwatch.ledger.sources.numbers import SourceNumbers

VALID_FOR: Instant = 10 * MINUTE
_BYTES = 16


def issue(connection: Connection, source: int, count: int, at: Instant) -> tuple[str, ...]:
    """`count` fresh nonces of 128 random bits for one source; only their hashes are stored."""
    issued = tuple(secrets.token_urlsafe(_BYTES) for _ in range(count))
    connection.execute(delete(nonces).where(nonces.c.expires_at < at))
    if issued:
        rows = [{"hash": _hash_nonce(nonce), "source": source, "expires_at": at + VALID_FOR} for nonce in issued]
        connection.execute(insert(nonces), rows)
    return issued


def refused(
    connection: Connection, batch: Sequence[tuple[Delivery, Verdict]], sources: SourceNumbers, at: Instant
) -> frozenset[int]:
    """Spend the nonces of the accepted deliveries; the places of those whose nonce does not count."""
    asking = {
        place: (_hash_nonce(delivery.practice_nonce), delivery.source_id)
        for place, (delivery, verdict) in enumerate(batch)
        if delivery.practice_nonce is not None and isinstance(verdict, Accepted)
    }
    if not asking:
        return frozenset()
    hashes = [hashed for hashed, _ in asking.values()]
    valid = {
        row.hash: row.source
        for row in connection.execute(select(nonces).where(nonces.c.hash.in_(hashes), nonces.c.expires_at >= at))
    }
    spent: list[bytes] = []
    turned_away = set()
    for place, (hashed, source_id) in asking.items():
        if valid.get(hashed) == sources.of(connection, source_id)[0]:
            del valid[hashed]
            spent.append(hashed)
        else:
            turned_away.add(place)
    if spent:
        connection.execute(delete(nonces).where(nonces.c.hash.in_(spent)))
    return frozenset(turned_away)


def _hash_nonce(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).digest()
