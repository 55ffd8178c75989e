"""What was not believed, looked through once more when a secret becomes known that may stand in it."""

from collections.abc import Callable

from sqlalchemy import Connection, select, update

from shopwatch.domain.messages.delivery import Request
from shopwatch.ledger import codec
from shopwatch.ledger.people.tables import people_heads
from shopwatch.ledger.schema import deliveries, not_accepted
from shopwatch.ledger.text_keys import storable

type Change = Callable[[Request], Request]
"""A message as it may be kept; itself, where nothing stands in it. Raises nothing."""


def reseal(connection: Connection, source: int, change: Change) -> bool:
    """Keep each message of the source, but those that count, as `change` makes it; whether any was changed."""
    changed = False
    mine = select(deliveries.c.id).where(not_accepted, deliveries.c.source == source)
    for number in connection.execute(mine).scalars().all():
        this = deliveries.c.id == number
        row = connection.execute(select(deliveries).where(this)).one()
        before = Request(row.method, row.url, codec.headers_of(row.headers), row.body or b"")
        after = change(before)
        if after == before:
            continue
        changed = True
        body = None if row.body is None else after.body
        told = {"url": storable(after.url), "headers": codec.write_headers(after.headers), "body": body}
        connection.execute(update(deliveries).where(this).values(told))
    if changed:
        connection.execute(update(people_heads).values(traces=True))
    return changed
