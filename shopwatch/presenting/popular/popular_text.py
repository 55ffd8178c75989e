"""What sold, in words, for cells, figures and screen readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopwatch.domain.connection.reach import ReachState, TunnelKind, TunnelState
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular, Rank, main_currency, ranked
from shopwatch.domain.sales.popular_page import PopularPage, Tint
from shopwatch.presenting.amounts import NOTHING, count_text, money_text
from shopwatch.shop.shop import Shop

_HEARD = frozenset({TunnelState.ONLINE, TunnelState.URL_CHANGED})


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the table. The shares are parts of the longest bar; `outlined`: the money is in another currency than
    the shop's main one, on a scale of its own."""

    name: str
    rank: int
    qty: int
    money: tuple[Money, ...]
    amount: Money | None
    qty_share: float
    money_share: float
    outlined: bool
    on_page: bool


@dataclass(frozen=True, slots=True)
class ItemText:
    """One line, ready to be painted. `all_money`, all currencies, is for the tooltip; `faint`: there is none; `whole`
    is the whole row, for screen readers."""

    rank: str
    name: str
    qty: str
    money: str
    all_money: str
    faint: bool
    whole: str

    def cells(self) -> tuple[str, ...]:
        """By column."""
        return (self.rank, self.name, self.qty, self.money, "", "")

    def spoken(self) -> str:
        return self.whole


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands over the table."""

    sold: str
    taken: str
    others: str
    different: str
    every_total: str


def item_rows(found: Sequence[Popular], by: Rank, page: PopularPage) -> tuple[ItemRow, ...]:
    """What sold under the owner's names, best sellers first."""
    currency = main_currency(found)
    listed = ranked(found, by, currency, page.names)
    hidden = frozenset(page.hidden)
    amounts = [_amount(each, currency) for each in listed]
    most_qty = max((each.qty for each in listed), default=1)
    most: dict[str, int] = {}
    for amount in amounts:
        if amount is not None:
            most[amount.currency] = max(amount.minor, most.get(amount.currency, 0))
    return tuple(
        ItemRow(
            name=each.name,
            rank=rank,
            qty=each.qty,
            money=each.money,
            amount=amount,
            qty_share=max(0.0, each.qty / most_qty),
            money_share=max(0.0, amount.minor / most[amount.currency]) if amount and most[amount.currency] > 0 else 0.0,
            outlined=amount is not None and amount.currency != currency,
            on_page=each.name not in hidden,
        )
        for rank, (each, amount) in enumerate(zip(listed, amounts, strict=True), 1)
    )


def figures(found: Sequence[Popular], different: int, locale: str) -> Figures:
    currency = main_currency(found)
    totals: dict[str, int] = {}
    for each in found:
        for money in each.money:
            totals[money.currency] = totals.get(money.currency, 0) + money.minor
    order = sorted(totals, key=lambda code: (code != currency, -totals[code]))
    first, *rest = [money_text(Money(totals[code], code), locale) for code in order] or [NOTHING]
    match rest:
        case []:
            others = ""
        case [one]:
            others = say("+ {amount}", amount=one)
        case [one, *more]:
            others = say("+ {amount}, +{count} more", amount=one, count=count_text(len(more), locale))
    sold = count_text(sum(each.qty for each in found), locale)
    return Figures(sold, first, others, count_text(different, locale), "\n".join((first, *rest)))


def item_text(row: ItemRow, locale: str) -> ItemText:
    money = [money_text(each, locale) for each in row.money]
    rank, name = count_text(row.rank, locale), legible(row.name, 120) or say("Item")
    seen = say("shown on the page") if row.on_page else say("not shown on the page")
    return ItemText(
        rank=rank,
        name=name,
        qty=count_text(row.qty, locale),
        money=money_text(row.amount, locale) if row.amount else NOTHING,
        all_money="\n".join(money),
        faint=row.amount is None,
        whole=", ".join((rank, name, say_n("{n} sold", "{n} sold", row.qty), *money, seen)),
    )


def _amount(each: Popular, currency: str) -> Money | None:
    own = next((money for money in each.money if money.currency == currency), None)
    return own or next(iter(each.money), None)


def tint_name(tint: Tint) -> str:
    match tint:
        case Tint.HARBOUR:
            return say("Harbour blue")
        case Tint.LEAF:
            return say("Leaf green")
        case Tint.PLUM:
            return say("Plum")
        case Tint.BRICK:
            return say("Brick red")
        case Tint.SLATE:
            return say("Slate grey")


def why_unseen(state: Shop) -> str:
    """Why visitors cannot see the page at its address; empty where they can."""
    if state.receiver.tunnel.kind is TunnelKind.NONE:
        return say("There is no public address yet. Set one up in Settings, or save the page as a file.")
    if state.receiver.tunnel.state not in _HEARD or state.receiver.reach.state is ReachState.SILENT:
        return say("The address does not answer now. Visitors cannot see the page.")
    return ""
