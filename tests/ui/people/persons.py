"""People, made by hand."""

from dataclasses import replace

from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.people.query import PersonRow
from tests.ui.fake_ledger import NOON


def person(nth: int, /, **changes: object) -> PersonRow:
    """Somebody with one order, heard of one minute after the one before."""
    row = PersonRow(
        id=nth,
        name=f"Person {nth}",
        emails=(f"p{nth}@example.com",),
        phones=(),
        first_at=NOON,
        last_at=NOON + nth * MINUTE,
        last_kind=Kind.SALE,
        orders=1,
        totals=(Money(1000 + nth, "USD"),),
    )
    return replace(row, **changes)  # type: ignore[arg-type]
