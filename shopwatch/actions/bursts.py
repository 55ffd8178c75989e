"""Which pop-ups sales become, and when the bell rings: pure decisions, from facts and a clock given in."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from babel.lists import format_list

from shopwatch.domain.clock import Instant
from shopwatch.domain.facts import Change, SaleChange, SaleRow
from shopwatch.domain.legible import legible, shorten
from shopwatch.domain.money import Money
from shopwatch.domain.sale import SaleState
from shopwatch.domain.words import say, say_n

TITLE, TEXT = 40, 90
"""The most characters a pop-up's title and text have."""

_WINDOW = 10.0
_FOLD_AT = 4
_LONGEST = 120.0
_PACE = 2.0
_PACE_OF_ONE = 0.8
_ONE_STAYS, _MANY_STAY = 7, 10


class Lane(StrEnum):
    """Real money, the provider's test mode and practice never share a pop-up."""

    REAL = "real"
    TEST = "test"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner wants of pop-ups now. `quiet_until` is an Instant, 0 for not quiet; `locale` is "en_US" style."""

    popups: bool = True
    bell: bool = True
    hide_details: bool = False
    quiet_until: Instant = 0
    locale: str = "en_US"


@dataclass(frozen=True, slots=True)
class PopUp:
    """One pop-up in plain text. `key` names its place on the screen: showing the same key again replaces it.

    `opens` is the sale that "Open" leads to, None for the list; `ends` are the keys it takes the place of; `stays` is
    in seconds.
    """

    key: str
    title: str
    text: str
    lane: Lane = Lane.REAL
    opens: int | None = None
    count: int = 1
    ends: tuple[str, ...] = ()
    stays: int = _ONE_STAYS


@dataclass(frozen=True, slots=True)
class Decision:
    """`due` is the moment (of the clock given in) at which `Bursts.settle` has more to show, None if never."""

    popups: tuple[PopUp, ...] = ()
    bell: bool = False
    due: float | None = None


def is_sale(change: SaleChange) -> bool:
    """Whether this change is a sale the owner has not heard yet."""
    return change.change in (Change.NEW, Change.PAID) and change.row.sale.state is not SaleState.INCOMPLETE


class Bursts:
    """Folds sales that come close together into one pop-up.

    The fourth sale within 10 seconds begins a burst. A burst has one bell and one pop-up, renewed at most every 2
    seconds, or after 0.8 while single sales trickle in; it ends after 10 seconds without a sale, or after 2 minutes,
    when a new one begins.
    Times are seconds of any clock that never goes back. `name_of` gives the owner's word for a source by its id.
    """

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._lanes = {lane: _Lane(lane, name_of) for lane in Lane}

    def add(self, changes: tuple[SaleChange, ...], now: float, wishes: Wishes) -> Decision:
        """What `changes`, told together, lead to."""
        arrived: dict[Lane, list[SaleRow]] = {}
        for change in changes:
            if is_sale(change):
                arrived.setdefault(_lane_of(change.row), []).append(change.row)
        return self._joined([self._lanes[lane].add(rows, now, wishes) for lane, rows in arrived.items()])

    def settle(self, now: float, wishes: Wishes) -> Decision:
        """What has become due since."""
        return self._joined([lane.settle(now, wishes) for lane in self._lanes.values()])

    def _joined(self, decisions: list[Decision]) -> Decision:
        return Decision(
            popups=tuple(popup for decision in decisions for popup in decision.popups),
            bell=any(decision.bell for decision in decisions),
            due=min((lane.due for lane in self._lanes.values() if lane.due is not None), default=None),
        )


@dataclass(slots=True)
class _Burst:
    key: str
    began: float
    last: float
    count: int = 0
    shown: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    sales_in: Counter[str] = field(default_factory=Counter)
    sources: dict[str, None] = field(default_factory=dict)

    def add(self, row: SaleRow) -> None:
        self.count += 1
        self.sources[row.source_id] = None
        money = row.sale.kept or (row.sale.amount if row.sale.practice or not row.sale.live else None)
        if money is not None:
            self.sums[money.currency] += money.minor
            self.sales_in[money.currency] += 1

    @property
    def totals(self) -> list[Money]:
        return [Money(self.sums[currency], currency) for currency, _ in self.sales_in.most_common()]


class _Lane:
    def __init__(self, lane: Lane, name_of: Callable[[str], str]) -> None:
        self._lane = lane
        self._name_of = name_of
        self._recent: deque[tuple[float, SaleRow]] = deque(maxlen=_FOLD_AT - 1)
        self._burst: _Burst | None = None
        self._shown_at = 0.0
        self._number = 0
        self.due: float | None = None

    def add(self, rows: list[SaleRow], now: float, wishes: Wishes) -> Decision:
        if self._burst is not None and now - self._burst.last > _WINDOW:
            self._burst, self.due = None, None
        burst = self._burst
        if burst is not None and now - burst.began <= _LONGEST:
            for row in rows:
                burst.add(row)
            burst.last = now
            return self._renew(burst, now, wishes)
        while self._recent and now - self._recent[0][0] > _WINDOW:
            self._recent.popleft()
        if burst is None and len(self._recent) + len(rows) < _FOLD_AT:
            self._recent.extend((now, row) for row in rows)
            return Decision(tuple(_one_sale(row, self._lane, self._name_of, wishes) for row in rows), bell=True)
        return self._begin(rows, now, wishes)

    def settle(self, now: float, wishes: Wishes) -> Decision:
        if self._burst is None or self.due is None or now < self.due:
            return Decision()
        return self._renew(self._burst, now, wishes)

    def _begin(self, rows: list[SaleRow], now: float, wishes: Wishes) -> Decision:
        folded = list(self._recent)
        ends = (self._burst.key,) if self._burst else tuple(_key(row) for _, row in folded)
        self._number += 1
        self._burst = _Burst(f"{self._lane}-burst-{self._number}", folded[0][0] if folded else now, now)
        for row in (*(row for _, row in folded), *rows):
            self._burst.add(row)
        self._recent.clear()
        self._shown_at, self.due, self._burst.shown = now, None, self._burst.count
        popup = _many_sales(self._burst, now, self._lane, self._name_of, wishes)
        return Decision((replace(popup, ends=ends),), bell=True)

    def _renew(self, burst: _Burst, now: float, wishes: Wishes) -> Decision:
        pace = _PACE_OF_ONE if burst.count - burst.shown == 1 else _PACE
        if now - self._shown_at < pace:
            self.due = self._shown_at + pace
            return Decision()
        self._shown_at, self.due, burst.shown = now, None, burst.count
        return Decision((_many_sales(burst, now, self._lane, self._name_of, wishes),))


def _one_sale(row: SaleRow, lane: Lane, name_of: Callable[[str], str], wishes: Wishes) -> PopUp:
    sale = row.sale
    amount = sale.amount.text(wishes.locale) if sale.amount else legible(sale.amount_text, 24)
    text = ""
    match lane:
        case Lane.PRACTICE:
            plain, title = say("Practice sale"), say("Practice sale, {amount}", amount=amount)
            text = _rehearsed(wishes)
        case Lane.TEST:
            plain, title = say("Test sale"), say("Test sale, {amount}", amount=amount)
        case Lane.REAL if sale.state is SaleState.REFUNDED:
            plain, title = say("A sale came in"), say("{amount}, already given back", amount=amount)
        case Lane.REAL:
            plain, title = say("A sale came in"), amount
    if wishes.hide_details or not amount:
        title = plain
    if not text and not wishes.hide_details:
        text = _who_and_what(row)
    return PopUp(
        key=_key(row),
        title=shorten(title, TITLE),
        text=shorten(text or say("From {provider}", provider=name_of(row.source_id)), TEXT),
        lane=lane,
        opens=row.id,
    )


def _many_sales(burst: _Burst, now: float, lane: Lane, name_of: Callable[[str], str], wishes: Wishes) -> PopUp:
    count = {
        Lane.REAL: say_n("{n} sale", "{n} sales", burst.count),
        Lane.TEST: say_n("{n} test sale", "{n} test sales", burst.count),
        Lane.PRACTICE: say_n("{n} practice sale", "{n} practice sales", burst.count),
    }[lane]
    names = format_list(list(dict.fromkeys(map(name_of, burst.sources))), locale=wishes.locale)
    minutes = 1 if now - burst.began <= 60.0 else 2
    text = say_n("In the last minute, from {names}", "In the last {n} minutes, from {names}", minutes, names=names)
    return PopUp(
        key=burst.key,
        title=count if wishes.hide_details else _with_totals(count, burst.totals, wishes.locale),
        text=shorten(_rehearsed(wishes) if lane is Lane.PRACTICE else text, TEXT),
        lane=lane,
        count=burst.count,
        stays=_MANY_STAY,
    )


def _with_totals(count: str, totals: list[Money], locale: str) -> str:
    """The count with as many totals as the title has room for; a total that is left out is owned up to."""
    for shown in range(len(totals), 0, -1):
        amounts = [money.text(locale) for money in totals[:shown]]
        if shown < len(totals):
            amounts.append(say("more"))
        title = say("{sales}, {amounts}", sales=count, amounts=format_list(amounts, locale=locale))
        if len(title) <= TITLE:
            return title
    return shorten(count, TITLE)


def _rehearsed(wishes: Wishes) -> str:
    if wishes.bell:
        return say("Everything works. Pop-ups and bell are on.")
    return say("Everything works. Pop-ups are on, the bell is off.")


def _who_and_what(row: SaleRow) -> str:
    items = ", ".join(
        f"{legible(item.name, TEXT)} × {item.qty}" if item.qty != 1 else legible(item.name, TEXT)
        for item in row.sale.items[:4]
    )
    lines = (legible(row.sale.name, TITLE), shorten(items, TEXT // 2))
    return "\n".join(line for line in lines if line)


def _key(row: SaleRow) -> str:
    return f"sale-{row.id}"


def _lane_of(row: SaleRow) -> Lane:
    if row.sale.practice:
        return Lane.PRACTICE
    return Lane.REAL if row.sale.live else Lane.TEST
