"""What sold best, in a period of whole days."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from shopwatch.domain.sales.money import Money


class Rank(StrEnum):
    QUANTITY = "quantity"
    MONEY = "money"


# As `Money`: nothing for Python to look through.
class Popular(Struct, frozen=True, gc=False):
    """One kind of goods: how many were sold, and the money taken for them in each currency, most taken first.

    `money` is empty where no message told a price. What was given back whole, practice and tests are not in it.
    """

    name: str
    qty: int
    money: tuple[Money, ...] = ()


def ranked(
    found: Iterable[Popular], by: Rank, currency: str, names: Mapping[str, str] | None = None
) -> tuple[Popular, ...]:
    """Best sellers first; by money, those of `currency` before all others, because currencies are not compared.

    `names` are the owner's own for some; goods that bear one name then are one.
    """
    together: dict[str, Popular] = {}
    for each in found:
        name = names.get(each.name, each.name) if names else each.name
        known = together.get(name)
        if known is not None:
            together[name] = Popular(name, each.qty + known.qty, _added((*each.money, *known.money)))
        else:
            together[name] = each if name == each.name else Popular(name, each.qty, each.money)

    def taken(each: Popular) -> int:
        return next((money.minor for money in each.money if money.currency == currency), 0)

    def quantity(each: Popular) -> tuple[int, int, str]:
        return -each.qty, -taken(each), each.name

    def money(each: Popular) -> tuple[bool, int, int, str]:
        most = each.money[0].minor if each.money else 0
        return taken(each) == 0, -taken(each) or -most, -each.qty, each.name

    return tuple(sorted(together.values(), key=quantity if by is Rank.QUANTITY else money))


def main_currency(found: Iterable[Popular]) -> str:
    """The one in which most of what sold was paid; empty where no price is known."""
    sold: dict[str, int] = {}
    for each in found:
        if each.money:
            currency = each.money[0].currency
            sold[currency] = sold.get(currency, 0) + each.qty
    return min(sold, key=lambda currency: (-sold[currency], currency), default="")


def _added(money: Iterable[Money]) -> tuple[Money, ...]:
    total: dict[str, int] = {}
    for each in money:
        total[each.currency] = total.get(each.currency, 0) + each.minor
    return tuple(
        Money(minor, currency) for currency, minor in sorted(total.items(), key=lambda each: -each[1]) if minor
    )
