"""The closing-time check: a day's sales as they are known here, beside what the provider's own list tells of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msgspec.structs import replace

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.event import LISTED
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Part, Sale, SaleClaim, SaleState, fold

NEVER = -1
"""Instead of the minute of the day at which it is checked."""

NO_LIST = "check-no-list"
NO_KEY = "check-no-key"
"""The codes of problems with which it is known beforehand that a provider cannot be asked."""

MOST_NAMED = 200
"""So many differing sales are named; of the others it is only said how many they are."""


class Differs(StrEnum):
    MISSING_HERE = "missing-here"
    """The provider's list has it, and ShopWatch does not."""
    MISSING_THERE = "missing-there"
    """ShopWatch has it, and the provider's list does not."""
    CHANGED = "changed"
    """Both have it, with different amounts, or with more given back at the provider."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One sale that differs. `here` and `there` are what counts of it in totals; None where nothing does.

    `countable`: what the list tells of it can be counted here. `sale_id` is the ledger's, None where it has none.
    """

    kind: Differs
    order: str
    paid_at: Instant
    here: Money | None = None
    there: Money | None = None
    countable: bool = False
    sale_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one currency: how many sales count in totals, and what they come to in minor units, on both sides."""

    currency: str
    count_here: int = 0
    here: int = 0
    count_there: int = 0
    there: int = 0

    @property
    def agrees(self) -> bool:
        return (self.count_here, self.here) == (self.count_there, self.there)


@dataclass(frozen=True, slots=True)
class DayCheck:
    """How a source's sales of a day, paid from `since` until just before `until`, compare with its provider's list.

    `problem` is what stood in the way; then nothing is known. `more` differ besides the `differences` that are named.
    """

    source_id: str
    day: date
    checked_at: Instant
    since: Instant = 0
    until: Instant = 0
    sums: tuple[Sums, ...] = ()
    differences: tuple[Difference, ...] = ()
    more: int = 0
    problem: UserError | None = None

    @property
    def agrees(self) -> bool:
        return self.problem is None and not self.differences and all(each.agrees for each in self.sums)

    @property
    def askable(self) -> bool:
        """Whether the provider could be asked: it has a list, and there is a key for it."""
        return self.problem is None or self.problem.code not in (NO_LIST, NO_KEY)

    @property
    def countable(self) -> int:
        """How many of the differing sales can be counted now."""
        return sum(each.countable for each in self.differences)


@dataclass(frozen=True, slots=True)
class Pair:
    """One sale of both sides: the parts of it that the list tells, those of them that are `fresh`, which is to say not
    known here, and the parts that are known here."""

    told: tuple[Part, ...]
    fresh: frozenset[str] = frozenset()
    here: tuple[Part, ...] = ()
    sale_id: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """`wanted` are the ids of the events that would make good what is countable."""

    sums: tuple[Sums, ...]
    differences: tuple[Difference, ...]
    wanted: frozenset[str] = frozenset()


def compared(pairs: Iterable[Pair], alone: Iterable[tuple[int, Sale]], since: Instant, until: Instant) -> Compared:
    """Compare the sales paid from `since` until just before `until`; `alone` are those that the list does not tell of.

    A list that says less than is known here makes no difference. What was given back meanwhile counts with the day of
    its sale; where only that was missed, it is told with the day on which it happened, too.
    """
    told: list[_Told] = []
    for pair in pairs:
        found = _beside(pair, since, until) if pair.here else _missing_here(pair, since, until)
        if found is not None:
            told.append(found)
    told += [_missing_there(sale_id, sale) for sale_id, sale in alone if _counts(sale, since, until)]
    return Compared(
        _summed(each for each in told if each.of_day),
        tuple(sorted((each.difference for each in told if each.difference is not None), key=lambda each: each.paid_at)),
        frozenset(event_id for each in told for event_id in each.wanted),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to say of one sale; `of_day`: it is one of the day's."""

    here: Money | None
    there: Money | None
    of_day: bool = True
    difference: Difference | None = None
    wanted: frozenset[str] = frozenset()


def _missing_here(pair: Pair, since: Instant, until: Instant) -> _Told | None:
    sale = fold(pair.told)
    if not _counts(sale, since, until):
        return None
    difference = Difference(Differs.MISSING_HERE, sale.number, sale.paid_at, None, sale.kept, countable=True)
    return _Told(None, sale.kept, difference=difference, wanted=pair.fresh)


def _missing_there(sale_id: int, sale: Sale) -> _Told:
    difference = Difference(Differs.MISSING_THERE, sale.number, sale.paid_at, sale.kept, None, sale_id=sale_id)
    return _Told(sale.kept, None, difference=difference)


def _beside(pair: Pair, since: Instant, until: Instant) -> _Told | None:
    here = fold(pair.here)
    fresh = tuple(part for part in pair.told if part.event_id in pair.fresh)
    both = fold((*pair.here, *fresh))
    of_day = _counts(both, since, until)
    if not both.live or not (of_day or any(since <= part.occurred_at < until for part in _setbacks(fresh))):
        return None
    if both.standing != here.standing:
        difference = Difference(
            Differs.CHANGED if here.state is not SaleState.INCOMPLETE else Differs.MISSING_HERE,
            both.number,
            both.paid_at,
            here.kept,
            both.kept,
            countable=True,
            sale_id=pair.sale_id,
        )
        return _Told(here.kept, both.kept, of_day, difference, pair.fresh)
    if of_day and (there := _another_amount(fresh, here)) is not None:
        difference = Difference(Differs.CHANGED, here.number, here.paid_at, here.kept, there, sale_id=pair.sale_id)
        return _Told(here.kept, there, difference=difference)
    return _Told(here.kept, here.kept, of_day)


def _another_amount(fresh: Sequence[Part], here: Sale) -> Money | None:
    """What a list that tells of whole sales says instead, less what is known here to be given back; else None."""
    whole = [part for part in fresh if part.event_id.startswith(LISTED)]
    amounts = [part.claim.amount for part in whole if isinstance(part.claim, SaleClaim) and not part.claim.payment]
    there = next((each for each in amounts if each is not None), None)
    if there is None or here.kept is None or there == here.amount:
        return None
    return replace(here, amount=there).kept


def _setbacks(parts: Iterable[Part]) -> Iterable[Part]:
    return (part for part in parts if not isinstance(part.claim, SaleClaim))


def _counts(sale: Sale, since: Instant, until: Instant) -> bool:
    """Whether it is a real sale of that time."""
    real = sale.live and not sale.practice and sale.state is not SaleState.INCOMPLETE
    return real and since <= sale.paid_at < until


def _summed(told: Iterable[_Told]) -> tuple[Sums, ...]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in told:
        for place, money in ((0, each.here), (2, each.there)):
            if money is not None:
                sums[money.currency][place] += 1
                sums[money.currency][place + 1] += money.minor
    found = [Sums(currency, *numbers) for currency, numbers in sums.items()]
    return tuple(sorted(found, key=lambda each: (-max(each.count_here, each.count_there), each.currency)))
