"""Rules as sentences that are read in one breath."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shopwatch.domain.i18n import say
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
    Rule,
    RuleStep,
    Trigger,
)
from shopwatch.domain.sales.money import Money

_ENDS_SHORTENED = re.compile("…(\N{POP DIRECTIONAL ISOLATE}?[*]?)[.]$")
"""A name that was cut has ended the sentence already."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; `strong` is what the owner chose."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called where the sentence is read. `step` tells a step, strong where asterisks are; `clock` a
    minute of the day.
    """

    source: Callable[[str], str]
    provider: Callable[[str], str]
    step: Callable[[RuleStep], str]
    money: Callable[[Money], str]
    clock: Callable[[int], str]


def sentence(rule: Rule, names: Names) -> tuple[Span, ...]:
    """ "When a sale is paid at PayNow and is over $100, show a pop-up with the bell and e-mail the customer."

    In the sentences below, what stands between asterisks is strong.
    """
    said_by = next((each for each in rule.conditions if isinstance(each, FromSource | FromProvider)), None)
    begin = _trigger(rule.when, _from(said_by, names))
    conditions = [_condition(each, names) for each in rule.conditions if each is not said_by]
    steps = [names.step(each) for each in rule.steps]
    written = say("When {happening}, {steps}.", happening=_listed([begin, *conditions], ""), steps=_listed(steps, ", "))
    return _spans(_ENDS_SHORTENED.sub(r"…\1", written))


def plain(rule: Rule, names: Names) -> str:
    """The same without any marks."""
    return "".join(span.text for span in sentence(rule, names))


def _listed(parts: Sequence[str], between: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    if not between:
        return say("{first} and {rest}", first=parts[0], rest=_listed(parts[1:], between))
    return say("{most} and {last}", most=between.join(parts[:-1]), last=parts[-1])


def _from(condition: FromSource | FromProvider | None, names: Names) -> str:
    match condition:
        case FromSource(source_id):
            return plain_value(names.source(source_id))
        case FromProvider(provider):
            return plain_value(names.provider(provider))
        case None:
            return ""


_TRIGGERS: dict[Trigger, Callable[[str], str]] = {
    Trigger.SALE_PAID: lambda at: say("a sale is *paid at {source}*", source=at) if at else say("*any sale is paid*"),
    Trigger.SALE_REFUNDED: lambda at: (
        say("money is *given back at {source}*", source=at) if at else say("money is *given back*")
    ),
    Trigger.SALE_DISPUTED: lambda at: (
        say("a sale is *disputed at {source}*", source=at) if at else say("a sale is *disputed*")
    ),
    Trigger.FIRST_ORDER: lambda at: (
        say("a customer *buys for the first time at {source}*", source=at)
        if at
        else say("a customer *buys for the first time*")
    ),
    Trigger.CONTACT: lambda at: (
        say("a *new contact* arrives from {source}", source=at) if at else say("a *new contact* arrives")
    ),
    Trigger.MESSAGE: lambda at: say("a *text* arrives from {source}", source=at) if at else say("a *text* arrives"),
    Trigger.FILES: lambda at: say("*files change* at {source}", source=at) if at else say("*files change*"),
    Trigger.CHECK_IN: lambda at: (
        say("*somebody arrives*, says {source}", source=at) if at else say("*somebody arrives*")
    ),
    Trigger.NOTICE: lambda at: say("a *notice* arrives from {source}", source=at) if at else say("a *notice* arrives"),
    Trigger.SILENT: lambda at: say("*{source} falls silent*", source=at) if at else say("a sender *falls silent*"),
    Trigger.ANYTHING: lambda at: (
        say("*anything else* arrives from {source}", source=at) if at else say("*anything else* arrives")
    ),
}


def _trigger(trigger: Trigger, at: str) -> str:
    return _TRIGGERS[trigger](at)


def _condition(condition: Condition, names: Names) -> str:
    match condition:
        case FromSource() | FromProvider():
            return say("comes from *{source}*", source=_from(condition, names))
        case AmountIs(over, under) if over and under:
            return say(
                "is *over {over} and under {under}*",
                over=plain_value(names.money(over)),
                under=plain_value(names.money(under)),
            )
        case AmountIs(over, None) if over:
            return say("is *over {amount}*", amount=plain_value(names.money(over)))
        case AmountIs(_, under):
            return say("is *under {amount}*", amount=plain_value(names.money(under))) if under else say("has an amount")
        case CurrencyIs(currency):
            return say("is *in {currency}*", currency=plain_value(currency))
        case ItemContains(text):
            return say("holds *“{text}”*", text=plain_value(text))
        case CustomerIs(known):
            return say("the customer *is known*") if known else say("the customer *is new*")
        case HoursAre(start, end):
            return say("it is *between {start} and {end}*", start=names.clock(start), end=names.clock(end))
        case DaysAre(days):
            return say("the day is *{days}*", days=_listed([_DAYS[day]() for day in sorted(days)], ", "))
        case PracticeIs(practice):
            return say("it is *practice*") if practice else say("it is *no practice*")


_DAYS: tuple[Callable[[], str], ...] = (
    lambda: say("Monday"),
    lambda: say("Tuesday"),
    lambda: say("Wednesday"),
    lambda: say("Thursday"),
    lambda: say("Friday"),
    lambda: say("Saturday"),
    lambda: say("Sunday"),
)


_STAR = "\N{ASTERISK OPERATOR}"


def plain_value(text: str) -> str:
    """A value that may stand in a marked sentence: no asterisk of its own can mark anything."""
    return text.replace("*", _STAR)


def _spans(written: str) -> tuple[Span, ...]:
    pieces = written.split("*")
    return tuple(Span(text.replace(_STAR, "*"), place % 2 == 1) for place, text in enumerate(pieces) if text)
