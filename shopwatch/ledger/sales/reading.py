"""Sales read back as the shapes of `query`."""

from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Sale, SaleState
from shopwatch.ledger import codec
from shopwatch.ledger.engine.ports import Dialect
from shopwatch.ledger.sales.folding import part_of
from shopwatch.ledger.sales.query import Moment, SaleDetail
from shopwatch.ledger.schema import events, heads, sales
from shopwatch.ledger.sources.numbers import SourceNumbers
from shopwatch.ledger.text_keys import words


def read_seen(connection: Connection) -> int:
    """The last sale that the owner has looked at."""
    return int(connection.execute(select(heads.c.seen)).scalar_one())


def mark_seen(connection: Connection, up_to_id: int) -> None:
    """See `SalesBook.mark_seen`. Never takes anything back."""
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
    return SaleRow(row.id, source_id, row.provider, codec.shown(sale), row.received_at, row.id <= seen)


def sale(connection: Connection, dialect: Dialect, numbers: SourceNumbers, sale_id: int) -> SaleDetail | None:
    """See `SalesBook.get`."""
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
