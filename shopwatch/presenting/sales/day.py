"""The figures of a day, compared with the day before."""

from dataclasses import dataclass

from shopwatch.domain.i18n import say
from shopwatch.domain.sales.money import Money
from shopwatch.ledger.sales.query import Figures
from shopwatch.presenting.amounts import NOTHING, count_text, money_text, symbol

_NONE = Figures()


@dataclass(frozen=True, slots=True)
class Day:
    """`before` is the whole day before, `before_so_far` that day up to this time of it."""

    today: Figures = _NONE
    before: Figures = _NONE
    before_so_far: Figures = _NONE

    @property
    def currency(self) -> str:
        """The one in which most was sold; yesterday's while nothing was sold yet."""
        totals = self.today.totals or self.before.totals
        return totals[0].currency if totals else ""

    def total(self, locale: str) -> str:
        """Today's total in the first currency."""
        if self.today.totals:
            return money_text(self.today.totals[0], locale)
        return money_text(Money(0, self.currency), locale) if self.currency else "0"

    def others(self, locale: str) -> str:
        """ "+ €96.00"; beyond one more, how many: currencies are never added together."""
        rest = self.today.totals[1:]
        if not rest:
            return "" if self.today.count else say("No sales yet today")
        first = money_text(rest[0], locale)
        if len(rest) == 1:
            return say("+ {amount}", amount=first)
        return say("+ {amount}, +{count} more", amount=first, count=count_text(len(rest) - 1, locale))

    def every_total(self, locale: str) -> str:
        """All of them, for the tooltip."""
        return "\n".join(money_text(total, locale) for total in self.today.totals)

    def average(self, locale: str) -> str:
        if not self.today.totals or not self.today.counts or not self.today.counts[0]:
            return NOTHING
        total = self.today.totals[0]
        return money_text(Money(round(total.minor / self.today.counts[0]), total.currency), locale)

    def average_name(self, locale: str) -> str:
        return say("Average in {currency}", currency=symbol(self.currency, locale)) if self.currency else say("Average")

    def comparison(self, locale: str) -> tuple[str, str]:
        """How today stands against the day before at this time, in full and in short; empty where it cannot be told."""
        if not self.today.totals or not self.before_so_far.totals:
            return "", ""
        now, then = self.today.totals[0], self.before_so_far.totals[0]
        if now.currency != then.currency or then.minor <= 0:
            return "", ""
        percent = round((now.minor - then.minor) * 100 / then.minor)
        shown = count_text(abs(percent), locale)
        if percent > 0:
            return say("{percent}% ahead of yesterday at this time", percent=shown), say(
                "{percent}% ahead", percent=shown
            )
        if percent < 0:
            return say("{percent}% behind yesterday at this time", percent=shown), say(
                "{percent}% behind", percent=shown
            )
        return say("As much as yesterday at this time"), say("As yesterday")

    def hours(self, figures: Figures) -> tuple[int, ...]:
        """Hour by hour, if it is in the currency that is shown."""
        same = figures.totals and figures.totals[0].currency == self.currency
        return figures.hourly if same else ()
