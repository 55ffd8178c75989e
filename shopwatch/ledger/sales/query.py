"""What can be asked of the sales, and the shapes of the answers."""

from dataclasses import dataclass
from enum import StrEnum

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Part, SaleState


class Sort(StrEnum):
    """The columns a page of sales can be sorted by; each has its index. Equal values are told apart by row id."""

    TIME = "time"
    ORDER = "order"
    CUSTOMER = "customer"
    AMOUNT = "amount"
    """By currency, then by amount: amounts of different currencies are not compared."""
    FROM = "from"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class SalesQuery:
    """Which sales, and in which order. Empty or None means: all.

    `text` matches order number and id, customer name, e-mail and item names, by the beginnings of words; a full id
    from a provider's page finds its sale too. `since` is inclusive, `until` exclusive, both by the time of payment.
    """

    text: str = ""
    states: frozenset[SaleState] = frozenset()
    since: Instant | None = None
    until: Instant | None = None
    sources: frozenset[str] = frozenset()
    practice: bool = True
    sort: Sort = Sort.TIME
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the sort key of its last row, and that row's id."""

    key: str | int
    id: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class SalesPage:
    """`next` is None on the last page."""

    rows: tuple[SaleRow, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of what was kept, one for each currency (never added together), the largest count first.

    `counts` are the sales behind each total, `count` all of them. `hourly` is what was kept in the first currency, in
    minor units, hour by hour after `since`; empty for a period of more than 32 days.
    """

    totals: tuple[Money, ...] = ()
    counts: tuple[int, ...] = ()
    count: int = 0
    hourly: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a sale's time line: a part and when its message arrived."""

    part: Part
    received_at: Instant
    delivery_id: int


@dataclass(frozen=True, slots=True)
class SaleDetail:
    """`nth_order` counts this customer's orders by e-mail up to this one; 0 where no e-mail is known."""

    row: SaleRow
    moments: tuple[Moment, ...]
    nth_order: int
