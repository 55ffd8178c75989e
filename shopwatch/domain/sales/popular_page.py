"""The public page of popular items: what the owner chose for it, and which items stand on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.sales.popular import Popular, Rank, main_currency, ranked

PATH = "/popular"
DATA_PATH = "/popular.json"
PERIODS = (7, 30, 90, 365)
MOST = 50
LONGEST_NAME = 80
LONGEST_TITLE = 120


class Tint(StrEnum):
    """The colour of its figures and bars; each can be read on light ground and on dark."""

    HARBOUR = "harbour"
    LEAF = "leaf"
    PLUM = "plum"
    BRICK = "brick"
    SLATE = "slate"


class Colours(NamedTuple):
    """Of the figures and of the bars: on light ground, and on dark."""

    accent: str
    bar: str
    dark_accent: str
    dark_bar: str


COLOURS = {
    Tint.HARBOUR: Colours("#0b6787", "#9ccbdc", "#6cbfdb", "#2b6479"),
    Tint.LEAF: Colours("#1a7044", "#9fd3b5", "#74cd9b", "#2b6b49"),
    Tint.PLUM: Colours("#7a3b86", "#d5b3dc", "#d9a5e3", "#6b4275"),
    Tint.BRICK: Colours("#a33a26", "#e8b6aa", "#f2a593", "#7d4132"),
    Tint.SLATE: Colours("#3f4b54", "#b9c2c8", "#c2cbd1", "#4f5b64"),
}


@dataclass(frozen=True, slots=True)
class PopularPage:
    """`begun` once it was ever switched on. `days` back from today are counted, one of `PERIODS`; at most `most` items
    are shown. `names` are the owner's own for what messages call otherwise; `hidden` items are off the page, by the
    names they are shown with. Without a `title` it is the shop's name that stands over it.
    """

    on: bool = False
    begun: bool = False
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30
    by: Rank = Rank.QUANTITY
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 10
    hidden: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    title: Annotated[str, msgspec.Meta(max_length=LONGEST_TITLE)] = ""
    tint: Tint = Tint.HARBOUR


@dataclass(frozen=True, slots=True)
class Shown:
    """One item on the page: `share` is its part of the best one's, in hundredths, None where they cannot be compared.

    Nothing else is told: no price, no total, no customer.
    """

    name: str
    share: int | None


def period(page: PopularPage, today: date) -> tuple[date, date]:
    """From which day, inclusive, until which, exclusive."""
    return today - timedelta(days=page.days - 1), today + timedelta(days=1)


def shown(page: PopularPage, found: Iterable[Popular]) -> tuple[Shown, ...]:
    """What stands on the page, best sellers first, of what sold in its period."""
    every = tuple(found)
    currency = main_currency(every)
    hidden = frozenset(page.hidden)
    listed = [each for each in ranked(every, page.by, currency, page.names) if each.name not in hidden]
    legibly = [(legible(each.name, LONGEST_NAME), _worth(each, page.by, currency)) for each in listed]
    kept = [(name, worth) for name, worth in legibly if name][: page.most]
    most = max((worth for _, worth in kept), default=0)
    return tuple(Shown(name, max(1, round(100 * worth / most)) if worth and most else None) for name, worth in kept)


def title_of(page: PopularPage, shop_name: str) -> str:
    """What stands over the page: the owner's title, or one with the shop's name."""
    if title := legible(page.title, LONGEST_TITLE):
        return title
    name = legible(shop_name, LONGEST_NAME)
    return say("Popular at {shop}", shop=name) if name else say("Popular items")


def period_of(page: PopularPage) -> str:
    return say_n("Last {n} day", "Last {n} days", page.days)


def turned(page: PopularPage, on: bool) -> PopularPage:
    """Switched on or off as a whole."""
    return replace(page, on=on, begun=page.begun or on)


def switched(page: PopularPage, name: str) -> PopularPage:
    """With this item on the page if it was off, and off it if it was on."""
    if name in page.hidden:
        return replace(page, hidden=tuple(each for each in page.hidden if each != name))
    return replace(page, hidden=(*page.hidden, name))


def renamed(page: PopularPage, name: str, new: str) -> PopularPage:
    """With whatever is shown as `name` shown as `new`, which joins it to what bears that name already.

    Without a new name, messages' own come back.
    """
    wanted = new.strip()[:LONGEST_TITLE]
    joined = {own for own, given in page.names.items() if given == name}
    names = {own: given for own, given in page.names.items() if own not in joined and own != name}
    if wanted and wanted != name:
        names |= dict.fromkeys((*sorted(joined - {wanted}), name), wanted)
    elif wanted:
        return page
    hidden = tuple(each for each in page.hidden if each != name)
    if name in page.hidden and wanted and wanted not in hidden:
        hidden = (*hidden, wanted)
    return replace(page, names=names, hidden=hidden)


def _worth(each: Popular, by: Rank, currency: str) -> int:
    if by is Rank.QUANTITY:
        return each.qty
    return next((money.minor for money in each.money if money.currency == currency), 0)
