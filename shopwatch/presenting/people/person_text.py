"""A person in words, for cells, the drawer and screen readers."""

from dataclasses import dataclass
from datetime import date

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.people.query import PersonRow
from shopwatch.presenting.amounts import NOTHING, count_text, money_text
from shopwatch.presenting.initials import initials
from shopwatch.presenting.pill import PillLook
from shopwatch.presenting.times import spoken, stamp

_MOST_TOTALS = 2
"""As many fit into the column; of more, the first is shown and the others are counted."""


@dataclass(frozen=True, slots=True)
class PersonText:
    """One line of the list, ready to be painted. `counted` are the orders in words, `all_totals` is for the tooltip;
    `faint` is not real."""

    name: str
    initials: str
    reach: str
    orders: str
    counted: str
    total: str
    all_totals: str
    latest: str
    time: str
    faint: bool

    def cells(self) -> tuple[str, ...]:
        """By column."""
        return (self.name, self.reach, self.orders, self.total, self.latest, self.time)

    def spoken(self) -> str:
        """For screen readers."""
        practice = say("Practice") if self.faint else ""
        total = self.all_totals if self.counted else ""
        parts = (self.name, self.reach, self.counted, total, self.latest, self.time, practice)
        return ", ".join(part for part in parts if part)


def person_text(row: PersonRow, locale: str, today: date) -> PersonText:
    reach = [*row.emails, *row.phones]
    if not row.name:
        # Then the first of them stands for the name.
        reach = reach[1:]
    return PersonText(
        name=name_of(row),
        initials=initials(legible(row.name, 80)),
        reach=legible(reach[0], 120) if reach else "",
        orders=count_text(row.orders, locale) if row.orders else NOTHING,
        counted=say_n("{n} order", "{n} orders", row.orders) if row.orders else "",
        total=_in_short(row.totals, locale) or NOTHING,
        all_totals=totals_text(row.totals, 0, locale),
        latest=latest_text(row.last_kind),
        time=stamp(row.last_at, locale, today),
        faint=row.practice,
    )


def name_of(row: PersonRow) -> str:
    """What the person is called; their e-mail or phone where no name is known."""
    return legible(row.name or next(iter([*row.emails, *row.phones]), ""), 120) or say("No name given")


def totals_text(totals: tuple[Money, ...], more: int, locale: str) -> str:
    """ "$1,008.50 + €96.00": currencies are never added together."""
    amounts = [money_text(money, locale) for money in totals]
    if more > 0:
        amounts.append(say_n("{n} more", "{n} more", more))
    return " + ".join(amounts)


def _in_short(totals: tuple[Money, ...], locale: str) -> str:
    shown = len(totals) if len(totals) <= _MOST_TOTALS else 1
    return totals_text(totals[:shown], len(totals) - shown, locale)


def latest_text(kind: Kind) -> str:
    """What happened last, in a word."""
    match kind:
        case Kind.CONTACT:
            return say("Contact")
        case Kind.MESSAGE:
            return say("Text message")
        case Kind.CHECK_IN:
            return say("Check-in")
        case Kind.NOTICE:
            return say("Notice")
        case _:
            return say("Order")


def practice_pill() -> PillLook:
    return PillLook("practice", "bell-bold", say("Practice"))


def since_text(row: PersonRow, locale: str, today: date) -> str:
    """ "4 orders, first heard of on 12 March at 11:58"."""
    when = spoken(row.first_at, locale, today)
    if not row.orders:
        return say("No order yet, first heard of {when}", when=when)
    orders = say_n("{n} order", "{n} orders", row.orders)
    return say("{orders}, first heard of {when}", orders=orders, when=when)
