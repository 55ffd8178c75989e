"""What can be asked of people, and the shapes of the answers."""

from dataclasses import dataclass

from shopwatch.domain.facts import SaleRow
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import Happening
from shopwatch.domain.sales.money import Money


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list. `emails` and `phones` are as they were written, the one told last first.

    `orders` counts all their sales; `totals` is what was kept of them, one for each currency (never added together),
    the largest count first. `last_kind` is what happened at `last_at`.
    """

    id: int
    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    first_at: Instant
    last_at: Instant
    last_kind: Kind
    orders: int = 0
    totals: tuple[Money, ...] = ()
    practice: bool = False


@dataclass(frozen=True, slots=True)
class PeopleCursor:
    """Where a page ended: when its last person was last heard of, and their id."""

    last_at: Instant
    id: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`next` is None on the last page."""

    rows: tuple[PersonRow, ...]
    next: PeopleCursor | None


@dataclass(frozen=True, slots=True)
class PersonMoment:
    """One line of a person's time line: an order as it stands now, or one thing that happened.

    `event` is the delivery that told it, of an order the first.
    """

    event: int
    at: Instant
    source_id: str
    provider: str
    sale: SaleRow | None = None
    happening: Happening | None = None
    practice: bool = False
    live: bool = True


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """`occasions` are the newest first, and not all if there are very many: `earlier` says how many messages are behind
    those that are left out."""

    row: PersonRow
    company: str
    occasions: tuple[PersonMoment, ...]
    earlier: int = 0
