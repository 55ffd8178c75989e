"""Deliveries as the ledger would give them."""

from dataclasses import replace

from shopwatch.domain.facts import Outcome
from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Reason
from shopwatch.ledger.inbox.query import DeliveryRow
from shopwatch.runtime.clock import now
from tests.ui.fake_shop import PAYNOW


def accepted(number: int, /, **changes: object) -> DeliveryRow:
    """A payment that came so many minutes after the day began; `changes` are fields of the row."""
    body = b'{"event_id":"ev-%d","amount":4250}' % number
    row = DeliveryRow(
        id=number,
        source_id=PAYNOW.id,
        provider="paynow",
        received_at=now() - MINUTE,
        outcome=Outcome.ACCEPTED,
        reason="",
        detail="",
        event_id=f"ev-{number}",
        event_type="ON_ORDER_COMPLETED",
        url="https://shop.example/in/paynow/abc",
        headers=(("Host", "shop.example"), ("Content-Type", "application/json"), ("Authorization", "Bearer 5ecret")),
        body=body,
        size=len(body),
        practice=False,
        kind=Kind.SALE,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def rejected(number: int, reason: Reason = Reason.SIGNATURE_MISMATCH, /, **changes: object) -> DeliveryRow:
    fields: dict[str, object] = {"outcome": Outcome.REJECTED, "reason": reason.value, "event_id": "", "kind": None}
    return accepted(number, **(fields | changes))
