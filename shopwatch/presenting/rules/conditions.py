"""The conditions of a rule, one for each line."""

from collections.abc import Sequence
from enum import StrEnum

from shopwatch.domain.rules.rule import (
    AmountIs,
    Condition,
    CurrencyIs,
    CustomerIs,
    DaysAre,
    FromProvider,
    FromSource,
    HoursAre,
    ItemContains,
    PracticeIs,
)


class About(StrEnum):
    """What a condition is about."""

    SENDER = "sender"
    AMOUNT = "amount"
    CURRENCY = "currency"
    ITEM = "item"
    CUSTOMER = "customer"
    HOURS = "hours"
    DAYS = "days"
    PRACTICE = "practice"


def about_of(condition: Condition) -> About:
    match condition:
        case FromSource() | FromProvider():
            return About.SENDER
        case AmountIs():
            return About.AMOUNT
        case CurrencyIs():
            return About.CURRENCY
        case ItemContains():
            return About.ITEM
        case CustomerIs():
            return About.CUSTOMER
        case HoursAre():
            return About.HOURS
        case DaysAre():
            return About.DAYS
        case PracticeIs():
            return About.PRACTICE


def split_ranges(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The same, with amounts that lie between two others as two conditions."""
    found: list[Condition] = []
    for each in conditions:
        if isinstance(each, AmountIs) and each.over and each.under:
            found += [AmountIs(over=each.over), AmountIs(under=each.under)]
        else:
            found.append(each)
    return tuple(found)
