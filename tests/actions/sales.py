"""Sales as facts, for the tests of pop-ups."""

from collections.abc import Iterable
from itertools import count

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState

_ids = count(1)


def sale(
    minor: int | None = 12000,
    currency: str = "USD",
    *,
    name: str = "Priya Shah",
    items: Iterable[Item] = (Item("Sympathy spray", 1),),
    provider: str = "paynow",
    practice: bool = False,
    live: bool = True,
    state: SaleState = SaleState.PAID,
    amount_text: str = "",
    given_back: Money | None = None,
) -> SaleRow:
    number = next(_ids)
    return SaleRow(
        id=number,
        source_id=provider,
        provider=provider,
        sale=Sale(
            order_id=f"order-{number}",
            number=f"#{number}",
            state=state,
            amount=None if minor is None else Money(minor, currency),
            amount_text=amount_text,
            given_back=given_back,
            name=name,
            email="",
            items=tuple(items),
            paid_at=0,
            practice=practice,
            live=live,
        ),
        received_at=0,
    )
