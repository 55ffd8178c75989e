"""Rows read back as the shapes of `query`."""

from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update

from shopwatch.domain.facts import Outcome, SaleRow
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Sale, SaleState
from shopwatch.ledger import codec
from shopwatch.ledger.dialect import Dialect
from shopwatch.ledger.folding import part_of
from shopwatch.ledger.letters import words
from shopwatch.ledger.query import DeliveryRow, Moment, SaleDetail
from shopwatch.ledger.schema import deliveries as kept
from shopwatch.ledger.schema import events, heads, not_accepted, sales, sources
from shopwatch.ledger.sources import SourceNumbers


def read_seen(connection: Connection) -> int:
    """The last sale that the owner has looked at."""
    return int(connection.execute(select(heads.c.seen)).scalar_one())


def mark_seen(connection: Connection, up_to_id: int) -> None:
    """See `Ledger.mark_seen`. Never takes anything back."""
    connection.execute(update(heads).where(heads.c.seen < up_to_id).values(seen=codec.whole(up_to_id)))


def sale_row(row: Any, source_id: str, seen: int) -> SaleRow:
    """A row of `sales`, as everyone else knows it."""
    sale = Sale(
        order_id=row.order_id,
        number=row.number,
        state=SaleState(row.state),
        amount=Money(row.amount, row.currency) if row.currency else None,
        amount_text=row.amount_text,
        given_back=Money(row.back, row.back_currency) if row.back_currency else None,
        name=row.name,
        email=row.email,
        items=codec.items_of(row.items),
        paid_at=row.paid_at,
        practice=row.practice,
        live=row.live,
    )
    return SaleRow(row.id, source_id, row.provider, sale, row.received_at, row.id <= seen)


def sale(connection: Connection, dialect: Dialect, numbers: SourceNumbers, sale_id: int) -> SaleDetail | None:
    """See `Ledger.sale`."""
    found = connection.execute(select(sales).where(sales.c.id == sale_id)).one_or_none()
    if found is None:
        return None
    told = connection.execute(
        select(events).where(events.c.sale == sale_id).order_by(events.c.occurred_at, events.c.key, events.c.id)
    )
    return SaleDetail(
        row=sale_row(found, numbers.id_of(connection, found.source), read_seen(connection)),
        moments=tuple(Moment(part_of(event)[0], event.received_at, event.id) for event in told),
        nth_order=_nth_order(connection, dialect, found),
    )


def _nth_order(connection: Connection, dialect: Dialect, row: Any) -> int:
    spelt = words((row.email,))
    if not spelt:
        return 0
    earlier = or_(sales.c.paid_at < row.paid_at, (sales.c.paid_at == row.paid_at) & (sales.c.id <= row.id))
    same = func.lower(sales.c.email) == func.lower(row.email)
    alike = sales.c.id.in_(dialect.matching(spelt, whole=True))
    query = select(func.count()).where(alike, same, earlier, sales.c.practice == row.practice, sales.c.live == row.live)
    return connection.execute(query).scalar_one()


def delivery(connection: Connection, numbers: SourceNumbers, delivery_id: int) -> DeliveryRow | None:
    """See `Ledger.delivery`."""
    row = connection.execute(_told().add_columns(kept.c.body).where(kept.c.id == delivery_id)).one_or_none()
    return None if row is None else _delivery_row(row, numbers.id_of(connection, row.source), row.body)


def deliveries(
    connection: Connection, numbers: SourceNumbers, outcome: Outcome | None, after_id: int | None, limit: int
) -> tuple[DeliveryRow, ...]:
    """See `Ledger.deliveries`."""
    query = _told().order_by(kept.c.id.desc()).limit(limit)
    if outcome is not None:
        query = query.where(kept.c.outcome == outcome.value)
        if outcome is not Outcome.ACCEPTED:
            query = query.where(not_accepted)
    if after_id is not None:
        query = query.where(kept.c.id < after_id)
    rows = connection.execute(query)
    return tuple(_delivery_row(row, numbers.id_of(connection, row.source), None) for row in rows)


def _told() -> Select[Any]:
    columns = [each for each in kept.columns if each is not kept.c.body]
    return (
        select(*columns, events.c.key.label("event_key"), events.c.type.label("event_type"), sources.c.provider)
        .outerjoin(events, events.c.id == kept.c.event)
        .join(sources, sources.c.no == kept.c.source)
    )


def _delivery_row(row: Any, source_id: str, body: bytes | None) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        source_id=source_id,
        provider=row.provider,
        received_at=row.received_at,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        detail=row.detail,
        event_id=row.event_key.decode("utf-8", "replace") if row.event_key is not None else "",
        event_type=row.event_type or "",
        url=row.url,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in codec.headers_of(row.headers).lines
        ),
        body=body,
        size=row.size,
        practice=row.practice,
    )
