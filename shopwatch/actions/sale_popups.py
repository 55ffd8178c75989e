"""Which pop-ups sales become, and when the bell rings."""

from collections import Counter
from collections.abc import Callable, Iterable

from babel.lists import format_list

from shopwatch.actions.bursts import (
    MANY_STAY,
    TEXT,
    TITLE,
    Decision,
    Lane,
    PopUp,
    Stream,
    Subject,
    Target,
    Wishes,
    joined,
)
from shopwatch.domain.facts import Change, SaleChange, SaleRow
from shopwatch.domain.legible import legible, shorten
from shopwatch.domain.money import Money
from shopwatch.domain.sale import SaleState
from shopwatch.domain.words import say, say_n


def is_sale(change: SaleChange) -> bool:
    """Whether this change is a sale the owner has not heard yet."""
    return change.change in (Change.NEW, Change.PAID) and change.row.sale.state is not SaleState.INCOMPLETE


class SalePopUps:
    """Decides for sales. `name_of` gives the owner's word for a source by its id; see `Stream` for the times."""

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._streams = {lane: Stream(lane.value, _Wording(lane, name_of)) for lane in Lane}

    def add(self, changes: tuple[SaleChange, ...], now: float, wishes: Wishes) -> Decision:
        """What `changes`, told together, lead to."""
        arrived: dict[Lane, list[SaleRow]] = {}
        for change in changes:
            if is_sale(change):
                sale = change.row.sale
                arrived.setdefault(Lane.of(practice=sale.practice, live=sale.live), []).append(change.row)
        return self._joined(self._streams[lane].add(rows, now, wishes) for lane, rows in arrived.items())

    def settle(self, now: float, wishes: Wishes) -> Decision:
        """What has become due since."""
        return self._joined(stream.settle(now, wishes) for stream in self._streams.values())

    def _joined(self, decisions: Iterable[Decision]) -> Decision:
        return joined(list(decisions), [stream.due for stream in self._streams.values()])


class _Wording:
    def __init__(self, lane: Lane, name_of: Callable[[str], str]) -> None:
        self._lane = lane
        self._name_of = name_of

    def one(self, row: SaleRow, wishes: Wishes) -> PopUp:
        sale = row.sale
        amount = sale.amount.text(wishes.locale) if sale.amount else legible(sale.amount_text, 24)
        text = ""
        match self._lane:
            case Lane.PRACTICE:
                plain, title = say("Practice sale"), say("Practice sale, {amount}", amount=amount)
                text = rehearsed(wishes)
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
            key=f"sale-{row.id}",
            title=shorten(title, TITLE),
            text=shorten(text or say("From {provider}", provider=self._name_of(row.source_id)), TEXT),
            lane=self._lane,
            opens=Target(Subject.SALE, row.id),
        )

    def sum(self) -> "_Sum":
        return _Sum(self._lane, self._name_of)


class _Sum:
    def __init__(self, lane: Lane, name_of: Callable[[str], str]) -> None:
        self._lane = lane
        self._name_of = name_of
        self._sums: Counter[str] = Counter()
        self._sales_in: Counter[str] = Counter()
        self._sources: dict[str, None] = {}

    def add(self, row: SaleRow) -> None:
        self._sources[row.source_id] = None
        money = row.sale.kept or (row.sale.amount if row.sale.practice or not row.sale.live else None)
        if money is not None:
            self._sums[money.currency] += money.minor
            self._sales_in[money.currency] += 1

    def popup(self, key: str, count: int, minutes: int, wishes: Wishes) -> PopUp:
        counted = {
            Lane.REAL: say_n("{n} sale", "{n} sales", count),
            Lane.TEST: say_n("{n} test sale", "{n} test sales", count),
            Lane.PRACTICE: say_n("{n} practice sale", "{n} practice sales", count),
        }[self._lane]
        totals = [Money(self._sums[currency], currency) for currency, _ in self._sales_in.most_common()]
        text = (
            rehearsed(wishes) if self._lane is Lane.PRACTICE else lately(self._sources, self._name_of, minutes, wishes)
        )
        return PopUp(
            key=key,
            title=counted if wishes.hide_details else _with_totals(counted, totals, wishes.locale),
            text=shorten(text, TEXT),
            lane=self._lane,
            count=count,
            stays=MANY_STAY,
        )


def lately(sources: Iterable[str], name_of: Callable[[str], str], minutes: int, wishes: Wishes) -> str:
    """When a burst was, and from whom."""
    names = format_list(list(dict.fromkeys(map(name_of, sources))), locale=wishes.locale)
    return say_n("In the last minute, from {names}", "In the last {n} minutes, from {names}", minutes, names=names)


def rehearsed(wishes: Wishes) -> str:
    """What a practice message has shown."""
    if wishes.bell:
        return say("Everything works. Pop-ups and bell are on.")
    return say("Everything works. Pop-ups are on, the bell is off.")


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


def _who_and_what(row: SaleRow) -> str:
    items = ", ".join(
        f"{legible(item.name, TEXT)} × {item.qty}" if item.qty != 1 else legible(item.name, TEXT)
        for item in row.sale.items[:4]
    )
    lines = (legible(row.sale.name, TITLE), shorten(items, TEXT // 2))
    return "\n".join(line for line in lines if line)
